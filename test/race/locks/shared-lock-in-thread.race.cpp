// A write under a shared lock is reported once, with the threads that meet there when they are known.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <shared_mutex>
#include <thread>

class Cache {
public:
  void put(int k, int v) {
    std::shared_lock<std::shared_mutex> lock(mutex);
    entries[k] = v; // want map/write-under-reader-lock "^map 'cache.entries' is written here in the thread started at line 21 while the creating thread may write it at line 11; 'cache.mutex' is only held shared$"
  }

private:
  std::shared_mutex mutex;
  std::map<int, int> entries;
};

int main() {
  Cache cache;
  std::thread t([&] { cache.put(1, 1); });
  cache.put(2, 2);
  t.join();
}
