// A wrapper starts the thread: the entry is its parameter.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static pthread_t start(void *(*entry)(void *), void *argument) {
  pthread_t thread;
  pthread_create(&thread, 0, entry, argument);
  return thread;
}

static void *work(void *argument) {
  int *count = argument;
  *count += 1;
  return 0;
}

int main(void) {
  int count = 0, other = 0;
  pthread_t thread = start(work, &other);
  count += 2;
  pthread_join(thread, 0);
  return count + other;
}
