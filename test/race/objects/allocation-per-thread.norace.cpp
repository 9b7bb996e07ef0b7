// A new object for each thread is not shared.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <memory>
#include <thread>
#include <vector>

int main() {
  std::vector<std::thread> threads;

  for (int i = 0; i < 4; ++i) {
    auto m = std::make_shared<std::map<int, int>>();
    threads.emplace_back([m, i] { (*m)[i] = i; });
  }
  for (auto &t : threads)
    t.join();
}
