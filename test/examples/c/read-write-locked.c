// The same route table behind a reader-writer lock.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.h>

#include <pthread.h>

static emm_maptype routes_type;
static emm_hmap *routes;
static pthread_rwlock_t routes_lock = PTHREAD_RWLOCK_INITIALIZER;

static void *control(void *unused) {
  pthread_rwlock_wrlock(&routes_lock);
  for (uint64_t network = 0; network < 40; ++network)
    *(int64_t *)emm_mapassign_fast64(&routes_type, routes, network) = (int64_t)(network % 4);
  pthread_rwlock_unlock(&routes_lock);
  return unused;
}

static int64_t next_hop(uint64_t network) {
  bool known;
  pthread_rwlock_rdlock(&routes_lock);
  int64_t *hop = emm_mapaccess2_fast64(&routes_type, routes, network, &known);
  int64_t result = known ? *hop : -1;
  pthread_rwlock_unlock(&routes_lock);
  return result;
}

int main(void) {
  pthread_t controller;
  emm_maptype_init(&routes_type, &emm_type_int64, &emm_type_int64, NULL);
  routes = emm_makemap_small();  // want "^emm_makemap_small\(.*\) escapes to heap$"
  pthread_create(&controller, NULL, control, NULL);
  int64_t hop = next_hop(7);
  pthread_join(controller, NULL);
  emm_mapfree(&routes_type, routes);
  return hop == -1 || hop == 3 ? 0 : 1;
}
