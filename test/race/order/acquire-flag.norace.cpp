// A release store after the write and a loop that waits for it with acquire.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::atomic<bool> ready{false};
  std::thread t([&] {
    m[1] = 1;
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_acquire)) {
  }
  size_t n = m.size();
  t.join();
  return int(n);
}
