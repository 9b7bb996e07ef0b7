// Here the start succeeded.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <threads.h>

static int state, other;

static void *work(void *unused) {
  state = 1; // want atomic/missing "^variable 'state' is written here in the thread started at line 15 while the creating thread may write it at line 17; no lock is held$"
  return unused;
}
static int workToo(void *unused) { return other = 1; } // want atomic/missing "^variable 'other' is written here in the thread started at line 23 while the creating thread may write it at line 25; no lock is held$"

int start(pthread_t *thread) {
  int result = pthread_create(thread, 0, work, 0);
  if (result == 0) {
    state = 2;
    return result;
  }
  return 0;
}
int startToo(thrd_t *thread) {
  if (thrd_create(thread, workToo, 0) != thrd_success)
    return 0;
  other = 2;
  return 1;
}
