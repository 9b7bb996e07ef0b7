// Lambdas of every kind: generic, nested, with init-captures, capturing this, converted to function pointers, in containers.
// What a captured variable's address reaches depends on where the closure goes and on what its body does.
// emm-check: go=escape,closure opt=0,2 stdlib=libstdc++,libc++ match="lambda|address of|copied|new|make_|content of this|this: this"
// emm-check: by-library="width=\\d+" reason="the size of a std::function is the library's"
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

int *sink;
std::function<int()> stored;
std::vector<std::function<int()>> registered;
template <class F> static int now(F f) { return f(); }
template <class F> static int byReference(F &&f) { return f(); }
template <class F> static void keep(F f) { stored = std::move(f); }
using Pointer = int (*)(int);
static int call(Pointer f) { return f(1); }

int generic() {
  int x = 1;
  auto f = [&x](auto n) { return x + n; };  // want "^lambda does not escape$"
  return f(1) + static_cast<int>(f(2L));
}
void genericLeaks() {
  int x = 1;                          // want "^address of x escapes$"
  auto f = [&x](auto) { sink = &x; };  // want "^lambda does not escape$"
  f(1);
}
int initialised() {
  int x = 1;
  return now([y = x + 1] { return y; });  // want "^lambda does not escape$"
}
int initialisedByReference() {
  int x = 1;
  return now([&y = x] { return ++y; });  // want "^lambda does not escape$"
}
std::function<int()> initialisedReturned() {
  int x = 1;                          // want "^address of x escapes$"
  return [&y = x] { return ++y; };    // want "^lambda escapes to heap$" closure/outlives-capture "captures 'x' by reference"
}
int ownedInside() {
  return now([p = std::make_unique<int>(1)] { return *p; });  // want "^lambda does not escape$" "^std::make_unique<int> does not escape$"
}
void ownedInThread() {
  std::thread t([p = std::make_unique<int>(1)] { *p = 2; });  // want "^lambda escapes to heap$" "^std::make_unique<int> escapes to heap$"
  t.join();
}
int sharedInside() {
  auto p = std::make_shared<int>(1);       // want "^std::make_shared<int> does not escape$"
  return byReference([p] { return *p; });  // want "^lambda does not escape$"
}
void sharedKept() {
  auto p = std::make_shared<int>(1);  // want "^std::make_shared<int> escapes to heap$"
  keep([p] { return *p; });           // want "^lambda escapes to heap$"
}
int pointerInside() {
  int *p = new int(1);  // want "^new int does not escape$"
  int r = now([p] { return *p; });  // want "^lambda does not escape$"
  delete p;
  return r;
}
void pointerLeaksInside() {
  int *p = new int(1);  // want "^new int escapes to heap$"
  now([p] { sink = p; return 0; });  // want "^lambda does not escape$"
}
void referenceLeaksInside() {
  int x = 1;  // want "^address of x escapes$"
  now([&x] { sink = &x; return 0; });  // want "^lambda does not escape$"
}
int pointerReturnedInside() {
  int x = 1;
  int *p = [&x] { return &x; }();  // want "^lambda does not escape$"
  return *p;
}
void pointerReturnedAndKept() {
  int x = 1;  // want "^address of x escapes$"
  sink = [&x] { return &x; }();  // want "^lambda does not escape$"
}
int assignedLater() {
  int x = 1;
  std::function<int()> f;
  f = [&x] { return x; };  // want "^lambda does not escape$"
  return f();
}
void assignedToGlobal() {
  int x = 1;  // want "^address of x escapes$"
  stored = [&x] { return x; };  // want "^lambda escapes to heap$" closure/outlives-capture "'x' by reference and is stored in global 'stored'"
}
void pushedToGlobal() {
  int x = 1;  // want "^address of x escapes$"
  registered.push_back([&x] { return x; });  // want "^lambda escapes to heap$" closure/outlives-capture "'x' by reference and is stored in global 'registered'"
}
int pushedToLocal() {
  int x = 1, sum = 0;
  std::vector<std::function<int()>> all;
  all.push_back([&x] { return x; });  // want "^lambda does not escape$"
  for (auto &f : all)
    sum += f();
  return sum;
}
int converted() {
  return call([](int n) { return n + 1; });  // want "^lambda does not escape$"
}
int convertedByPlus() {
  auto f = +[](int n) { return n + 1; };  // want "^lambda does not escape$"
  return f(1);
}
int nestedInner() {
  int x = 1;
  auto outer = [&x] {                    // want "^lambda does not escape$"
    auto inner = [&x] { return ++x; };   // want "^lambda does not escape$"
    return inner();
  };
  return outer();
}
void nestedLeaks() {
  int x = 1;  // want "^address of x escapes$"
  auto outer = [&x] {                               // want "^lambda does not escape$"
    auto inner = [&x] { sink = &x; return 0; };     // want "^lambda does not escape$"
    return inner();
  };
  outer();
}
auto nestedReturned(int n) {
  return [n] {              // want "^lambda escapes to heap$"
    return [n] { return n; };  // want "^lambda escapes to heap$"
  };
}
int nestedUsed() { return nestedReturned(1)()(); }
int recursive(int n) {
  std::function<int(int)> f = [&f](int k) { return k ? f(k - 1) : 0; };  // want "^lambda does not escape$"
  return f(n);
}
int self(int n) {
  auto f = [](auto &self, int k) -> int { return k ? self(self, k - 1) : 0; };  // want "^lambda does not escape$"
  return f(f, n);
}
int inLoop(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i)
    now([&sum, i] { return sum += i; });  // want "^lambda does not escape$"
  return sum;
}
int immediately(int n) {
  return [](int k) { return k * 2; }(n);  // want "^lambda does not escape$"
}
struct Widget {
  int n = 0;
  int *p = nullptr;
  int direct() { return now([this] { return ++n; }); }         // want "^lambda does not escape$"
  void starts() { std::thread t([this] { ++n; }); t.join(); }  // want "^lambda escapes to heap$"
  void keeps() { stored = [this] { return n; }; }              // want "^lambda escapes to heap$"
  int copies() { return now([*this] { return n; }); }          // want "^lambda does not escape$"
  void fills(int *q) { now([this, q] { p = q; return 0; }); }  // want "^lambda does not escape$" "^leaking param: q to content of this$"
};
int useWidget() {
  int x = 1;
  Widget w;
  w.fills(&x);
  return w.direct() + w.copies() + *w.p;
}
void widgetStarts() {
  Widget w;  // want "^address of w escapes$"
  w.starts();
}
void widgetKeeps() {
  Widget w;  // want "^address of w escapes$"
  w.keeps();
}
auto makesCounter() {
  return [n = 0]() mutable { return ++n; };  // want "^lambda escapes to heap$"
}
auto makesPointer() {
  return [p = std::make_shared<int>(0)] { return ++*p; };  // want "^lambda escapes to heap$" "^std::make_shared<int> escapes to heap$"
}
int usesCounters() { return makesCounter()() + makesPointer()(); }
