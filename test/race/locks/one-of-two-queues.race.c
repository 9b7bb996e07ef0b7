// Of two queues one is changed under the lock of one of them.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct Queue {
  pthread_mutex_t mutex;
  int length;
  struct Queue *forward;
};
static struct Queue first = {PTHREAD_MUTEX_INITIALIZER, 0, 0}, second = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

static void push(struct Queue *queue, struct Queue *other) {
  pthread_mutex_lock(&other->mutex);
  ++queue->length; // want atomic/missing "^variable 'first.length' is written here in the thread started at line 25 while the creating thread may write it at line 14; no lock is held$" atomic/missing "^variable 'second.length' is written here in the thread started at line 25 while the creating thread may write it at line 14; no lock is held$"
  pthread_mutex_unlock(&other->mutex);
}
static void pushEither(int choice, int other) { push(choice ? &first : &second, other ? &first : &second); }

static void *work(void *unused) {
  pushEither(unused != 0, 1);
  return unused;
}
int main(int count, char **unused) {
  pthread_t thread;
  pthread_create(&thread, 0, work, unused);
  pushEither(count > 1, count > 2);
  pthread_join(thread, 0);
  return 0;
}
// emm-run: arguments=x
