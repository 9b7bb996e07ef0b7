// A thread that is joined in the iteration that started it never meets the next one.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  for (int i = 0; i < 4; ++i) {
    std::thread t([&m, i] { m[i] = i; }); // want map/concurrent-write "in a thread started at line 9 while another thread started there may write it at line 9"
    t.detach();
  }
}
