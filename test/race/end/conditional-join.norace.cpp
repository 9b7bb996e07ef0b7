// A thread that is started under a condition is joined under the same condition.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <pthread.h>
#include <thread>

int total, sum;

void *work(void *unused) {
  sum = 1;
  return unused;
}

int parallel(bool wanted) {
  std::thread t;
  if (wanted)
    t = std::thread([] { total = 1; });
  if (wanted)
    t.join();
  total = 2;
  return total;
}

int several(int n) {
  pthread_t thread;
  if (n > 1)
    pthread_create(&thread, nullptr, work, nullptr);
  if (n <= 1)
    sum = 2;
  else
    pthread_join(thread, nullptr);
  sum = 3;
  return sum;
}
