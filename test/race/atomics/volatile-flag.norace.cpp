// volatile does not synchronise.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

static std::atomic<bool> stop;

int main() {
  std::thread t([] {
    while (!stop) {
    }
  });
  stop = true;
  t.join();
}
