// Without a policy the work may run in a thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>

int main() {
  std::map<int, int> m;
  auto done = std::async([&m] { return m.size(); });
  m.count(2);
  return int(done.get());
}
