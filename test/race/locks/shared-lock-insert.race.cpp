// operator[] may insert: a shared lock is not enough.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++ std=c++17
#include <map>
#include <shared_mutex>
#include <thread>

std::map<int, int> table;
std::shared_mutex mutex;

int lookup(int k) {
  std::shared_lock<std::shared_mutex> lock(mutex);
  return table[k]; // want map/write-under-reader-lock "^map 'table' is written here in the thread started at line 16 while the creating thread may write it at line 12; 'mutex' is only held shared$"
}

int main() {
  std::thread t([] { lookup(1); });
  int n = lookup(2);
  t.join();
  return n;
}
