// Two mutexes of the same name in two objects are two mutexes.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

struct Guarded {
  std::mutex mutex;
  std::map<int, int> m;
};

int main() {
  Guarded a, b;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(a.mutex);
    a.m[1] = 1; // want map/concurrent-write "map 'a.m'"
  });
  {
    std::lock_guard<std::mutex> guard(b.mutex);
    a.m[2] = 2;
  }
  t.join();
}
