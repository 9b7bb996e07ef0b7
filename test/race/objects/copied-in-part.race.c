// A structure is copied into the front of a larger one: what follows there is not what follows the original.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdlib.h>

struct table {
  int n;
};
struct callbacks {
  void (*begin)(void);
  void (*end)(void);
};
struct bundle {
  struct callbacks callbacks;
  struct table *stats;
};
struct server {
  struct callbacks callbacks;
  struct table *table;
};

static void *serve(void *argument) {
  struct server *s = argument;
  s->table->n++; // want atomic/missing "stats"
  return NULL;
}

static void run(struct bundle *b) {
  struct server *s = malloc(sizeof *s);
  s->callbacks = b->callbacks;
  s->table = b->stats;
  pthread_t thread;
  pthread_create(&thread, NULL, serve, s);
  b->stats->n++;
  pthread_join(thread, NULL);
  free(s);
}

int main(void) {
  struct bundle b = {{NULL, NULL}, calloc(1, sizeof(struct table))};
  run(&b);
  return b.stats->n == 0;
}
