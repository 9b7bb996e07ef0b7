// A loop over the map reads it for as long as the loop lasts.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <string>
#include <thread>

struct Registry {
  std::map<std::string, int> names;
  std::mutex mutex;
};

static long total(Registry &r) {

  long sum = 0;
  for (const auto &entry : r.names)
    sum += entry.second;
  return sum;
}

int main() {
  Registry r;
  std::thread t([&r] {
    std::lock_guard<std::mutex> guard(r.mutex);
    r.names.erase("x"); // want map/concurrent-iteration "map 'r.names' is written here in the thread started at line 23 while the creating thread may iterate over it at line 16; no lock is held in common"
  });
  long sum = total(r);
  t.join();
  return int(sum);
}
