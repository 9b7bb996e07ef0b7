/* The C surface of the map runtime: Go's classic map, hashed by a type descriptor.
 *
 * Owns: the four structures whose offsets are fixed (emm_hmap, emm_mapextra, emm_hiter, emm_maptype) and the
 * functions that work on them. The C++ `emm::map` (emm/map.hpp) has the same layout and does not need the
 * library.
 *
 * Threads: any number of readers, or one writer. A map used otherwise is reported on a best-effort basis with
 * Go's text and exit status 2; the check is one plain load in a reader and two plain stores in a writer.
 * Pointers returned by the access and assign functions are valid until the next write to the map.
 * Source: the behaviour of Go 1.19's runtime map on amd64, with the later fixes of clear. */
#ifndef EMM_MAP_H
#define EMM_MAP_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  EMM_BUCKET_SLOTS = 8, /* entries per bucket */
  EMM_LOAD_NUM = 13,    /* maximum average load is 13/2 entries per bucket */
  EMM_LOAD_DEN = 2,
  EMM_MAX_INLINE_KEY = 128, /* larger keys and elements stand on the heap, their slot holds the pointer */
  EMM_MAX_INLINE_ELEM = 128,
  EMM_DATA_OFFSET = 8,  /* keys follow the eight tophash bytes */
  EMM_ZERO_BYTES = 1024 /* size of the shared zero element */
};

/* States of a tophash byte. A live cell holds the top byte of its hash, at least EMM_MIN_TOPHASH. */
enum {
  EMM_EMPTY_REST = 0,      /* empty, and so is every later cell of the chain */
  EMM_EMPTY_ONE = 1,       /* empty */
  EMM_EVACUATED_X = 2,     /* moved to the bucket of the same index in the next array */
  EMM_EVACUATED_Y = 3,     /* moved to the bucket one old bucket count further */
  EMM_EVACUATED_EMPTY = 4, /* was empty when its bucket was evacuated */
  EMM_MIN_TOPHASH = 5
};

/* Bits of emm_hmap.flags. */
enum {
  EMM_ITERATOR = 1,       /* an iterator may be using buckets */
  EMM_OLD_ITERATOR = 2,   /* an iterator may be using oldbuckets */
  EMM_HASH_WRITING = 4,   /* a thread is writing */
  EMM_SAME_SIZE_GROW = 8, /* the growth in progress keeps the bucket count */
  EMM_TRACED = 16,        /* the flight recorder follows this map */
  EMM_SPARSE = 32         /* insertions note which buckets they fill */
};

/* The header of a map. An all-zero header is a valid empty map. `count` comes first so that a debugger and
 * emm_maplen read it with one load. `buckets` is NULL until the first insertion. */
typedef struct emm_hmap {
  size_t count;       /* live entries */
  uint8_t flags;      /* EMM_ITERATOR ... */
  uint8_t B;          /* log2 of the number of buckets */
  uint16_t noverflow; /* overflow buckets; above B = 15 an estimate */
  uint32_t hash0;     /* hash seed; changes whenever the map becomes empty */
  void *buckets;      /* 2^B buckets and the spare overflow buckets behind them */
  void *oldbuckets;   /* the previous array, non-NULL exactly while growing */
  size_t nevacuate;   /* every old bucket below this index has been moved */
  struct emm_mapextra *extra;
} emm_hmap;

/* Owner records of the arrays; present from B = 1 on. */
typedef struct emm_mapextra {
  struct emm_array *overflow;    /* owns buckets and their overflow buckets */
  struct emm_array *oldoverflow; /* owns oldbuckets, NULL when not growing */
  void *next_overflow;           /* next free spare overflow bucket, or NULL */
} emm_mapextra;

/* What Go knows about a type. Only size, align, equal and name are read by this runtime. */
typedef struct emm_type {
  size_t size;    /* bytes */
  size_t ptrdata; /* bytes that may hold pointers; informative */
  uint32_t hash;  /* informative */
  uint8_t tflag;
  uint8_t align; /* at most 8 unless the type is stored indirectly */
  uint8_t field_align;
  uint8_t kind;                              /* emm_kind */
  bool (*equal)(const void *, const void *); /* NULL: compared as bytes */
  const char *name;
  const void *user; /* belongs to the caller */
} emm_type;

typedef enum emm_kind { EMM_PLAIN = 0, EMM_STRING = 1, EMM_FLOAT32 = 2, EMM_FLOAT64 = 3 } emm_kind;

/* A string key: `str` may be NULL when `len` is 0. The map keeps the pointer, not the bytes: they must
 * outlive the entry. */
typedef struct emm_string {
  const char *str;
  size_t len;
} emm_string;

/* A hash function as Go passes it: a pointer to a closure whose first word is the code. It must return (not
 * throw, not longjmp) and give equal keys equal hashes for equal seeds. All 64 bits are used. */
typedef struct emm_hasher {
  uint64_t (*fn)(const void *key, uint64_t seed);
} emm_hasher;

/* Bits of emm_maptype.flags. */
enum {
  EMM_INDIRECT_KEY = 1,
  EMM_INDIRECT_ELEM = 2,
  EMM_REFLEXIVE_KEY = 4,   /* key == key for every key; false for floats */
  EMM_NEED_KEY_UPDATE = 8, /* assigning to an existing entry also stores the key (-0 over +0, strings) */
  EMM_HASH_MIGHT_PANIC = 16
};

/* Describes one map type. Shared by all maps of the type, immutable, must outlive them. */
typedef struct emm_maptype {
  emm_type typ;
  const emm_type *key;
  const emm_type *elem;
  const emm_type *bucket;
  const emm_hasher *hasher;
  uint8_t keysize;     /* bytes of a key slot */
  uint8_t elemsize;    /* bytes of an element slot */
  uint16_t bucketsize; /* 8 + 8 * keysize + 8 * elemsize + 8 */
  uint32_t flags;
} emm_maptype;

/* An iterator. `key` is NULL when the iteration has ended. Start it with emm_mapiterinit; it stays usable
 * while entries are inserted and deleted through any number of growths. Fields below `elem` belong to the
 * runtime. */
typedef struct emm_hiter {
  void *key;
  void *elem;
  const emm_maptype *t;
  emm_hmap *h;
  void *buckets;              /* the array it walks: the newest that was complete when it began */
  void *bptr;                 /* first of the buckets being visited */
  struct emm_array *overflow; /* owner record of `buckets`, NULL for a single bucket */
  uint64_t pending;           /* slots of up to eight buckets from bptr on still to visit */
  size_t start_bucket;
  uint8_t offset;  /* slot the scan of each bucket starts at */
  uint8_t wrapped; /* bit 0: past the end of the array; bits 2 to 7: the current slot, counted from bptr */
  uint8_t B;
  uint8_t chains;      /* which of the buckets being visited have overflow buckets still to visit */
  uint32_t seed;       /* hash0 at the start: a different one means the map has been emptied */
  size_t bucket;       /* next bucket */
  size_t check_bucket; /* chain index of bptr, and in its upper bits which array */
} emm_hiter;

/* Fills `t` for keys and elements of the given types: slot sizes, indirection above 128 bytes (or alignment
 * above 8), flags. `hasher` NULL selects the built-in hash for the kind of key. Returns false, leaving `t`
 * alone, when a size is not a multiple of its alignment or the type is described inconsistently. */
bool emm_maptype_init(emm_maptype *t, const emm_type *key, const emm_type *elem, const emm_hasher *hasher);

extern const emm_type emm_type_empty, emm_type_uint8, emm_type_int32, emm_type_int64, emm_type_float32,
    emm_type_float64, emm_type_string;

/* A new empty map with room for `hint` entries before the first growth; a hint that is negative or cannot be
 * allocated counts as 0. `h` non-NULL is initialised in place instead of allocated. NULL when memory is
 * exhausted. */
emm_hmap *emm_makemap(const emm_maptype *t, ptrdiff_t hint, emm_hmap *h);
/* A new empty map without buckets. NULL when memory is exhausted. */
emm_hmap *emm_makemap_small(void);
/* Ends the map and every iterator on it. Frees `h`; `emm_mapdestroy` frees the contents only. NULL is
 * allowed. */
void emm_mapfree(const emm_maptype *t, emm_hmap *h);
void emm_mapdestroy(const emm_maptype *t, emm_hmap *h);

/* Pointer to the element of `key`, or to a zero element of EMM_ZERO_BYTES that must not be written. Never
 * NULL as long as the element is not larger than that; for larger ones use access2, or _fat with a zero
 * element of the caller's. A NULL map is empty. */
void *emm_mapaccess1(const emm_maptype *t, const emm_hmap *h, const void *key);
void *emm_mapaccess2(const emm_maptype *t, const emm_hmap *h, const void *key, bool *ok);
void *emm_mapaccess1_fat(const emm_maptype *t, const emm_hmap *h, const void *key, const void *zero);
/* Pointer to the element of `key`, inserted as zero bytes when missing. NULL when memory is exhausted: the
 * entries are then what they were. A NULL map ends the process with "assignment to entry in nil map". */
void *emm_mapassign(const emm_maptype *t, emm_hmap *h, const void *key);
/* Removes `key` if present. Never fails, never shrinks. A NULL map is empty. */
void emm_mapdelete(const emm_maptype *t, emm_hmap *h, const void *key);
/* Removes every entry, NaN keys included. Iterators in flight end. Costs one load per bucket plus a store per
 * filled one. */
void emm_mapclear(const emm_maptype *t, emm_hmap *h);
/* Begins an iteration at a random place; `it` need not be initialised. Every entry that stays is produced
 * once, one that is deleted before it is reached never, one that is added during the iteration at most once.
 */
void emm_mapiterinit(const emm_maptype *t, emm_hmap *h, emm_hiter *it);
void emm_mapiternext(emm_hiter *it);
/* Gives back what an iteration left early holds: the arrays it walks. Without it they live until the map is
 * freed. */
void emm_mapiterend(emm_hiter *it);
/* Live entries; 0 for NULL. */
size_t emm_maplen(const emm_hmap *h);

/* The same for keys of 4 bytes, 8 bytes, and strings, passed by value; elements of at most 128 bytes. `t`
 * must have been made for such a key with the built-in hash. A map may be used through both kinds of
 * function. */
void *emm_mapaccess1_fast32(const emm_maptype *t, const emm_hmap *h, uint32_t key);
void *emm_mapaccess2_fast32(const emm_maptype *t, const emm_hmap *h, uint32_t key, bool *ok);
void *emm_mapassign_fast32(const emm_maptype *t, emm_hmap *h, uint32_t key);
void emm_mapdelete_fast32(const emm_maptype *t, emm_hmap *h, uint32_t key);
void *emm_mapaccess1_fast64(const emm_maptype *t, const emm_hmap *h, uint64_t key);
void *emm_mapaccess2_fast64(const emm_maptype *t, const emm_hmap *h, uint64_t key, bool *ok);
void *emm_mapassign_fast64(const emm_maptype *t, emm_hmap *h, uint64_t key);
void emm_mapdelete_fast64(const emm_maptype *t, emm_hmap *h, uint64_t key);
void *emm_mapaccess1_faststr(const emm_maptype *t, const emm_hmap *h, emm_string key);
void *emm_mapaccess2_faststr(const emm_maptype *t, const emm_hmap *h, emm_string key, bool *ok);
void *emm_mapassign_faststr(const emm_maptype *t, emm_hmap *h, emm_string key);
void emm_mapdelete_faststr(const emm_maptype *t, emm_hmap *h, emm_string key);

#if defined(__cplusplus)
}
#define EMM_STATIC_ASSERT static_assert
#else
#define EMM_STATIC_ASSERT _Static_assert
#endif
#if UINTPTR_MAX == UINT64_MAX
EMM_STATIC_ASSERT(sizeof(emm_hmap) == 48 && offsetof(emm_hmap, flags) == 8 &&
                      offsetof(emm_hmap, hash0) == 12 && offsetof(emm_hmap, buckets) == 16 &&
                      offsetof(emm_hmap, extra) == 40,
                  "hmap layout");
EMM_STATIC_ASSERT(sizeof(emm_mapextra) == 24, "mapextra layout");
EMM_STATIC_ASSERT(sizeof(emm_hiter) == 96 && offsetof(emm_hiter, offset) == 72 &&
                      offsetof(emm_hiter, bucket) == 80,
                  "hiter layout");
EMM_STATIC_ASSERT(sizeof(emm_type) == 48 && sizeof(emm_maptype) == 88 &&
                      offsetof(emm_maptype, hasher) == 72 && offsetof(emm_maptype, flags) == 84,
                  "maptype layout");
#endif
#undef EMM_STATIC_ASSERT
#endif
