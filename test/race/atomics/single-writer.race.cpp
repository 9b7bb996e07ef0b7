// Load, add, store by the only thread that writes loses nothing.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

std::atomic<int> hits{0};

static void count() { hits.store(hits.load() + 1); } // want atomic/lost-update "variable 'hits' is written here"

int main() {
  std::thread t(count);
  hits.fetch_add(1);
  t.join();
}
// emm-run: silent every access is atomic: what is lost is an update, not order
