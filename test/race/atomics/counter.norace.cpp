// A plain counter incremented by two threads.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

int main() {
  std::atomic<int> hits{0};
  std::thread t([&] { ++hits; });
  ++hits;
  t.join();
  return hits;
}
