// A table filled once, under the guard of a static local, and then only read.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

static std::map<int, int> build() {
  std::map<int, int> m;
  m[1] = 1;
  return m;
}

static int look(int k) {
  static std::map<int, int> table = build();
  return table[k]; // want map/concurrent-write "map 'table'"
}

int main() {
  std::thread t(look, 3);
  look(2);
  t.join();
}
