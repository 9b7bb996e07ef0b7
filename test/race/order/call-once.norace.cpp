// call_once orders what it runs before everything after it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> table;
std::once_flag once;

static int look(int k) {
  std::call_once(once, [] { table[1] = 1; });
  return int(table.count(k));
}

int main() {
  std::thread t(look, 1);
  look(2);
  t.join();
}
