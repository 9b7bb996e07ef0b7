// Without std::ref the thread gets a copy.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <map>
#include <thread>

using Table = std::map<int, int>;

static void fill(const Table &table, int n) { const_cast<Table &>(table)[n] = n; } // want map/concurrent-write "map 'table'"

int main() {
  Table table;
  std::thread t(fill, std::cref(table), 1);
  table[2] = 2;
  t.join();
}
