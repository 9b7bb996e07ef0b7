// A plain function and std::ref.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <map>
#include <string>
#include <thread>

using Table = std::map<std::string, int>;

static void fill(Table &table, int n) {
  table["n"] = n; // want map/concurrent-write "map 'table' is written here in the thread started at line 16 while the creating thread may write it at line 17"
}

int main() {
  Table table;
  std::thread t(fill, std::ref(table), 1);
  table["m"] = 2;
  t.join();
}
