/* Looking into maps: dump, invariant check, flight recorder, heap profile. Needs libemm_map.
 *
 * A C++ program that uses only emm/map.hpp gets the reports and EMM_MAPTRACE by linking the library whole:
 * the CMake target emm::map does it (-Wl,-u,emm_map_runtime). */
#ifndef EMM_MAP_DEBUG_H
#define EMM_MAP_DEBUG_H

#include "emm/map.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Prints header, growth, load, chain lengths, and each non-empty chain's tophash bytes. `t` is read for its
 * slot sizes only; a C++ map gives both arguments with c_layout() and c_header(). The map must not be written
 * meanwhile. */
void emm_map_dump(const emm_maptype *t, const emm_hmap *h, FILE *out);
/* NULL when every invariant of the layout holds, or a string constant naming the first that does not. Hashes
 * every key. */
const char *emm_map_check(const emm_maptype *t, const emm_hmap *h);

/* Starts or stops following maps whose first bucket is allocated from now on; EMM_MAPTRACE=1 in the
 * environment starts at load. The last operations of every thread are kept in a ring per thread and printed
 * when a misuse is detected. */
void emm_maptrace_start(void);
void emm_maptrace_stop(void);
/* Prints the recorded operations on `h` (NULL: on any map), oldest first, at most `limit`. */
void emm_maptrace_print(const emm_hmap *h, unsigned limit, int fd);

/* Starts recording the allocations of maps by call site; EMM_MAPPROFILE=1 starts at load. Costs a stack walk
 * for each allocation. */
void emm_mapprofile_start(void);
/* Writes what has been recorded since as a gzipped pprof profile (alloc_objects, alloc_space, inuse_objects,
 * inuse_space). Returns 0, or -1 with errno set. */
int emm_mapprofile_write(const char *path);

/* The insertion that makes a map of `capacity` entries (as hinted) grow for the n-th time, n from 0: 9, 14,
 * 27, 53, ... for 0. */
size_t emm_map_growth_insert(size_t capacity, unsigned n);

/* Makes the random choices of the calling thread from now on (hash seeds, where iterations start, the estimate
 * of overflow buckets) those of `seed`, so that a run can be repeated. For tests: a known seed lets an attacker
 * choose colliding keys. */
void emm_map_seed(uint64_t seed);

/* Linked in to make the library's reports take effect. */
extern const char emm_map_runtime[];

#ifdef __cplusplus
}
#endif
#endif
