// find reads although it is not const; insert writes.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <thread>
#include <unordered_map>

int main() {
  std::unordered_map<int, int> m;
  std::thread t([&m] { m.find(1); });
  int hits = 0;
  hits += m.find(2) != m.end();
  t.join();
  return hits;
}
