// try_lock holds the lock only where it returned true.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

int main() {
  std::map<int, int> m;
  std::mutex mutex;
  std::thread t([&] {
    const bool held = mutex.try_lock();
    if (!held)
      m[1] = 1; // want map/concurrent-write "map 'm'"
    if (held)
      mutex.unlock();
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    m[2] = 2;
  }
  t.join();
}
