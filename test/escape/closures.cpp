// Lambdas: what they capture, and whether the closure escapes.
// emm-check: go=escape,closure match="lambda|^map |copied|address of" opt=0,2 stdlib=libstdc++,libc++
// emm-check: by-library="width=\\d+|\\(\\d+ bytes" reason="a container's size is the library's"
#include <functional>
#include <map>
#include <thread>
#include <utility>

template <class F> static int now(F f) { return f(); }
template <class F> static int nowByReference(F &&f) { return f(); }
std::function<int()> stored;

int calledHere() {
  int x = 1;
  return [&x] { return ++x; }();  // want "^lambda does not escape$"
}
int passedByValue() {
  int x = 1;
  return now([&x] { return ++x; });  // want "^lambda does not escape$"
}
int passedByReference() {
  int x = 1;
  return nowByReference([x] { return x + 1; });  // want "^lambda does not escape$"
}
int localFunction() {
  int x = 1;
  std::function<int()> f = [&x] { return x; };  // want "^lambda does not escape$"
  return f();
}
std::function<int()> returned(int x) {
  return [x] { return x; };  // want "^lambda escapes to heap$"
}
void storedInGlobal(int x) {
  stored = [x] { return x; };  // want "^lambda escapes to heap$"
}
void thread(int &n) {
  std::thread t([&n] { ++n; });  // want "^lambda escapes to heap$"
  t.join();
}
int nested() {
  int x = 1;
  return now([&x] {                         // want "^lambda does not escape$"
    return now([&x] { return ++x; });       // want "^lambda does not escape$"
  });
}
int mapByReference() {
  std::map<int, int> m;  // want "^map m does not escape$"
  now([&m] { return m[1] = 2; });  // want "^lambda does not escape$"
  return m[1];
}
int mapByValue() {
  std::map<int, int> m;  // want "^map m does not escape$"
  return now([m] { return static_cast<int>(m.size()); });  // want "^lambda does not escape$" "^map 'm' is copied into the closure"
}
int mapMoved() {
  std::map<int, int> m;  // want "^map m does not escape$"
  return now([m = std::move(m)] { return static_cast<int>(m.size()); });  // want "^lambda does not escape$"
}
int mapInThread() {
  std::map<int, int> m;  // want "^map m escapes to heap$"
  std::thread t([&m] { m[1] = 2; });  // want "^lambda escapes to heap$"
  t.join();
  return m[1];
}
