// thread_local objects are not shared.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

static std::map<int, int> cache;

static void fill() { cache[1] = 1; } // want map/concurrent-write "map 'cache'"

int main() {
  std::thread t(fill);
  fill();
  t.join();
}
