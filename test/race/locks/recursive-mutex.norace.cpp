// A recursive mutex taken twice and released once is still held.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> m;
std::recursive_mutex mutex;

static void put(int k) {
  mutex.lock();
  mutex.lock();
  mutex.unlock();

  m[k] = k;
  mutex.unlock();
}

int main() {
  std::thread t(put, 1);
  put(2);
  t.join();
}
