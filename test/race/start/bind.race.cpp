// std::bind hides the function and its object.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <map>
#include <thread>

struct Store {
  std::map<int, int> m;
  void put(int k) { m[k] = k; } // want map/concurrent-write "map 'store.m'"
};

int main() {
  Store store, other;
  std::thread t(std::bind(&Store::put, &store, 1));
  store.put(2);
  t.join();
}
