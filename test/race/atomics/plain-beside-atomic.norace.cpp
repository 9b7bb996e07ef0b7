// One side atomic, the other plain.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <thread>

static int hits;

int main() {
  std::thread t([] { __atomic_fetch_add(&hits, 1, __ATOMIC_SEQ_CST); });
  __atomic_store_n(&hits, 2, __ATOMIC_SEQ_CST);
  t.join();
}
