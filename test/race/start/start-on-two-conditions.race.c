// The same, started.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,1,2
#include <pthread.h>

struct Task {
  pthread_t thread;
  int done, failed;
};

static void *work(void *argument) {
  ((struct Task *)argument)->done = 1; // want atomic/missing "^variable 'task->done' is written here in the thread started at line 17 while the creating thread may write it at line 22; no lock is held$"
  return 0;
}
static int prepare(struct Task *task, int background) {
  int result = task->failed;
  if (result == 0 && background != 0)
    result = pthread_create(&task->thread, 0, work, task);
  return result;
}
int now(struct Task *task) {
  int result = prepare(task, 1);
  task->done = 1;
  return result;
}
