// Where the start of the thread failed there is none.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <threads.h>

static int state, other;

static void *work(void *unused) {
  state = 1;
  return unused;
}
static int workToo(void *unused) { return other = 1; }

int start(pthread_t *thread) {
  int result = pthread_create(thread, 0, work, 0);
  if (result != 0) {
    state = 2;
    return result;
  }
  return 0;
}
int startToo(thrd_t *thread) {
  if (thrd_create(thread, workToo, 0) == thrd_success)
    return 0;
  other = 2;
  return 1;
}
