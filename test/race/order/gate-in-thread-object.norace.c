// A thread is made first and let go later; what it runs is a function that its object keeps.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct thread {
  pthread_t handle;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int start, stop;
  void (*function)(void *);
  void *argument;
};

static void *enter(void *data) {
  struct thread *t = data;
  int start;
  pthread_mutex_lock(&t->mutex);
  while ((start = t->start) == 0 && t->stop == 0)
    pthread_cond_wait(&t->changed, &t->mutex);
  pthread_mutex_unlock(&t->mutex);
  if (start)
    t->function(t->argument);
  return 0;
}

static int thread_make(struct thread *t, void (*function)(void *), void *argument) {
  t->start = t->stop = 0;
  t->function = function;
  t->argument = argument;
  pthread_mutex_init(&t->mutex, 0);
  pthread_cond_init(&t->changed, 0);
  return pthread_create(&t->handle, 0, enter, t);
}

static void thread_run(struct thread *t) {
  pthread_mutex_lock(&t->mutex);
  t->start = 1;
  pthread_cond_signal(&t->changed);
  pthread_mutex_unlock(&t->mutex);
}

struct timer {
  struct thread thread;
  int running, ticks;
};

static void tick(void *data) {
  struct timer *t = data;
  if (t->running)
    ++t->ticks;
}

int main(void) {
  struct timer timer = {0};
  if (thread_make(&timer.thread, tick, &timer))
    return 1;
  timer.running = 1;
  thread_run(&timer.thread);
  pthread_join(timer.thread.handle, 0);
  return timer.ticks != 1;
}
