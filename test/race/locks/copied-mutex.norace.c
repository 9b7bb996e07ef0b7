// A structure passed by value brings a mutex of its own along.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct account {
  pthread_mutex_t mutex;
  long balance;
};

static struct account account = {PTHREAD_MUTEX_INITIALIZER, 0};
static long total;

static void deposit(struct account *a, long sum) {
  pthread_mutex_t *mutex = &a->mutex;
  pthread_mutex_lock(mutex);
  total += sum;
  pthread_mutex_unlock(mutex);
}

static void *work(void *argument) {
  deposit(argument, 3);
  return 0;
}

int main(void) {
  pthread_t t[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&t[i], 0, work, &account);
  for (int i = 0; i < 2; ++i)
    pthread_join(t[i], 0);
  return 0;
}
