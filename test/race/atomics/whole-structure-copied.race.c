// Copying a structure reads all its fields, also the one that is updated atomically.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct stats {
  _Atomic long hits;
  long misses;
};

static struct stats stats;

static void *work(void *argument) {
  stats.hits += 1;
  stats.misses += 1; // want atomic/missing "variable 'stats.misses'"
  return argument;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, 0, work, 0);
  long seen = stats.misses + (long)stats.hits;
  pthread_join(t, 0);
  return seen > 5;
}
