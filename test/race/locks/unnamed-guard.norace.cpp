// A guard without a name is gone at the end of its statement.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>

static std::mutex mutex;
static int total;

void add(int n) {
  std::lock_guard<std::mutex> guard{mutex};
  total += n;
}
