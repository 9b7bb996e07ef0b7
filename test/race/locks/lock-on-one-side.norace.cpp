// A lock on one side protects nothing.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

int main() {
  std::map<int, int> m;
  std::mutex mutex;
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
