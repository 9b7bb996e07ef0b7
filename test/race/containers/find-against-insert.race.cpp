// find reads although it is not const; insert writes.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <thread>
#include <unordered_map>

int main() {
  std::unordered_map<int, int> m;
  std::thread t([&m] { m.insert({1, 1}); }); // want map/concurrent-read-write "map 'm' is written here in the thread started at line 8 while the creating thread may read it at line 10"
  int hits = 0;
  hits += m.find(2) != m.end();
  t.join();
  return hits;
}
