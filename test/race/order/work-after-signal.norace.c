// Who waits until a thread has begun meets nothing that it did before.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <semaphore.h>

static sem_t begun;
static int before, after;
static pthread_t worker;

static void *work(void *unused) {
  before = 1;
  sem_post(&begun);
  after = 1;
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
  before += 1;
  pthread_join(worker, 0);
  return before + after != 3;
}
