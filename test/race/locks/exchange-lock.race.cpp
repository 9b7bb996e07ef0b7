// A spin lock made from an exchange in a class.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <map>
#include <thread>

class Spin {
public:
  void lock() {
    while (taken.exchange(true, std::memory_order_acquire)) {
    }
  }
  void unlock() { taken.store(false, std::memory_order_release); }

private:
  std::atomic<bool> taken{false};
};

Spin spin;
std::map<int, int> m;

static void put(int k) {
  (void)spin;
  m[k] = k; // want map/concurrent-write "map 'm'"
  spin.unlock();
}

int main() {
  std::thread t(put, 1);
  put(2);
  t.join();
}
