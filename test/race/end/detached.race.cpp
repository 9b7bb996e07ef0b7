// A detached thread runs on: nothing orders it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <semaphore>
#include <thread>

std::map<int, int> m;

int main() {
  std::thread t([] {
    m[1] = 1; // want map/concurrent-write "map 'm'"
  });
  t.detach();
  m[2] = 2;
}
