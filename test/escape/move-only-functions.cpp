// A std::move_only_function, which libc++ does not have, is followed as a std::function is.
// emm-check: go=escape opt=0,2 stdlib=libstdc++ std=c++23 match="address of"
#include <functional>
#include <memory>

#ifdef __cpp_lib_move_only_function
using Callback = std::move_only_function<void(int *)>;
int *sink;
struct Keep {
  void operator()(int *p) const { sink = p; }
};
struct Read {
  void operator()(int *p) const { *p = 1; }
};
static void run(Callback f, int *p) { f(p); }

void functor() {
  int x = 1;
  Callback f = Read();
  f(&x);
}
void functorKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Keep();
  f(&x);
}
void assigned() {
  int x = 1;
  Callback f = Read();
  f = Read();
  f(&x);
}
void assignedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Read();
  f = Keep();
  f(&x);
}
void moved() {
  int x = 1;
  Callback f = Read();
  auto g = std::move(f);
  g(&x);
}
void movedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Keep();
  auto g = std::move(f);
  g(&x);
}
void passed() {
  int x = 1;
  run([](int *p) { *p = 2; }, &x);
}
void passedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  run([](int *p) { sink = p; }, &x);
}
void ownsKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = [q = std::make_unique<int>(1)](int *p) { sink = p; };
  f(&x);
}
void callsAnother() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Keep();
  Callback g = [&f](int *p) { f(p); };
  g(&x);
}
void unknown(Callback &f) {
  int x = 1;  // want "^address of x escapes$"
  f(&x);
}

#endif
