// A guard made with defer_lock holds nothing until lock().
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

int main() {
  std::map<int, int> m;
  std::mutex mutex;
  std::thread t([&] {
    std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
    (void)lock;
    m[1] = 1; // want map/concurrent-write "map 'm'"
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    m[2] = 2;
  }
  t.join();
}
