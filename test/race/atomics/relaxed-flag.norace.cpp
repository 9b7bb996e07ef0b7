// A relaxed store publishes nothing.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

static int data;
static std::atomic<bool> ready;

int main() {
  std::thread t([] {
    data = 1;
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_acquire)) {
  }
  int seen = data;
  t.join();
  return seen;
}
