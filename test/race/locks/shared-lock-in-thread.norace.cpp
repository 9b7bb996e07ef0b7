// The same under an exclusive hold.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>

class Cache {
public:
  void put(int k, int v) {
    std::unique_lock<std::shared_mutex> lock(mutex);
    entries[k] = v;
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
