// The flag is atomic.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<bool> stop;

int main() {
  std::thread first([] {
    while (!stop)
      std::puts("first");
  });
  std::thread second([] {
    while (!stop)
      std::puts("second");
  });
  stop = true;
  first.join();
  second.join();
}
