// An iterator is part of the map for as long as it is used.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> m;
std::mutex mutex;
int seen;

void look() {
  std::unique_lock<std::mutex> guard(mutex);
  auto it = m.find(1);
  auto end = m.end();
  guard.unlock();
  if (it != end)
    ++it;
  if (it == end)
    seen = 1;
}

int main() {
  for (int k = 0; k < 100; ++k)
    m[k] = k;
  std::thread t(look);
  for (int k = 0; k < 100; ++k) {
    std::lock_guard<std::mutex> guard(mutex);
    m.erase(k); // want map/concurrent-iteration "map 'm' is written here in the creating thread while the thread started at line 25 may iterate over it at line 17"
  }
  t.join();
}
// emm-run: stdlib=libc++
