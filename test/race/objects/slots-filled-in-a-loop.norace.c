// One object for each slot, or one for all slots.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdlib.h>

struct task {
  int size;
};

static void *work(void *argument) {
  struct task *t = argument;
  t->size += 1;
  return 0;
}

int main(void) {
  pthread_t threads[4];
  struct task *tasks[4];
  struct task *first = malloc(sizeof *first);
  first->size = 0;
  for (int i = 0; i < 4; ++i)
    tasks[i] = malloc(sizeof *first);
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, work, tasks[i]);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
