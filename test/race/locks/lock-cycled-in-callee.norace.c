// A callee that gives the caller's lock back for a while has it again when it returns.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void breathe(int often) {
  if (often) {
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&mutex);
  }
}

static void *work(void *argument) {
  pthread_mutex_lock(&mutex);
  breathe(argument != 0);
  total += 1;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, &total);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return total;
}
