// A parameter says whether the function takes the lock: callers that do not hold it pass 1.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct Queue {
  pthread_mutex_t mutex;
  int length;
};
static struct Queue queue = {PTHREAD_MUTEX_INITIALIZER, 0};

static int push(struct Queue *q, int n, int lock) {
  if (lock)
    pthread_mutex_lock(&q->mutex);
  if (q->length + n > 100) {
    if (lock)
      pthread_mutex_unlock(&q->mutex);
    return 0;
  }
  q->length += n;
  if (lock)
    pthread_mutex_unlock(&q->mutex);
  return 1;
}
static int pushOne(struct Queue *q, int lock) { return push(q, 1, lock); }

static void *work(void *unused) {
  push(&queue, 2, 1);
  pthread_mutex_lock(&queue.mutex);
  pushOne(&queue, 0);
  queue.length += 1;
  pthread_mutex_unlock(&queue.mutex);
  return unused;
}
int main() {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  pushOne(&queue, 1);
  pthread_join(thread, 0);
  return 0;
}
