// Locks that are functions in a table, as portable libraries have them.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct lock_methods {
  void (*enter)(pthread_mutex_t *);
  void (*leave)(pthread_mutex_t *);
};

static void posix_enter(pthread_mutex_t *m) { pthread_mutex_lock(m); }
static void posix_leave(pthread_mutex_t *m) { pthread_mutex_unlock(m); }
static void no_enter(pthread_mutex_t *m) { (void)m; }
static void no_leave(pthread_mutex_t *m) { (void)m; }

static const struct lock_methods posix_methods = {posix_enter, posix_leave};
static const struct lock_methods no_methods = {no_enter, no_leave};

static struct lock_methods methods;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void *work(void *argument) {
  if (argument)
    methods.enter(&mutex);
  total += 1; // want atomic/missing "variable 'total'"
  methods.leave(&mutex);
  return 0;
}

int main(int argc, char **argv) {
  pthread_t threads[2];
  (void)argv;
  methods = argc > 5 ? no_methods : posix_methods;
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, i ? &total : 0);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
