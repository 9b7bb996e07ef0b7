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
  std::lock_guard<std::mutex> guard(r.mutex);
  long sum = 0;
  for (const auto &entry : r.names)
    sum += entry.second;
  return sum;
}

int main() {
  Registry r;
  std::thread t([&r] {
    std::lock_guard<std::mutex> guard(r.mutex);
    r.names.erase("x");
  });
  long sum = total(r);
  t.join();
  return int(sum);
}
