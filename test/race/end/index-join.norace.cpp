// Handles in an array, joined by index.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread workers[2];
  workers[0] = std::thread([&m] { m[0] = 1; });
  workers[0].join();
  workers[1] = std::thread([&m] { m[1] = 1; });
  for (int i = 0; i < 2; ++i)
    if (workers[i].joinable())
      workers[i].join();
  return int(m.size());
}
