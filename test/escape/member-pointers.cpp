// Pointers to members, std::bind, std::mem_fn, std::invoke, functors and function pointers.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
// emm-check: by-library="std::_\\w+::operator\\(\\)|from (f = )?x \\(assign\\)" reason="the library names what bind returns, and only one returns it in memory"
#include <functional>

int *sink;
struct Counter {
  int n = 0;
  int *kept = nullptr;
  void bump(int *p) { n += *p; }    // want "^this does not escape$" "^p does not escape$"
  void leak(int *p) { sink = p; }   // want "^this does not escape$" "^leaking param: p$"
};
static void reader(int *p) { *p += 1; }   // want "^p does not escape$"
static void keeper(int *p) { sink = p; }  // want "^leaking param: p$"

void knownMember() {
  int x = 1;
  Counter c;
  void (Counter::*m)(int *) = &Counter::bump;
  (c.*m)(&x);
}
void knownMemberLeaks() {
  int x = 1;  // want "^address of x escapes$"
  Counter c;
  void (Counter::*m)(int *) = &Counter::leak;
  (c.*m)(&x);
}
void eitherMember(bool b) {
  int x = 1;  // want "^address of x escapes$"
  Counter c;  // want-fp "^address of c escapes$" the value of a pointer to a member also says whether the member is virtual
  void (Counter::*m)(int *) = b ? &Counter::bump : &Counter::leak;
  (c.*m)(&x);
}
void unknownMember(Counter &c, void (Counter::*m)(int *), int *p) { (c.*m)(p); }  // want "^leaking param: c$" "^leaking param: p$"
int *dataMember(Counter &c, int Counter::*m) { return &(c.*m); }   // want "^leaking param: c to result ~r0 level=0$"
int dataMemberRead(Counter &c, int Counter::*m) { return c.*m; }   // want "^c does not escape$"
int *dataMemberPointer(Counter &c, int *Counter::*m) { return c.*m; }  // want "^leaking param: c to result ~r0 level=1$"
void dataMemberSet(Counter &c, int *Counter::*m, int *p) { c.*m = p; }  // want "^c does not escape$" "^leaking param: p to content of c$"

void bound() {
  int x = 1;
  auto f = std::bind(reader, &x);
  f();
}
void boundLeaks() {
  int x = 1;  // want "^address of x escapes$"
  auto f = std::bind(keeper, &x);
  f();
}
void invoked() {
  int x = 1;
  std::invoke(reader, &x);
}
void invokedLeaks() {
  int x = 1;  // want "^address of x escapes$"
  std::invoke(keeper, &x);
}
void invokedMember() {
  int x = 1;
  Counter c;
  std::invoke(&Counter::bump, c, &x);
}
void invokedMemberLeaks() {
  int x = 1;  // want "^address of x escapes$"
  Counter c;
  std::invoke(&Counter::leak, c, &x);
}
void memberFunction() {
  int x = 1;  // want-fp "^address of x escapes$" a pointer to a member in registers is two numbers, which are not followed
  Counter c;  // want-fp "^address of c escapes$" a pointer to a member in registers is two numbers, which are not followed
  std::mem_fn(&Counter::bump)(c, &x);
}
void memberFunctionLeaks() {
  int x = 1;  // want "^address of x escapes$"
  Counter c;  // want-fp "^address of c escapes$" a pointer to a member in registers is two numbers, which are not followed
  std::mem_fn(&Counter::leak)(c, &x);
}

struct Functor {
  int *p;
  int operator()(int n) const { return *p + n; }  // want "^this does not escape$"
};
struct LeakingFunctor {
  int *p;
  int operator()(int n) const { sink = p; return n; }  // want "^leaking param content: this$"
};
template <class F> static int apply(F f) { return f(1); }                 // want "^f does not escape$" "^leaking param: f$"
template <class F> static int applyReference(const F &f) { return f(1); }  // want "^f does not escape$" "^leaking param content: f$"
void functor() {
  int x = 1;
  apply(Functor{&x});
  applyReference(Functor{&x});
}
void functorLeaks() {
  int x = 1;  // want "^address of x escapes$"
  apply(LeakingFunctor{&x});
}
void functorReferenceLeaks() {
  int x = 1;  // want "^address of x escapes$"
  applyReference(LeakingFunctor{&x});
}
void table(int n) {
  static void (*const all[])(int *) = {reader, reader};
  int x = 1;
  all[n](&x);
}
void tableFirst() {
  static void (*const all[])(int *) = {reader, keeper};
  int x = 1;  // finer "address of x escapes" a constant table's element is known
  all[0](&x);
}
void tableSecond() {
  static void (*const all[])(int *) = {reader, keeper};
  int x = 1;  // want "^address of x escapes$"
  all[1](&x);
}
void callback(void (*f)(int *), int *p) { f(p); }  // want "^f does not escape$" "^leaking param: p$"
void throughCallback() {
  int x = 1;
  callback(reader, &x);
}
void throughCallbackLeaks() {
  int x = 1;  // want "^address of x escapes$"
  callback(keeper, &x);
}
