// What a std::function of libc++ leads to beyond functions.cpp.
// emm-check: go=escape opt=0,2 stdlib=libc++ match="address of"
#include <functional>

int *sink;
void intoCapture() {
  int x = 1;  // want-fp "^address of x escapes$" a capture stands nobody knows where in the buffer, perhaps where its table is
  int *y = nullptr;
  std::function<void(int *)> f = [&y](int *p) { y = p; };
  f(&x);
  *y = 2;
}
struct KeepOwn {
  int *own;
  void operator()() const { sink = own; }
};
void ownPointerKept() {
  int x = 1;  // miss escape/address "address of x escapes" a class of one pointer that is passed in a register is taken for a reference
  std::function<void()> f = KeepOwn{&x};
  f();
}
void ownPointerOrLambda(bool b) {
  int x = 1;  // miss escape/address "address of x escapes" what an object does that keeps a lambda is taken to be the lambda's
  int y = 2;
  std::function<void()> f;
  if (b)
    f = [&y] { y = 3; };
  else
    f = KeepOwn{&x};
  f();
}
void keep(int *p) { sink = p; }
void callsAnother() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(int *)> f = keep, g = [&f](int *p) { f(p); };
  g(&x);
}
