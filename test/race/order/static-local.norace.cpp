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
  std::lock_guard<std::mutex> guard(mutex);
  table()[k] = k;
}

int main() {
  std::thread t(put, 1);
  put(2);
  t.join();
}
