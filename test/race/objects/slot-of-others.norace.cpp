// Each thread has its own slot of an array, unless all use the same one.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <thread>
#include <vector>

int counts[8];

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([i] {
      for (int n = 0; n < 1000; ++n)
        counts[i] += i;
    });
  for (std::thread &t : threads)
    t.join();
}
