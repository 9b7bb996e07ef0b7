// A relaxed store publishes nothing.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

static int data;
static std::atomic<bool> ready;

int main() {
  std::thread t([] {
    data = 1; // want atomic/weak-publication "variable 'data' is written here in the thread started at line 10 while the creating thread may read it at line 16; the flag 'ready' between them is relaxed and orders nothing"
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_acquire)) {
  }
  int seen = data;
  t.join();
  return seen;
}
