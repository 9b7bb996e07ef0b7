// A std::function runs the lambda it was made from.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::function<void()> work = [&m] { m[1] = 1; };
  std::thread t(work);
  t.join();
  m[2] = 2;
  if (t.joinable())
    t.join();
}
