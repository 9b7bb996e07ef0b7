// A thread starts a thread, and does not wait for it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t([&m] {
    std::thread inner([&m] { m[1] = 1; }); // want map/concurrent-write "map 'm' is written here in the thread started at line 9 while the creating thread may write it at line 13"
    inner.detach();
  });
  t.join();
  m[2] = 2;
}
