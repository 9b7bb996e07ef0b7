// std::async runs at once in a thread; get() waits for it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>

int main() {
  std::map<int, int> m;
  auto done = std::async(std::launch::async, [&m] { m[1] = 1; }); // want map/concurrent-write "map 'm' is written here in the thread started at line 8 while the creating thread may write it at line 10"

  m[2] = 2;
}
