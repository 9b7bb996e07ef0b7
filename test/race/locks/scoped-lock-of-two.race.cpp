// scoped_lock takes several mutexes.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++ std=c++17
#include <map>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  std::map<int, int> entries;
};

static void transfer(Account &from, Account &to) {
  std::scoped_lock lock(from.mutex);
  from.entries[1] = 1;
  to.entries[1] = 1; // want map/concurrent-write "map 'b.entries'"
}

int main() {
  Account a, b;
  std::thread t([&] { transfer(a, b); });
  {
    std::scoped_lock lock(b.mutex);
    b.entries[2] = 2;
  }
  t.join();
}
