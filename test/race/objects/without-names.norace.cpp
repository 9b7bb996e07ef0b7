// The verdict needs no debug information; only the words do.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 debug=g,line-tables,none stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

int main() {
  std::map<int, int> entries;
  std::mutex mutex;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(mutex);
    entries[1] = 1;
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    entries[2] = 2;
  }
  t.join();
}
