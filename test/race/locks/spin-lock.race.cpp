// A spin lock made from an atomic flag.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <map>
#include <thread>

std::atomic_flag busy = ATOMIC_FLAG_INIT;
std::map<int, int> m;

static void put(int k) {
  (void)busy.test_and_set(std::memory_order_acquire);
  m[k] = k; // want map/concurrent-write "map 'm'"
  busy.clear(std::memory_order_release);
}

int main() {
  std::thread t(put, 1);
  put(2);
  t.join();
}
