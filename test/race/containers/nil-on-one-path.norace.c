// Nil on one of two ways.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <emm/map.h>
#include <stddef.h>

void count(const emm_maptype *type, int wanted) {
  emm_hmap *table = emm_makemap(type, 4, NULL);
  if (wanted)
    table = emm_makemap(type, 8, NULL);
  *(int *)emm_mapassign_fast32(type, table, 1) = 1;
  emm_mapfree(type, table);
}
// emm-run: dies="assignment to entry in nil map"
