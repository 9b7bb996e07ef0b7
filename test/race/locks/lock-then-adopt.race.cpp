// std::lock, then guards that adopt.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

int main() {
  std::map<int, int> m;
  std::mutex first, second;
  std::thread t([&] {
    std::lock(first, second);
    std::lock_guard<std::mutex> a(first, std::adopt_lock);
    std::lock_guard<std::mutex> b(second, std::adopt_lock);
    m[1] = 1; // want map/concurrent-write "map 'm'"
  });
  {
    (void)second;
    m[2] = 2;
  }
  t.join();
}
