// Addresses that outlive their variable, and their twins that do not.
// emm-check: stdlib=libstdc++,libc++
#include <functional>

int *returned() {
  int x = 1;
  int *p = &x;
  return p;  // want escape/outlives-frame "address of local 'x' is returned"
}
int *notReturned(int *q) {
  int x = 1;
  int *p = &x;
  *q = *p;
  return q;
}
int *onOnePath(bool c, int *q) {
  int x = 1;
  int *p = c ? &x : q;
  return p;  // want escape/outlives-frame "address of local 'x' is returned"
}
static int *same(int *p) { return p; }
int *throughCall() {
  int x = 1;
  return same(&x);  // want escape/outlives-frame "address of local 'x' is returned"
}
static int *either(int *p, int *q, bool c) { return c ? p : q; }
int *perhapsThroughCall(int *q, bool c) {
  int x = 1;
  return either(&x, q, c);
}
// What went through memory may have been replaced on the way: no proof, no warning.
struct Holder { int *p; };
int *throughMemory(Holder *h, int *q) {
  int x = 1;
  h->p = &x;
  *h->p = 2;
  h->p = q;
  return h->p;
}
int &reference() {
  static int s = 1;
  return s;
}

auto closureByReference() {
  int x = 1;
  return [&x] { return x; };  // want closure/outlives-capture "captures 'x' by reference and is returned"
}
auto closureByValue() {
  int x = 1;
  return [x] { return x; };
}
std::function<int()> functionByReference() {
  int x = 1;
  return [&] { return x; };  // want closure/outlives-capture "captures 'x' by reference and is returned"
}
std::function<int()> functionByValue() {
  int x = 1;
  return [=] { return x; };
}
int calledInPlace() {
  int x = 1;
  auto f = [&] { return x; };
  return f();
}
std::function<int()> referenceParameter(int &x) {
  return [&x] { return x; };
}
