// A mutex local to the function is another one for each thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>

static int total;

void add(int n) {
  std::mutex mutex;
  std::lock_guard<std::mutex> guard(mutex); // want lock/useless "lock 'mutex' is local to add: each call has its own, so it protects nothing"
  total += n;
}
