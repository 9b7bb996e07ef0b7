// Contexts of one kind only are locked: that may protect what follows, and what follows the unlock is not.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdlib.h>

struct context {
  int kind;
  int hits;
  pthread_mutex_t mutex;
};

static void lock_context(struct context *c) {
  if (c && c->kind == 1)
    pthread_mutex_lock(&c->mutex);
}

static void unlock_context(struct context *c) {
  if (c && c->kind == 1)
    pthread_mutex_unlock(&c->mutex);
}

static void *serve(void *argument) {
  struct context *c = argument;
  lock_context(c);
  c->hits++;
  unlock_context(c);
  return NULL;
}

int main(void) {
  struct context *c = calloc(1, sizeof *c);
  c->kind = 1;
  pthread_mutex_init(&c->mutex, NULL);
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, serve, c);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return c->hits == 0;
}
