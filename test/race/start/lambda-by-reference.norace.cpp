// A lambda captures a map by reference; the creator writes it before, or after, it joins the thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t([&m] { m[1] = 1; });
  t.join();
  m[2] = 2;
  if (t.joinable())
    t.join();
}
