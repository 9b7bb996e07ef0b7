// A wrapper says in its own way whether there is a thread: here there is one.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdbool.h>

static int state, other, last;
static pthread_t second, third;

static void *work(void *unused) {
  state = 1; // want atomic/missing "^variable 'state' is written here in the thread started at line 23 while the creating thread may write it at line 47; no lock is held$"
  return unused;
}
static void *workToo(void *unused) {
  other = 1; // want atomic/missing "^variable 'other' is written here in the thread started at line 27 while the creating thread may write it at line 49; no lock is held$"
  return unused;
}

static void *workLast(void *unused) {
  last = 1; // want atomic/missing "^variable 'last' is written here in the thread started at line 33 while the creating thread may write it at line 42; no lock is held$"
  return unused;
}

static bool create(pthread_t *thread, void *(*run)(void *)) { return pthread_create(thread, 0, run, 0) == 0; }

static int startSecond(void) {
  int result = 1;
  if (pthread_create(&second, 0, workToo, 0))
    result = 0;
  return result;
}

static int startThird(void) {
  int error = pthread_create(&third, 0, workLast, 0);
  return error ? -error : 0;
}

int main(void) {
  if (startThird() < 0) {
    last = 3;
    return 1;
  }
  last = 2;
  pthread_join(third, 0);
  pthread_t first;
  bool running = create(&first, work), runningToo = startSecond();
  if (running)
    state = 2;
  if (runningToo)
    other = 2;
  if (running)
    pthread_join(first, 0);
  if (runningToo)
    pthread_join(second, 0);
  return 0;
}
