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
      (void)mutex;
      m[i] = i; // want map/concurrent-write "map 'm' is written here in a thread started at line 13 while another thread started there may write it at line 15"
    });
  for (auto &t : threads)
    t.join();
  return int(m.size());
}
