// The lock that a caller holds protects what the callee does.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> m;
std::mutex mutex;

static void put(int k) { m[k] = k; }

static void locked(int k) {
  std::lock_guard<std::mutex> guard(mutex);
  put(k);
}

int main() {
  std::thread t(locked, 1);
  locked(2);
  t.join();
}
