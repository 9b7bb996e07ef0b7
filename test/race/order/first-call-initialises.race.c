// What the first caller sets up is no race with its later uses; what every caller does over again is.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

struct methods {
  int depth;
};

static struct methods configuration;
static int ready;

static void initialise(void) {
  if (ready < 9)
    configuration.depth = 3; // want atomic/missing "variable 'configuration.depth'"
  ready = 1;
}

static void *work(void *argument) {
  *(int *)argument = configuration.depth;
  return 0;
}

int main(void) {
  int result;
  pthread_t t;
  initialise();
  pthread_create(&t, 0, work, &result);
  initialise();
  pthread_join(t, 0);
  return result != 3;
}
