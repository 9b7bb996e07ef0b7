// The future that nobody keeps waits in its destructor, at the end of the statement.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>

int main() {
  std::map<int, int> m;
  (void)std::async(std::launch::async, [&m] { m[1] = 1; });
  m[2] = 2;
}
