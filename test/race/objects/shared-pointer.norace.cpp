// A map owned by shared_ptr copies that two threads hold.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <memory>
#include <thread>

int main() {
  auto m = std::make_shared<std::map<int, int>>();
  std::thread t([m] { (*m)[1] = 1; });
  (void)m;
  t.join();
}
