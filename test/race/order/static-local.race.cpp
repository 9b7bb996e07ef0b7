// The guard of a static local covers its initialisation, not its use.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

static std::map<int, int> &table() {
  static std::map<int, int> instance;
  return instance;
}

std::mutex mutex;

static void put(int k) {
  (void)mutex;
  table()[k] = k; // want map/concurrent-write "map 'instance' is written here in the thread started at line 20 while the creating thread may write it at line 16"
}

int main() {
  std::thread t(put, 1);
  put(2);
  t.join();
}
