// One side atomic, the other plain.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <thread>

static int hits;

int main() {
  std::thread t([] { __atomic_fetch_add(&hits, 1, __ATOMIC_SEQ_CST); });
  hits = 2; // want atomic/mixed "variable 'hits' is written here in the creating thread while the thread started at line 8 may write it at line 8; only the other access is atomic"
  t.join();
}
