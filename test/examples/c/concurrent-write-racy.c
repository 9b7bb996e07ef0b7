// Four workers store checksums of their own blocks in one map.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.h>

#include <pthread.h>

enum { WORKERS = 4, BLOCKS = 64 };

static emm_maptype sums_type;
static emm_hmap *sums;

static int64_t checksum(uint64_t block) { return (int64_t)(block * 2654435761u); }

static void *work(void *first) {
  uint64_t begin = (uint64_t)(uintptr_t)first;
  for (uint64_t block = begin; block < begin + BLOCKS; ++block) {
    int64_t sum = checksum(block);
    *(int64_t *)emm_mapassign_fast64(&sums_type, sums, block) = sum;  // want map/concurrent-write "map 'sums"
  }
  return NULL;
}

int main(void) {
  pthread_t workers[WORKERS];
  emm_maptype_init(&sums_type, &emm_type_int64, &emm_type_int64, NULL);
  sums = emm_makemap(&sums_type, WORKERS * BLOCKS, NULL);  // want "^emm_makemap\(.*\) escapes to heap$"
  for (int i = 0; i < WORKERS; ++i)
    pthread_create(&workers[i], NULL, work, (void *)(uintptr_t)(i * BLOCKS));
  for (int i = 0; i < WORKERS; ++i)
    pthread_join(workers[i], NULL);
  size_t stored = emm_maplen(sums);
  emm_mapfree(&sums_type, sums);
  return stored == WORKERS * BLOCKS ? 0 : 1;
}
