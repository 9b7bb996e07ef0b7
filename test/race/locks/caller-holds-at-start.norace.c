// A private function starts threads and goes on writing under the lock that every caller of it holds.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct Pool {
  pthread_mutex_t mutex;
  pthread_t threads[8];
  int count, limit, busy;
};

static void *work(void *argument) {
  struct Pool *pool = argument;
  pthread_mutex_lock(&pool->mutex);
  if (pool->busy < pool->limit)
    ++pool->busy;
  pthread_mutex_unlock(&pool->mutex);
  return 0;
}
static int grow(struct Pool *pool, int count) {
  for (int n = pool->count; n < count; ++n)
    if (pthread_create(&pool->threads[n], 0, work, pool))
      return 1;
  pool->limit = count;
  return 0;
}
static int growOnce(struct Pool *pool, int count) { return count <= 8 ? grow(pool, count) : 1; }
int resize(struct Pool *pool, int count) {
  pthread_mutex_lock(&pool->mutex);
  int failed = growOnce(pool, count);
  pthread_mutex_unlock(&pool->mutex);
  return failed;
}
int resizeTwice(struct Pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  int failed = growOnce(pool, 4) || growOnce(pool, 8);
  pthread_mutex_unlock(&pool->mutex);
  return failed;
}
