// The thread begins in a function of the wrapper, which finds what to call in an object that the wrapper filled.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>
#include <stdlib.h>

struct job {
  void *(*run)(void *);
  void *argument;
};

static int begun;

static void *begin(void *data) {
  struct job *job = data;
  void *(*run)(void *) = job->run;
  void *argument = job->argument;
  free(job);
  ++begun;
  return run(argument);
}

static int create(pthread_t *thread, void *(*run)(void *), void *argument) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    return -1;
  job->run = run;
  job->argument = argument;
  if (!pthread_create(thread, 0, begin, job))
    return 0;
  free(job);
  return -1;
}

struct server {
  pthread_t thread;
  int requests;
};

static void *serve(void *argument) {
  struct server *server = argument;
  server->requests += begun;
  return 0;
}

int main(void) {
  struct server server = {0};
  if (create(&server.thread, serve, &server))
    return 1;
  pthread_join(server.thread, 0);
  ++server.requests;
  return server.requests == 0;
}
