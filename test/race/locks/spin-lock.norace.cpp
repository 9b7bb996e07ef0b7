// A spin lock made from an atomic flag.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <map>
#include <thread>

std::atomic_flag busy = ATOMIC_FLAG_INIT;
std::map<int, int> m;

static void put(int k) {
  while (busy.test_and_set(std::memory_order_acquire)) {}
  m[k] = k;
  busy.clear(std::memory_order_release);
}

// Long enough for the two to meet, even on one processor, and on keys that are there: a tree that two rotate may not end.
static void putMany() {
  for (int k = 0; k < 200000; ++k)
    put(k % 64);
}

int main() {
  for (int k = 0; k < 64; ++k)
    put(k);
  std::thread t(putMany);
  putMany();
  t.join();
}
