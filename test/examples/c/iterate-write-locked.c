// A watchdog sums up the memory of all jobs; it holds the scheduler's mutex for the whole loop.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.h>

#include <pthread.h>
#include <stdio.h>

static emm_maptype jobs_type;
static emm_hmap *jobs;
static pthread_mutex_t jobs_mutex = PTHREAD_MUTEX_INITIALIZER;

static void *watchdog(void *unused) {
  int64_t total = 0;
  emm_hiter it;
  pthread_mutex_lock(&jobs_mutex);
  emm_mapiterinit(&jobs_type, jobs, &it);
  for (; it.key; emm_mapiternext(&it))
    total += *(int64_t *)it.elem;
  pthread_mutex_unlock(&jobs_mutex);
  printf("%lld bytes\n", (long long)total);
  return unused;
}

static void schedule(uint64_t job, int64_t bytes) {
  pthread_mutex_lock(&jobs_mutex);
  *(int64_t *)emm_mapassign_fast64(&jobs_type, jobs, job) = bytes;
  pthread_mutex_unlock(&jobs_mutex);
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
