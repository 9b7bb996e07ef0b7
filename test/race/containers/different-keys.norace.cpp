// Different keys do not make it safe: threads of one loop write one map.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>
#include <vector>

int main() {
  std::map<int, int> m;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&m, &mutex, i] {
      std::lock_guard<std::mutex> guard(mutex);
      m[i] = i;
    });
  for (auto &t : threads)
    t.join();
  return int(m.size());
}
