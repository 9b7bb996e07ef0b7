// <threads.h>.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <threads.h>

static mtx_t mutex;
static int total;

static int work(void *argument) {
  (void)argument;
  total += 1; // want atomic/missing "variable 'total' is written here in a thread started at line 18 while another thread started there may write it at line 10"
  mtx_unlock(&mutex);
  return 0;
}

int main(void) {
  thrd_t threads[3];
  for (int i = 0; i < 3; ++i)
    thrd_create(&threads[i], work, 0);
  for (int i = 0; i < 3; ++i)
    thrd_join(threads[i], 0);
  return total;
}
