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
  (void)guard;
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
    m.erase(k);
  }
  t.join();
}
// emm-run: stdlib=libc++
