// A std::function runs the lambda it was made from.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::function<void()> work = [&m] { m[1] = 1; }; // want map/concurrent-write "map 'm' is written here in the thread started at line 10 while the creating thread may write it at line 12"
  std::thread t(work);

  m[2] = 2;
  if (t.joinable())
    t.join();
}
