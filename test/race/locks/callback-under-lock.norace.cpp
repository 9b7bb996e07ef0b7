// A function called back under the lock is protected by it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> m;
std::mutex mutex;

static void with(void (*work)(int), int k) {
  std::lock_guard<std::mutex> guard(mutex);
  work(k);
}

static void put(int k) { m[k] = k; }

int main() {
  std::thread t([] { with(put, 1); });
  with(put, 2);
  t.join();
}
