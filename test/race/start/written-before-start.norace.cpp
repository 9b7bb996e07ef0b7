// What is written before the thread starts is ordered.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t;

  t = std::thread([&m] { m[2] = 2; });

  t.join();
}
