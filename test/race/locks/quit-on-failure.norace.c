// A wrapper that gives the lock back and ends the program when waiting fails: who comes back from it holds the lock.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;
static int used;

void quit(int code) {
  fprintf(stderr, "giving up\n");
  exit(code);
}
static void waitFor(pthread_cond_t *condition, pthread_mutex_t *held) {
  int result = pthread_cond_wait(condition, held);
  if (result != 0) {
    pthread_mutex_unlock(held);
    quit(result);
  }
}
static void *add(void *unused) {
  pthread_mutex_lock(&mutex);
  while (used >= 4)
    waitFor(&room, &mutex);
  ++used;
  pthread_mutex_unlock(&mutex);
  return unused;
}
int main() {
  pthread_t first, second;
  pthread_create(&first, 0, add, 0);
  pthread_create(&second, 0, add, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}
