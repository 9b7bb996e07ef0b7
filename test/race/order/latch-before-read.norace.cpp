// A latch that the thread counts down after its write orders the read behind the wait.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 std=c++20 stdlib=libstdc++
#include <latch>
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::latch done(1);
  std::thread t([&] {
    m[1] = 1;
    done.count_down();
  });
  done.wait();
  size_t n = m.size();
  t.join();
  return int(n);
}
