// A constant on the left of a comparison means what it does on the right.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *shared = &mutex;
static int tried, total;

static void enter(pthread_mutex_t *m) {
  if (NULL != m)
    pthread_mutex_lock(m);
}
static void leave(pthread_mutex_t *m) {
  if (NULL != m)
    pthread_mutex_unlock(m);
}
static void count(void) {
  if (0 != pthread_mutex_trylock(&mutex)) {
    ++tried; // want atomic/missing "variable 'tried' is written here in a thread started at line 36 while the creating thread may write it at line 20"
  } else {
    pthread_mutex_unlock(&mutex);
  }
}
static void *work(void *argument) {
  count();
  enter(argument);
  ++total;
  leave(argument);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    if (0 != pthread_create(&threads[i], 0, work, shared))
      return 1;
  count();
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
