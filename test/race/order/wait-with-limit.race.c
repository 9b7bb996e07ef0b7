// A wait with a time limit ends without the condition.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready, value;

static void await(void) {
  struct timespec limit = {0, 0};
  pthread_mutex_lock(&mutex);
  if (!ready)
    pthread_cond_timedwait(&changed, &mutex, &limit);
  pthread_mutex_unlock(&mutex);
}

static void *work(void *result) {
  await();
  *(int *)result = value;
  return 0;
}

int main(void) {
  pthread_t t;
  int result;
  pthread_create(&t, 0, work, &result);
  value = 1; // want atomic/missing "variable 'value' is written here in the creating thread while the thread started at line 27 may read it at line 20"
  pthread_mutex_lock(&mutex);
  ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  pthread_join(t, 0);
  return result != 1;
}
