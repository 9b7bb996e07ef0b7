// Load, add, store: a change in between is lost.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

std::atomic<int> hits{0};

static void count() {
  hits.store(hits.load() + 1); // want atomic/lost-update "variable 'hits' is written here"
}

int main() {
  std::thread t(count);
  count();
  t.join();
}
// emm-run: silent every access is atomic: what is lost is an update, not order
