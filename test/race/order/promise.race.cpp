// A promise that is set after the write, and a get before the read.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  std::promise<void> ready;
  std::future<void> is_ready = ready.get_future();
  std::thread t([&] {
    m[1] = 1; // want map/concurrent-read-write "map 'm' is written here in the thread started at line 11 while the creating thread may read it at line 16"
    ready.set_value();
  });
  (void)is_ready;
  size_t n = m.size();
  t.join();
  return int(n);
}
