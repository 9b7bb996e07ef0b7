// The thread is started if two conditions hold, and a constant argument says that one does not; the optimiser may have
// made one branch of the two.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,1,2
#include <pthread.h>

struct Task {
  pthread_t thread;
  int done, failed;
};

static void *work(void *argument) {
  ((struct Task *)argument)->done = 1;
  return 0;
}
static int prepare(struct Task *task, int background) {
  int result = task->failed;
  if (result == 0 && background != 0)
    result = pthread_create(&task->thread, 0, work, task);
  return result;
}
int now(struct Task *task) {
  int result = prepare(task, 0);
  task->done = 1;
  return result;
}
