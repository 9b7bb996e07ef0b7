// A watchdog sums up the memory of all jobs while the scheduler adds and removes jobs.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.h>

#include <pthread.h>
#include <stdio.h>

static emm_maptype jobs_type;
static emm_hmap *jobs;

static void *watchdog(void *unused) {
  int64_t total = 0;
  emm_hiter it;
  emm_mapiterinit(&jobs_type, jobs, &it);  // want-note "iterate"
  for (; it.key; emm_mapiternext(&it))
    total += *(int64_t *)it.elem;
  printf("%lld bytes\n", (long long)total);
  return unused;
}

static void schedule(uint64_t job, int64_t bytes) {
  *(int64_t *)emm_mapassign_fast64(&jobs_type, jobs, job) = bytes;  // want map/concurrent-iteration "map 'jobs"
}

int main(void) {
  pthread_t dog;
  emm_maptype_init(&jobs_type, &emm_type_int64, &emm_type_int64, NULL);
  jobs = emm_makemap_small();  // want "^emm_makemap_small\(.*\) escapes to heap$"
  pthread_create(&dog, NULL, watchdog, NULL);
  for (uint64_t job = 0; job < 64; ++job)
    schedule(job, 1 << 20);
  pthread_join(dog, NULL);
  emm_mapfree(&jobs_type, jobs);
  return 0;
}
