// A write under a read lock.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <emm/map.h>
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static emm_hmap *table;

void *lookup(const emm_maptype *type, unsigned key) {
  pthread_rwlock_wrlock(&lock);
  void *found = emm_mapassign_fast32(type, table, key);
  pthread_rwlock_unlock(&lock);
  return found;
}
