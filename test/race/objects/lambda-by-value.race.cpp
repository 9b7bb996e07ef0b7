// A by-value capture is the thread's own copy.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t([&m]() mutable { m[1] = 1; }); // want map/concurrent-write "map 'm'"
  m[2] = 2;
  t.join();
}
