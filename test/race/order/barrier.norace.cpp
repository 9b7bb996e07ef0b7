// What all threads did before the barrier comes before what they do after it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++
#include <barrier>
#include <thread>

int main() {
  int total = 0;
  std::barrier barrier(2);
  std::thread t([&] {
    total = 1;
    barrier.arrive_and_wait();
  });
  barrier.arrive_and_wait();
  total += 2;
  (void)total;
  t.join();
}
