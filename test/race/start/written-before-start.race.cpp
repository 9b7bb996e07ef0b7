// What is written before the thread starts is ordered.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t;
  m[1] = 1;
  t = std::thread([&m] { m[2] = 2; }); // want map/concurrent-write "map 'm' is written here in the thread started at line 10 while the creating thread may write it at line 11"
  m[3] = 3;
  t.join();
}
