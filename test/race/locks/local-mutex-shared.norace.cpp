// A local mutex that a thread is handed is shared after all.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

void work() {
  std::map<int, int> m;
  std::mutex mutex, other;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(mutex);
    m[1] = 1;
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    m[2] = 2;
  }
  t.join();
}
