// Puts the threads of a program under the thread sanitizer into an order, so that a race is met without luck.
//
// The sanitizer sees a race only if no lock happens to order the two accesses, which depends on who comes first. EMM_ORDER
// says who: `creator` (a new thread sleeps before it begins), `thread` (its creator sleeps after the start), `locks` (whoever
// takes a mutex sleeps while it holds it), `locks-late` (both of the last two). Sleeping orders nothing for the sanitizer.
// The functions here stand in front of the sanitizer's own, which they call. C11's threads, which it does not know, are
// POSIX threads here.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

int ___interceptor_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int ___interceptor_pthread_mutex_lock(pthread_mutex_t *);
int ___interceptor_pthread_mutex_trylock(pthread_mutex_t *);

enum { Long = 12000, Short = 4000, SlowLocks = 8 }; // microseconds; how many locks are slow

static int is(const char *order) {
  const char *given = getenv("EMM_ORDER");
  return given && strncmp(given, order, strlen(order)) == 0;
}

struct Start {
  void *(*run)(void *);
  void *argument;
};

static void *runLate(void *given) {
  struct Start start = *(struct Start *)given;
  free(given);
  usleep(Long);
  return start.run(start.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
  if (is("creator")) {
    struct Start *start = malloc(sizeof *start);
    start->run = run;
    start->argument = argument;
    return ___interceptor_pthread_create(thread, attributes, runLate, start);
  }
  int result = ___interceptor_pthread_create(thread, attributes, run, argument);
  if (is("thread"))
    usleep(Long);
  else if (is("locks-late"))
    usleep(Short);
  return result;
}

static int held(int result) {
  static int taken;
  if (result == 0 && is("locks") && __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED) < SlowLocks)
    usleep(2 * Short);
  return result;
}

int pthread_mutex_lock(pthread_mutex_t *mutex) { return held(___interceptor_pthread_mutex_lock(mutex)); }
int pthread_mutex_trylock(pthread_mutex_t *mutex) { return held(___interceptor_pthread_mutex_trylock(mutex)); }

struct Entry {
  thrd_start_t run;
  void *argument;
};

static void *enter(void *given) {
  struct Entry entry = *(struct Entry *)given;
  free(given);
  return (void *)(intptr_t)entry.run(entry.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t run, void *argument) {
  struct Entry *entry = malloc(sizeof *entry);
  entry->run = run;
  entry->argument = argument;
  return pthread_create(thread, 0, enter, entry) == 0 ? thrd_success : thrd_error;
}

int thrd_join(thrd_t thread, int *result) {
  void *returned;
  int failed = pthread_join(thread, &returned);
  if (result)
    *result = (int)(intptr_t)returned;
  return failed ? thrd_error : thrd_success;
}

int mtx_lock(mtx_t *mutex) { return pthread_mutex_lock((pthread_mutex_t *)mutex) == 0 ? thrd_success : thrd_error; }
int mtx_unlock(mtx_t *mutex) { return pthread_mutex_unlock((pthread_mutex_t *)mutex) == 0 ? thrd_success : thrd_error; }
