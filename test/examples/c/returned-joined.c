// The same host; the core modules are complete before the extras are loaded.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.h>

#include <pthread.h>

static emm_maptype modules_type;

static emm_hmap *open_table(void) {
  emm_maptype_init(&modules_type, &emm_type_int64, &emm_type_int64, NULL);
  return emm_makemap(&modules_type, 16, NULL);  // want "^emm_makemap\(.*\) escapes to heap$"
}

static void *load_core(void *modules) {
  for (uint64_t id = 0; id < 8; ++id)
    *(int64_t *)emm_mapassign_fast64(&modules_type, modules, id) = 1;
  return NULL;
}

static void *load_extras(void *modules) {
  for (uint64_t id = 100; id < 108; ++id)
    *(int64_t *)emm_mapassign_fast64(&modules_type, modules, id) = 1;
  return NULL;
}

int main(void) {
  emm_hmap *modules = open_table();
  pthread_t core, extras;
  pthread_create(&core, NULL, load_core, modules);
  pthread_join(core, NULL);
  pthread_create(&extras, NULL, load_extras, modules);
  pthread_join(extras, NULL);
  size_t loaded = emm_maplen(modules);
  emm_mapfree(&modules_type, modules);
  return loaded == 16 ? 0 : 1;
}
