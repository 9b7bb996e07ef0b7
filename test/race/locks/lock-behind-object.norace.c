// The queue is there before the thread is.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdlib.h>

struct Queue {
  pthread_mutex_t mutex;
  int length;
};
struct Queue *queue;

static void *push(void *unused) {
  if (queue) {
    pthread_mutex_lock(&queue->mutex);
    queue->length += 1;
    queue->length += 1;
    pthread_mutex_unlock(&queue->mutex);
  }
  return unused;
}
int main() {
  pthread_t thread;
  queue = calloc(1, sizeof *queue);
  pthread_create(&thread, 0, push, 0);
  pthread_join(thread, 0);
  return 0;
}
