// What is moved into the thread is the thread's.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <memory>
#include <thread>

int main() {
  auto own = std::make_unique<std::map<int, int>>();
  auto *raw = own.get();
  std::thread t([m = std::move(own)] { (*m)[1] = 1; }); // want map/concurrent-write "written here in the thread started at line 10"
  (*raw)[2] = 2;
  t.join();
}
