// A thread cannot know an object that is made after it was started.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdlib.h>

struct task {
  int size;
};

static struct task *make(int size) {
  struct task *t = malloc(sizeof *t);
  t->size = size;
  return t;
}

static void *work(void *argument) {
  struct task *t = argument;
  t->size *= 2;
  return 0;
}

int main(void) {
  pthread_t threads[4];
  struct task *task = make(0);
  for (int i = 0; i < 4; ++i) {
    task = make(i);
    pthread_create(&threads[i], 0, work, task);
  }
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  free(task);
  return 0;
}
