// A lock that is found through the pointer does not guard the pointer itself, however many accesses hold it.
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
  pthread_create(&thread, 0, push, 0);
  queue = calloc(1, sizeof *queue); // want atomic/missing "^variable 'queue' is written here in the creating thread while the thread started at line 23 may read it at line 13; no lock is held"
  pthread_join(thread, 0);
  return 0;
}
