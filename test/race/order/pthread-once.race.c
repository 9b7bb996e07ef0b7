// pthread_once orders the initialisation.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int limit;

static void initialise(void) { limit = 10; } // want atomic/missing "variable 'limit'"

static void *work(void *argument) {
  initialise();
  return limit ? argument : 0;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
