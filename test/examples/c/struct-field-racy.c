// A quota service keeps its map and its mutex in one structure; the janitor thread drops entries without the mutex.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.h>

#include <pthread.h>

struct quota {
  pthread_mutex_t mutex;
  emm_maptype type;
  emm_hmap *used;  // want-note "'q.used' is declared here"
};

static void charge(struct quota *q, uint64_t account, int64_t bytes) {
  pthread_mutex_lock(&q->mutex);
  *(int64_t *)emm_mapassign_fast64(&q->type, q->used, account) += bytes;  // want-note "q.used"
  pthread_mutex_unlock(&q->mutex);
}

static void *janitor(void *argument) {
  struct quota *q = argument;
  for (uint64_t account = 0; account < 4; ++account)
    emm_mapdelete_fast64(&q->type, q->used, account);  // want map/concurrent-write "q.used"
  return NULL;
}

int main(void) {
  static struct quota q = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  pthread_t cleaner;
  emm_maptype_init(&q.type, &emm_type_int64, &emm_type_int64, NULL);
  q.used = emm_makemap_small();  // want "^emm_makemap_small\(.*\) escapes to heap$"
  pthread_create(&cleaner, NULL, janitor, &q);
  for (uint64_t account = 0; account < 32; ++account)
    charge(&q, account, 4096);
  pthread_join(cleaner, NULL);
  emm_mapfree(&q.type, q.used);
  return 0;
}
