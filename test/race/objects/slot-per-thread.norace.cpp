// Each thread has its own element.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>
#include <vector>

int main() {
  std::vector<std::map<int, int>> parts(4);
  int totals[4] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      parts[i][i] = 1;
      totals[i] += 1;
    });
  for (auto &t : threads)
    t.join();
}
