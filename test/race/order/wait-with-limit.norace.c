// A wait for a condition, in a loop that asks for it, ends when somebody made it true.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready, value;

static void await(void) {
  pthread_mutex_lock(&mutex);
  while (!ready)
    pthread_cond_wait(&changed, &mutex);
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
  value = 1;
  pthread_mutex_lock(&mutex);
  ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  pthread_join(t, 0);
  return result != 1;
}
