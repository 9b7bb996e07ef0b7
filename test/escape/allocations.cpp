// Every allocation has one verdict. "Does not escape" means that it could be a stack slot: the size is a small constant
// and the address ends with the function and with the iteration that made it.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
#include <cstdlib>
#include <memory>
#include <string>

struct Pair { int a, b; Pair *next; };
int *global;
Pair *list;
void unknown(void *p);

int local() { int *p = new int(1); int r = *p; delete p; return r; }              // want "^new int does not escape$"
int *returned() { return new int(1); }                                            // want "^new int escapes to heap$"
void stored() { global = new int(1); }                                            // want "^new int escapes to heap$"
void passed() { unknown(new int(1)); }                                            // want "^new int escapes to heap$"
void leaked() { new int(1); }                                                     // want "^new int does not escape$"
int inObject() { Pair p{1, 2, nullptr}; p.next = new Pair{3, 4, nullptr}; int r = p.next->a; delete p.next; return r; }  // want "^new Pair does not escape$"
void inParam(Pair *p) { p->next = new Pair(); }  // want "^p does not escape$" "^new Pair escapes to heap$"
Pair *chain() { auto *a = new Pair(); a->next = new Pair(); return a; }           // want "^new Pair escapes to heap$" "^new Pair escapes to heap$"
void pushFront() { auto *p = new Pair(); p->next = list; list = p; }              // want "^new Pair escapes to heap$"

int array() { int *p = new int[16]; p[0] = 1; int r = p[0]; delete[] p; return r; }      // want "^new int\[\] does not escape$"
int arrayOf(int n) { int *p = new int[n]; p[0] = 1; int r = p[0]; delete[] p; return r; }  // want "^new int\[\] escapes to heap$"
int large() { char *p = new char[65537]; p[0] = 1; int r = p[0]; delete[] p; return r; }   // want "^new char\[\] escapes to heap$"
int justSmall() { char *p = new char[65536]; p[0] = 1; int r = p[0]; delete[] p; return r; }  // want "^new char\[\] does not escape$"

int fromMalloc() { int *p = static_cast<int *>(malloc(sizeof(int))); *p = 1; int r = *p; free(p); return r; }  // want "^malloc\(4\) does not escape$"
void *mallocOf(size_t n) { return malloc(n); }                                    // want "^malloc\(\.\.\.\) escapes to heap$"
int fromCalloc() { int *p = static_cast<int *>(calloc(4, sizeof(int))); int r = p[3]; free(p); return r; }     // want "^calloc\(4, 4\) does not escape$"

int unique(int n) { auto p = std::make_unique<int>(n); return *p; }               // want "^std::make_unique<int> does not escape$"
std::unique_ptr<int> uniqueReturned(int n) { return std::make_unique<int>(n); }   // want "^std::make_unique<int> escapes to heap$"
int uniqueArray(int n) { auto p = std::make_unique<int[]>(n); return p[0]; }      // want "^std::make_unique<int\[\]> escapes to heap$"
int shared(int n) { auto p = std::make_shared<int>(n); return *p; }               // want "^std::make_shared<int> does not escape$"
std::shared_ptr<std::string> sharedGlobal;
void sharedStored() { sharedGlobal = std::make_shared<std::string>("x"); }        // want "^std::make_shared<std::string> escapes to heap$"

int loopLocal(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    int *p = new int(i);  // want "^new int does not escape$"
    sum += *p;
    delete p;
  }
  return sum;
}
int loopCarried(int n) {
  int *last = nullptr, sum = 0;
  for (int i = 0; i < n; ++i) {
    int *p = new int(i);  // want "^new int escapes to heap$"
    if (last) {
      sum += *last;
      delete last;
    }
    last = p;
  }
  delete last;
  return sum;
}
int loopIntoArray() {
  Pair *all[8] = {};
  for (int i = 0; i < 8; ++i)
    all[i] = new Pair();  // want "^new Pair escapes to heap$"
  int sum = 0;
  for (Pair *p : all) {
    sum += p->a;
    delete p;
  }
  return sum;
}
