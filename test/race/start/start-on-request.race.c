// A callee that starts a thread only when it is asked to.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static pthread_t t;
static int total;

static void *work(void *argument) {
  total += 1; // want atomic/missing "variable 'total'"
  return argument;
}

static void prepare(int threads) {
  if (threads)
    pthread_create(&t, 0, work, 0);
}

int main(void) {
  prepare(1);
  total += 2;
  pthread_join(t, 0);
}
