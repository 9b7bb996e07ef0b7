// A plain function and std::ref.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <map>
#include <string>
#include <thread>

using Table = std::map<std::string, int>;

static void fill(Table &table, int n) {
  table["n"] = n;
}

int main() {
  Table table;
  std::thread t([&] { Table own; fill(own, 1); });
  table["m"] = 2;
  t.join();
}
