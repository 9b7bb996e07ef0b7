// The loop variable captured by reference is written by the loop.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <thread>
#include <vector>

int main() {
  std::vector<std::thread> threads;
  long seen[4];
  for (int i = 0; i < 4; ++i) // want atomic/missing "variable 'i' is written here in the creating thread while a thread started at line 10 may read it at line 10"
    threads.emplace_back([&seen, &i] { seen[i] = i; });
  for (auto &t : threads)
    t.join();
}
