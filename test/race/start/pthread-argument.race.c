// The map goes to the thread in the argument structure.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <emm/map.h>
#include <pthread.h>

struct job {
  const emm_maptype *type;
  emm_hmap *map;
  pthread_mutex_t mutex;
};

static void *work(void *argument) {
  struct job *j = argument;
  pthread_mutex_lock(&j->mutex);
  *(int *)emm_mapassign_fast32(j->type, j->map, 1) = 1; // want map/concurrent-write "map 'j.map' is written here in the thread started at line 23 while the creating thread may write it at line 26"
  pthread_mutex_unlock(&j->mutex);
  return 0;
}

int run(const emm_maptype *type) {
  struct job j = {type, emm_makemap(type, 8, 0), PTHREAD_MUTEX_INITIALIZER};
  pthread_t thread;
  if (pthread_create(&thread, 0, work, &j) != 0)
    return 1;
  pthread_mutex_trylock(&j.mutex);
  *(int *)emm_mapassign_fast32(type, j.map, 2) = 2;
  pthread_mutex_unlock(&j.mutex);
  pthread_join(thread, 0);
  return 0;
}
