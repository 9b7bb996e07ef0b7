// What runs at exit comes after everything that main joined.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <cstdlib>
#include <map>
#include <thread>

std::map<int, int> m;

int main() {
  std::atexit([] { m[1] += 1; });
  std::thread t([] {
    m[2] = 1; // want map/concurrent-write "map 'm'"
  });
  m[3] = 1;
  t.join();
  return 0;
}
