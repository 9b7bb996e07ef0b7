// Containers, strings and views: what is put into a container that stays stays with it; what is taken out is its content.
// Elements count as part of their container, whatever the storage between them: a place in it is no load away.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++ match="^(?!map )"
#include <array>
#include <deque>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

struct Item { int n; int *p; };
int *sink;
const char *text;
std::vector<int *> globalVector;
std::string globalString;
std::string_view globalView;
void unknown(std::vector<int *> &v);

int vectorStays() {
  std::vector<int *> v;
  int x = 1;
  v.push_back(&x);
  return *v[0];
}
void vectorLeaks() {
  std::vector<int *> v;
  int x = 1;  // want "^address of x escapes$"
  v.push_back(&x);
  sink = v[0];
}
int vectorAllocated() {
  std::vector<int *> v;
  v.push_back(new int(1));  // want "^new int does not escape$"
  int r = *v.back();
  delete v.back();
  return r;
}
void vectorAllocatedLeaks() {
  std::vector<int *> v;
  v.push_back(new int(1));  // want "^new int escapes to heap$"
  sink = v.back();
}
void vectorGlobal() {
  int x = 1;  // want "^address of x escapes$"
  globalVector.push_back(&x);  // want escape/outlives-frame "'x' is stored in global 'globalVector'"
}
void vectorMoved() {
  std::vector<int *> v;
  int x = 1;  // want "^address of x escapes$"
  v.push_back(&x);
  globalVector = std::move(v);
}
int vectorMovedLocally() {
  std::vector<int *> v;
  int x = 1;
  v.push_back(&x);
  std::vector<int *> w = std::move(v);
  return *w[0];
}
std::vector<int *> vectorReturned() {
  std::vector<int *> v;
  int x = 1;  // want "^address of x escapes$"
  v.push_back(&x);
  return v;
}
void vectorToUnknown() {
  std::vector<int *> v;  // want "^address of v escapes$"
  int x = 1;             // want "^address of x escapes$"
  v.push_back(&x);
  unknown(v);
}
int vectorOfStructures() {
  std::vector<Item> v;
  int x = 1;
  v.push_back({1, &x});
  return *v[0].p;
}
void vectorOfStructuresLeaks() {
  std::vector<Item> v;
  int x = 1;  // want "^address of x escapes$"
  v.push_back({1, &x});
  sink = v[0].p;
}
int vectorEmplaced() {
  std::vector<Item> v;
  int x = 1;
  v.emplace_back(Item{1, &x});
  return *v.front().p;
}
int vectorListed() {
  int x = 1, y = 2;
  std::vector<int *> v{&x, &y};
  int sum = 0;
  for (int *p : v)
    sum += *p;
  return sum;
}
void vectorListedLeaks() {
  int x = 1, y = 2;  // want "^address of x escapes$" "^address of y escapes$"
  std::vector<int *> v{&x, &y};
  for (int *p : v)
    sink = p;
}
int vectorSized(int n) {
  std::vector<int> v(n);
  v[0] = 1;
  return v[n - 1];
}
void push(std::vector<int *> &v, int *p) { v.push_back(p); }     // want "^v does not escape$" "^leaking param: p to content of v$"
int *get(std::vector<int *> &v) { return v[0]; }                 // want "^leaking param: v to result ~r0 level=1$"
int *&place(std::vector<int *> &v) { return v[0]; }              // want "^leaking param: v to result ~r0 level=0$"
int total(const std::vector<int> &v) { int s = 0; for (int n : v) s += n; return s; }  // want "^v does not escape$"
void sized(std::vector<int> &v, int n) { v.resize(n); }          // want "^v does not escape$"
void emptied(std::vector<int> &v) { v.clear(); }                 // want "^v does not escape$"
const int *data(const std::vector<int> &v) { return v.data(); }  // want "^leaking param: v to result ~r0 level=0$"

int dequeStays() {
  std::deque<int *> d;
  int x = 1;
  d.push_back(&x);
  return *d.front();
}
void dequeLeaks() {
  std::deque<int *> d;
  int x = 1;  // want "^address of x escapes$"
  d.push_back(&x);
  sink = d.front();
}
int listStays() {
  std::list<int *> l;
  int x = 1;
  l.push_back(&x);
  return *l.front();
}
void listLeaks() {
  std::list<int *> l;
  int x = 1;  // want "^address of x escapes$"
  l.push_back(&x);
  sink = l.front();
}
int arrayStays() {
  int x = 1;
  std::array<int *, 2> a{&x, nullptr};
  return *a[0];
}
void arrayLeaks() {
  int x = 1;  // want "^address of x escapes$"
  std::array<int *, 2> a{&x, nullptr};
  sink = a[0];  // want escape/outlives-frame "'x' is stored in global 'sink'"
}
int pairStays() {
  int x = 1;
  std::pair<int, int *> p{1, &x};
  return *p.second;
}
void pairLeaks() {
  int x = 1;  // want "^address of x escapes$"
  std::pair<int, int *> p{1, &x};
  sink = p.second;
}
int tupleStays() {
  int x = 1, y = 2;
  std::tuple<int *, int *> t{&x, &y};
  return *std::get<0>(t);
}
void tupleLeaks() {
  int x = 1, y = 2;  // want "^address of x escapes$" // finer "address of y escapes" fields are one variable in Go
  std::tuple<int *, int *> t{&x, &y};
  sink = std::get<0>(t);
}
int optionalStays() {
  int x = 1;
  std::optional<int *> o = &x;
  return o ? **o : 0;
}
void optionalLeaks() {
  int x = 1;  // want "^address of x escapes$"
  std::optional<int *> o = &x;
  sink = *o;
}
int variantStays() {
  int x = 1;
  std::variant<long, int *> v = &x;
  return *std::get<1>(v);
}
void variantLeaks() {
  int x = 1;  // want "^address of x escapes$"
  std::variant<long, int *> v = &x;
  sink = std::get<1>(v);
}

int spanStays() {
  int a[4] = {};
  std::span<int> s(a);
  return s[2];
}
void spanLeaks() {
  int a[4] = {};  // want "^address of a escapes$"
  std::span<int> s(a);
  sink = s.data();
}
int spanRead(std::span<int> s) { return s[0]; }                             // want "^s does not escape$"
int *spanData(std::span<int> s) { return s.data(); }                        // want "^leaking param: s to result ~r0 level=0$"
std::span<int> spanPart(std::span<int> s) { return s.subspan(1); }          // want "^leaking param: s to result ~r0 level=0$"
void spanKept(std::span<int> s) { sink = &s[1]; }                           // want "^leaking param: s$"

int viewStays() {
  std::string s = "some text that is longer than the inner buffer";
  std::string_view v = s;
  return static_cast<int>(v.size());
}
void viewLeaks() {
  std::string s = "some text";  // want "^address of s escapes$"
  std::string_view v = s;
  globalView = v;  // want escape/outlives-frame "'s' is stored in global 'globalView'"
}
void textLeaks() {
  std::string s = "some text";  // want "^address of s escapes$"
  text = s.c_str();  // want escape/outlives-frame "'s' is stored in global 'text'"
}
char textStays() {
  std::string s = "some text";
  return s.c_str()[1];
}
size_t viewRead(std::string_view v) { return v.size(); }                    // want "^v does not escape$"
std::string_view viewPart(std::string_view v) { return v.substr(1); }       // want "^leaking param: v to result ~r0 level=0$"
void viewKept(std::string_view v) { globalView = v; }                       // want "^leaking param: v$"
size_t stringRead(const std::string &s) { return s.size(); }                // want "^s does not escape$"
void stringSet(std::string &s) { s = "other"; }                             // want "^s does not escape$"
void stringAppend(std::string &s, const std::string &t) { s += t; }         // want "^s does not escape$" "^t does not escape$"
void stringCopied(const std::string &s) { globalString = s; }               // want "^s does not escape$"
std::string stringReturned(const std::string &s) { return s; }              // want "^s does not escape$"
