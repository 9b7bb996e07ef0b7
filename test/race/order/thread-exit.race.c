// A call from which the thread does not come back, while the program goes on.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

static int served;

static void finish(void) {
  ++served; // want atomic/missing "^variable 'served' is written here in the thread started at line 20 while the creating thread may write it at line 21; no lock is held$"
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
  ++served;
  pthread_join(thread, 0);
  return 0;
}
