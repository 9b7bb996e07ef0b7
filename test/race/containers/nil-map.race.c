// Assignment to an entry of a map that nobody made.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <emm/map.h>
#include <stddef.h>

void count(const emm_maptype *type) {
  emm_hmap *table = NULL;
  *(int *)emm_mapassign_fast32(type, table, 1) = 1; // want map/nil-write "assignment to an entry of a nil map"
  emm_mapfree(type, table);
}
// emm-run: dies="assignment to entry in nil map"
