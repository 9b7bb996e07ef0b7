// A wrapper that locks where there is a mutex; a program without threads has none.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void enter(pthread_mutex_t *m) {
  if (m)
    pthread_mutex_lock(m);
}

static void leave(pthread_mutex_t *m) {
  if (m)
    pthread_mutex_unlock(m);
}

static void *work(void *argument) {
  enter(argument);
  total += 1;
  leave(argument);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, &mutex);
  enter(&mutex);
  leave(&mutex);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
