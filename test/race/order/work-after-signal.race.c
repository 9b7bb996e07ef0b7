// Who waits until a thread has begun does not wait for what it does after that.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <semaphore.h>

static sem_t begun;
static int before, after;
static pthread_t worker;

static void *work(void *unused) {
  before = 1;
  sem_post(&begun);
  after = 1; // want atomic/missing "variable 'after' is written here in the thread started at line 19 while the creating thread may write it at line 27"
  return unused;
}

static int begin(void) {
  sem_init(&begun, 0, 0);
  if (pthread_create(&worker, 0, work, 0))
    return 1;
  return sem_wait(&begun);
}

int main(void) {
  if (begin())
    return 1;
  after = before;
  pthread_join(worker, 0);
  return after != 1;
}
