// A macro locks for the block behind it: which way its loops take is decided by constants.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdbool.h>

static void lock(pthread_mutex_t *m) { pthread_mutex_lock(m); }
static void unlock(pthread_mutex_t *m) { pthread_mutex_unlock(m); }

#define SYNCHRONIZED(m)                                                                                                \
  for (unsigned i = 0; i ? (unlock(&(m)), 0) : (lock(&(m)), 1); i = 1)                                                 \
    for (unsigned j = 0; !j; j = 1)

struct pool {
  pthread_mutex_t mutex, tried;
  int error, left;
};
static struct pool pool = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, 0, 10};

static bool take(struct pool *p) {
  bool ours = pthread_mutex_trylock(&p->tried) == 0;
  bool some = ours && p->left > 0;
  if (some)
    --p->left;
  if (ours)
    pthread_mutex_unlock(&p->tried);
  return some;
}

static void *work(void *data) {
  struct pool *p = data;
  take(p);
  SYNCHRONIZED(p->mutex) {
    if (p->error)
      break;
    p->error = 1;
  }
  return 0;
}

int main(void) {
  pthread_t t;
  int error = 0;
  if (pthread_create(&t, 0, work, &pool))
    return 1;
  SYNCHRONIZED(pool.mutex) { error = pool.error; }
  take(&pool);
  pthread_join(t, 0);
  return error > 1;
}
