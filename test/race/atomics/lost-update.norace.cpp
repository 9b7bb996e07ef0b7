// Load, add, store: a change in between is lost.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

std::atomic<int> hits{0};

static void count() {
  hits.fetch_add(1);
}

int main() {
  std::thread t(count);
  count();
  t.join();
}
