// A map owned by shared_ptr copies that two threads hold.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <memory>
#include <thread>

int main() {
  auto m = std::make_shared<std::map<int, int>>();
  std::thread t([m] { (*m)[1] = 1; }); // want map/concurrent-write "map 'm' is written here in the thread started at line 9 while the creating thread may write it at line 10"
  (*m)[2] = 2;
  t.join();
}
