// A packaged task moved into a thread; its future is waited for.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::packaged_task<void()> task([&m] { m[1] = 1; }); // want map/concurrent-write "map 'm'"
  std::thread t(std::move(task));

  m[2] = 2;
  if (t.joinable())
    t.join();
}
