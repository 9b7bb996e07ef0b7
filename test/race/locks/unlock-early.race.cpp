// A unique_lock that is unlocked before the access.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

int main() {
  std::map<int, int> m;
  std::mutex mutex;
  std::thread t([&] {
    std::unique_lock<std::mutex> lock(mutex);
    m[1] = 1; // want map/concurrent-write "map 'm'"
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    lock.unlock();
    m[2] = 2;
  }
  t.join();
}
