// One condition more for the join than for the start.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,1,2
#include <pthread.h>

int sum;

void *work(void *unused) {
  sum = 1; // want atomic/missing "^variable 'sum' is written here in the thread started at line 15 while the creating thread may write it at line 18; no lock is held$"
  return unused;
}

int several(int n, bool wanted, bool patient) {
  pthread_t thread;
  if (n > 1 && wanted)
    pthread_create(&thread, nullptr, work, nullptr);
  if (wanted && n > 1 && patient)
    pthread_join(thread, nullptr);
  sum = 3;
  return sum;
}
