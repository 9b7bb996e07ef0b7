// A call from which the thread does not come back, while the program goes on.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static int served;

static void finish(void) {
  ++served;
  pthread_exit(0);
}

static void *serve(void *argument) {
  finish();
  __builtin_unreachable();
  return argument;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, serve, &thread);
  pthread_join(thread, 0);
  ++served;
  return 0;
}
