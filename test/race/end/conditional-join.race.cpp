// The conditions differ, or are asked anew.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <pthread.h>
#include <thread>

int total, sum;

void *work(void *unused) {
  sum = 1; // want atomic/missing "^variable 'sum' is written here in a thread started at line 27 while the creating thread may write it at line 28; no lock is held$"
  return unused;
}

int parallel(bool wanted, bool joined) {
  std::thread t;
  if (wanted)
    t = std::thread([] { total = 1; }); // want atomic/missing "^variable 'total' is written here in the thread started at line 16 while the creating thread may write it at line 19; no lock is held$"
  if (joined)
    t.join();
  total = 2;
  return total;
}

int several(int n) {
  pthread_t thread;
  for (int i = 0; i < n; ++i) {
    if (i == 1)
      pthread_create(&thread, nullptr, work, nullptr);
    sum = 2;
    if (i == 2)
      pthread_join(thread, nullptr);
  }
  return sum;
}
