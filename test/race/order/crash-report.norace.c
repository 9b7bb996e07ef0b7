// What a call does from which the program does not come back matters to nobody: it reports what went wrong.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int served, stopped;

static void panic(const char *why) {
  fprintf(stderr, "%s, served: %d\n", why, ++served);
  if (!stopped)
    exit(1);
}

static void *serve(void *argument) {
  if (!argument) { panic("no argument"); __builtin_unreachable(); }
  return 0;
}

int main(void) {
  stopped = 1;
  pthread_t thread;
  pthread_create(&thread, 0, serve, &thread);
  ++served;
  pthread_join(thread, 0);
  return 0;
}
