// operator[] may insert: a shared lock is not enough.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++ std=c++17
#include <map>
#include <shared_mutex>
#include <thread>

std::map<int, int> table;
std::shared_mutex mutex;

int lookup(int k) {
  std::shared_lock<std::shared_mutex> lock(mutex);
  return table.count(k);
}

int main() {
  std::thread t([] { lookup(1); });
  int n = lookup(2);
  t.join();
  return n;
}
