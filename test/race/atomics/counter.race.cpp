// A plain counter incremented by two threads.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

int main() {
  int hits = 0;
  std::thread t([&] { ++hits; }); // want atomic/missing "variable 'hits' is written here in the thread started at line 8 while the creating thread may write it at line 9; no lock is held"
  ++hits;
  t.join();
  return hits;
}
