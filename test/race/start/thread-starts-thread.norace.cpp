// A thread starts a thread, and does not wait for it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t([&m] {
    std::thread inner([&m] { m[1] = 1; });
    inner.join();
  });
  t.join();
  m[2] = 2;
}
