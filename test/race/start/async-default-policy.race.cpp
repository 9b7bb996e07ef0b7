// Without a policy the work may run in a thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>

int main() {
  std::map<int, int> m;
  auto done = std::async([&m] { return m.size(); });
  m[2] = 2; // want map/concurrent-read-write "map 'm' is written here in the creating thread while the thread started at line 8 may read it at line 8"
  return int(done.get());
}
