// A lambda captures a map by reference; the creator writes it before, or after, it joins the thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::thread t([&m] { m[1] = 1; }); // want map/concurrent-write "map 'm' is written here in the thread started at line 8 while the creating thread may write it at line 10; no lock is held"

  m[2] = 2;
  if (t.joinable())
    t.join();
}
