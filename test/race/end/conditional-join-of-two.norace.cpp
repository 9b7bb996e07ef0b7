// The thread is started and joined under two conditions.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,1,2
#include <pthread.h>

int sum;

void *work(void *unused) {
  sum = 1;
  return unused;
}

int several(int n, bool wanted) {
  pthread_t thread;
  if (n > 1 && wanted)
    pthread_create(&thread, nullptr, work, nullptr);
  if (wanted && n > 1)
    pthread_join(thread, nullptr);
  sum = 3;
  return sum;
}
