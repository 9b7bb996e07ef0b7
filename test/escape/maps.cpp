// Maps: whether a local map escapes, and whether what is put into one does. What a map that stays holds stays.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
// emm-check: by-library="std::__\\w+(::\\w+)?::operator->" reason="the library names its iterators"
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

using Map = std::map<int, int>;
using Pointers = std::map<int, int *>;
using Hash = std::unordered_map<int, int *>;
int *sink;
Map globalMap;
Pointers globalPointers;
void unknown(const Map &m);
void unknownPointer(Map *m);

int local() {
  Map m;  // want "^map m does not escape$"
  m[1] = 2;
  return m[1];
}
Map returned() {
  Map m;  // want "^map m escapes to heap$"
  m[1] = 2;
  return m;
}
int copiedOut() {
  Map m;  // want "^map m does not escape$"
  m[1] = 2;
  globalMap = m;
  return 0;
}
void addressKept() {
  static Map *kept;
  Map m;  // want "^map m escapes to heap$"
  kept = &m;
}
int addressUsed() {
  Map m;  // want "^map m does not escape$"
  Map *p = &m;
  return (*p)[1];
}
static int reader(const Map &m) { return static_cast<int>(m.size()); }  // want "^m does not escape$"
static void writer(Map &m) { m[1] = 2; }                                // want "^m does not escape$"
static Map &through(Map &m) { return m; }                               // want "^leaking param: m to result ~r0 level=0$"
int passed() {
  Map m;  // want "^map m does not escape$"
  writer(m);
  return reader(m);
}
int passedThrough() {
  Map m;  // want "^map m does not escape$"
  through(m)[1] = 2;
  return m[1];
}
void passedThroughAndKept() {
  static Map *kept;
  Map m;  // want "^map m escapes to heap$"
  kept = &through(m);
}
int passedToUnknown() {
  Map m;  // want "^map m escapes to heap$"
  unknown(m);
  return m[1];
}
int pointerToUnknown() {
  Map m;  // want "^map m escapes to heap$"
  unknownPointer(&m);
  return m[1];
}
int allocated() {
  Map *m = new Map;  // want "^new Map does not escape$"
  (*m)[1] = 2;
  int r = (*m)[1];
  delete m;
  return r;
}
Map *allocatedReturned() {
  Map *m = new Map;  // want "^new Map escapes to heap$"
  (*m)[1] = 2;
  return m;
}

int valueStays() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // finer "address of x escapes" in Go what a map holds is on the heap
  m[1] = &x;
  return *m[1];
}
void valueLeaks() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // want "^address of x escapes$"
  m[1] = &x;
  sink = m[1];
}
int valueInserted() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // finer "address of x escapes" in Go what a map holds is on the heap
  m.insert({1, &x});
  return *m.at(1);
}
void valueInsertedLeaks() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // want "^address of x escapes$"
  m.insert({1, &x});
  sink = m.at(1);
}
int valueEmplaced() {
  Hash m;     // want "^map m does not escape$"
  int x = 1;  // finer "address of x escapes" in Go what a map holds is on the heap
  m.emplace(1, &x);
  return *m.find(1)->second;
}
void valueEmplacedLeaks() {
  Hash m;     // want "^map m does not escape$"
  int x = 1;  // want "^address of x escapes$"
  m.emplace(1, &x);
  sink = m.find(1)->second;
}
void valueIntoGlobal() {
  int x = 1;  // want "^address of x escapes$"
  globalPointers[1] = &x;
}
void valueIntoParam(Pointers &m, int *p) { m[1] = p; }       // want "^m does not escape$" "^leaking param: p to content of m$"
void valueFromParam(Pointers &m) { sink = m[1]; }            // want "^leaking param content: m$"
int *valueReturned(Pointers &m) { return m[1]; }             // want "^leaking param: m to result ~r0 level=1$"
int *valueFound(const Pointers &m) { return m.at(1); }       // want "^leaking param: m to result ~r0 level=1$"
int valueRead(const Pointers &m) { return *m.at(1); }        // want "^m does not escape$"
int &placeReturned(Map &m) { return m[1]; }                  // want "^leaking param: m to result ~r0 level=0$"
int elementRead(Map &m) { return m[1]; }                     // want "^m does not escape$"
int sumOf(const Map &m) {                                    // want "^m does not escape$"
  int sum = 0;
  for (const auto &[key, value] : m)
    sum += key + value;
  return sum;
}
int *lastOf(const Pointers &m) {                             // want "^leaking param: m to result ~r0 level=1$"
  int *last = nullptr;
  for (const auto &[key, value] : m)
    last = value;
  return last;
}
bool has(const Map &m, int key) { return m.find(key) != m.end(); }  // want "^m does not escape$"
void erased(Map &m) { m.erase(1); }                                  // want "^m does not escape$"
void cleared(Map &m) { m.clear(); }                                  // want "^m does not escape$"
int iterated() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // finer "address of x escapes" in Go what a map holds is on the heap
  m[1] = &x;
  int sum = 0;
  for (auto &[key, value] : m)
    sum += *value;
  return sum;
}
void iteratedLeaks() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // want "^address of x escapes$"
  m[1] = &x;
  for (auto &[key, value] : m)
    sink = value;
}
int allocatedValue() {
  Pointers m;         // want "^map m does not escape$"
  m[1] = new int(1);  // want "^new int does not escape$"
  int r = *m[1];
  delete m[1];
  return r;
}
void allocatedValueLeaks() {
  Pointers m;         // want "^map m does not escape$"
  m[1] = new int(1);  // want "^new int escapes to heap$"
  sink = m[1];
}
int mapOfMaps() {
  std::map<int, Map> m;  // want "^map m does not escape$"
  m[1][2] = 3;
  return m[1][2];
}
int copied() {
  Map m;       // want "^map m does not escape$"
  Map n = m;   // want "^map n does not escape$"
  n[1] = 1;
  return m[1];
}
Map copyReturned() {
  Map m;      // want "^map m does not escape$"
  Map n = m;  // want "^map n escapes to heap$"
  return n;
}
void moved() {
  Pointers m;  // want "^map m does not escape$"
  int x = 1;   // want "^address of x escapes$"
  m[1] = &x;
  globalPointers = std::move(m);
}
int movedLocally() {
  Pointers m, n;  // want "^map m does not escape$" "^map n does not escape$"
  int x = 1;      // finer "address of x escapes" in Go what a map holds is on the heap
  m[1] = &x;
  n = std::move(m);
  return *n[1];
}
struct Index {
  Map entries;
  Pointers pointers;
  void put(int k, int v) { entries[k] = v; }             // want "^this does not escape$"
  void putPointer(int k, int *p) { pointers[k] = p; }    // want "^this does not escape$" "^leaking param: p to content of this$"
  int *get(int k) { return pointers[k]; }                // want "^leaking param: this to result ~r0 level=1$"
};
int member() {
  Index i;
  int x = 1;  // finer "address of x escapes" in Go what a map holds is on the heap
  i.put(1, 2);
  i.putPointer(1, &x);
  return *i.get(1);
}
void memberLeaks() {
  Index i;
  int x = 1;  // want "^address of x escapes$"
  i.putPointer(1, &x);
  sink = i.get(1);
}
