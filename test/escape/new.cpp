// Every form of new: aligned, nothrow, in place, of arrays, of classes with their own operator, and what deletes it.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
#include <cstdlib>
#include <new>
#include <memory>

struct alignas(64) Wide { int n; };
struct Plain { int n; int *p = nullptr; };
struct Destroyed { int n; ~Destroyed(); };
struct Base { int n = 0; virtual ~Base() = default; };       // want "^this does not escape$"
struct Derived : Base { int *p = nullptr; };
int *sink;
void *sinkAny;
void *pool(std::size_t n);
struct Pooled {
  int n;
  static void *operator new(std::size_t size) { return pool(size); }
  static void operator delete(void *) {}
};

int aligned() { Wide *p = new Wide(); int r = p->n; delete p; return r; }            // want "^new Wide does not escape$"
Wide *alignedReturned() { return new Wide(); }                                        // want "^new Wide escapes to heap$"
int nothrow() { int *p = new (std::nothrow) int(1); int r = p ? *p : 0; delete p; return r; }  // want "^new int does not escape$"
int *nothrowReturned() { return new (std::nothrow) int(1); }                          // want "^new int escapes to heap$"
int inPlace() {
  alignas(Plain) unsigned char room[sizeof(Plain)];
  Plain *p = new (room) Plain();
  return p->n;
}
Plain *inPlaceReturned(void *room) { return new (room) Plain(); }                     // want "^leaking param: room to result ~r0 level=0$"
void inPlaceKept() {
  alignas(Plain) unsigned char room[sizeof(Plain)];  // want "^address of room escapes$"
  sinkAny = new (room) Plain();  // want escape/outlives-frame "'room' is stored in global 'sinkAny'"
}
int inPlaceHolds() {
  int x = 1;
  alignas(Plain) unsigned char room[sizeof(Plain)];
  Plain *p = new (room) Plain();
  p->p = &x;
  return *p->p;
}
void inPlaceHoldsAndKeeps() {
  int x = 1;  // want "^address of x escapes$"
  alignas(Plain) unsigned char room[sizeof(Plain)];
  Plain *p = new (room) Plain();
  p->p = &x;
  sink = p->p;  // want escape/outlives-frame "'x' is stored in global 'sink'"
}
int arrayOfClass() { Destroyed *p = new Destroyed[4]; int r = p[1].n; delete[] p; return r; }  // want "^new Destroyed\[\] escapes to heap$"
int arrayOfPlain() { Plain *p = new Plain[4]; int r = p[1].n; delete[] p; return r; }           // want "^new Plain\[\] does not escape$"
Plain *arrayReturned() { return new Plain[4]; }                                                 // want "^new Plain\[\] escapes to heap$"
int unknownDestructor() { Destroyed *p = new Destroyed(); int r = p->n; delete p; return r; }   // want "^new Destroyed escapes to heap$"
int throughBase() { Base *p = new Derived(); int r = p->n; delete p; return r; }                // want "^new Derived does not escape$"
Base *throughBaseReturned() { return new Derived(); }                                           // want "^new Derived escapes to heap$"
int ownOperator() { Pooled *p = new Pooled(); int r = p->n; delete p; return r; }
int inCondition(bool c) { int *p = c ? new int(1) : new int(2); return *p; }                    // want "^new int does not escape$" "^new int does not escape$"
int *inConditionReturned(bool c) { return c ? new int(1) : nullptr; }                           // want "^new int escapes to heap$"
int pointerToPointer() { int **p = new int *(new int(1)); return **p; }                         // want "^new int does not escape$" "^new int\* does not escape$"
int operatorCalled() { void *p = operator new(16); operator delete(p); return 0; }              // want "^new \(16 bytes\) does not escape$"
void *operatorReturned() { return operator new(16); }                                           // want "^new \(16 bytes\) escapes to heap$"
struct List {
  Plain *first = nullptr;
  void add() { first = new Plain(); }           // want "^this does not escape$" "^new Plain escapes to heap$"
  int use() { Plain *p = new Plain(); int r = p->n; delete p; return r; }  // want "^this does not escape$" "^new Plain does not escape$"
};
int usesList() { List l; l.add(); return l.use(); }
