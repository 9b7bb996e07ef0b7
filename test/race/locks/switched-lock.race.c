// The same, with a caller that says that it holds the lock and does not.
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
  if (q->length + n > 100) { // want lock/inconsistent "^variable 'queue.length' is read here in the creating thread while the thread started at line 36 may write it at line 19; 'queue.mutex' is held at 6 of 8 accesses, not at this one$"
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
  pushOne(&queue, 0);
  pthread_join(thread, 0);
  return 0;
}
