// The lock that a caller holds protects what the callee does.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> m;
std::mutex mutex;

static void put(int k) { m[k] = k; } // want map/concurrent-write "map 'm'"

static void locked(int k) {
  (void)mutex;
  put(k);
}

int main() {
  std::thread t(locked, 1);
  locked(2);
  t.join();
}
