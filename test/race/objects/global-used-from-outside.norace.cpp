// A global map: the same without a class.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

static std::map<int, int> table;
static std::mutex mutex;

static void refresh() {
  std::lock_guard<std::mutex> guard(mutex);
  table[1] = 1;
}

void begin() {
  std::thread t(refresh);
  t.detach();
}

int look(int k) {
  std::lock_guard<std::mutex> guard(mutex);
  return int(table.count(k));
}
