// A guard that is moved takes the lock along.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>
#include <utility>

int main() {
  std::map<int, int> m;
  std::mutex mutex;
  std::thread t([&] {
    std::unique_lock<std::mutex> outer;
    {
      std::unique_lock<std::mutex> inner(mutex);  // want lock/useless "is released at once"
      (void)outer;
    }
    m[1] = 1; // want map/concurrent-write "map 'm'"
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    m[2] = 2;
  }
  t.join();
}
