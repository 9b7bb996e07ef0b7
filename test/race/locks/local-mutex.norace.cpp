// A mutex local to the function is another one for each thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>

static int total;

void add(int n) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> guard(mutex);
  total += n;
}
