// A lock chosen from an array guards what it was chosen for.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

struct Stripe {
  std::mutex mutex;
  std::map<int, int> entries;
};

Stripe stripes[4];

int main() {
  std::thread t([] {
    std::lock_guard<std::mutex> guard(stripes[1].mutex);
    stripes[1].entries[5] = 1;
  });
  {
    std::lock_guard<std::mutex> guard(stripes[1].mutex);
    stripes[1].entries[9] = 1;
  }
  t.join();
}
