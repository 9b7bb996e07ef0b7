// Of two queues one is passed on: the lock that is taken is that of the queue that is changed, whichever it is.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct Queue {
  pthread_mutex_t mutex;
  int length;
  struct Queue *forward;
};
static struct Queue first = {PTHREAD_MUTEX_INITIALIZER, 0, 0}, second = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

static void push(struct Queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  ++queue->length;
  pthread_mutex_unlock(&queue->mutex);
}
static void pushEither(int choice) { push(choice ? &first : &second); }

static void *work(void *unused) {
  pushEither(unused != 0);
  return unused;
}
int main(int count, char **unused) {
  pthread_t thread;
  pthread_create(&thread, 0, work, unused);
  pushEither(count > 1);
  pthread_join(thread, 0);
  return 0;
}
// emm-run: arguments=x
