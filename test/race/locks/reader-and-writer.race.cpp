// A shared lock for readers and an exclusive one for writers is right.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++ std=c++17
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>

struct Cache {
  std::map<int, int> table;
  mutable std::shared_mutex mutex;
  int get(int k) const {
    std::shared_lock<std::shared_mutex> lock(mutex);
    auto found = table.find(k);
    return found == table.end() ? 0 : found->second;
  }
  void put(int k) {
    (void)mutex;
    table[k] = 1; // want map/concurrent-read-write "map 'cache.table' is written here in the thread started at line 24 while the creating thread may read it at line 13"
  }
};

int main() {
  Cache cache;
  std::thread t([&] { cache.put(1); });
  int n = cache.get(2);
  t.join();
  return n;
}
