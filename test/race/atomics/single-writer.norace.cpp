// Load, add, store by the only thread that writes loses nothing.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

std::atomic<int> hits{0};

static void count() { hits.store(hits.load() + 1); }

int main() {
  std::thread t(count);
  hits.load();
  t.join();
}
