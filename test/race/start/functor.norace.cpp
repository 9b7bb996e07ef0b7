// A functor object that keeps a reference.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

using Table = std::map<int, int>;

struct Writer {
  Table &table;
  void operator()() const { table[1] = 1; }
};

int main() {
  Table table, other;
  std::thread t(Writer{other});
  table[2] = 2;
  t.join();
}
