// volatile does not synchronise.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

static volatile bool stop;

int main() {
  std::thread t([] {
    while (!stop) {
    }
  });
  stop = true; // want atomic/volatile "variable 'stop' is written here in the creating thread while the thread started at line 9 may read it at line 10; volatile does not make it safe"
  t.join();
}
