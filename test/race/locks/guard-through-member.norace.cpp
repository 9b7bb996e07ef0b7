// The guard's constructor calls something before it locks through its member.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

pthread_mutex_t mutex;
int total;
void note();

class Guard {
public:
  Guard(pthread_mutex_t &first, pthread_mutex_t &second) : held(first), other(second) {
    note();
    status = pthread_mutex_lock(&held);
  }
  ~Guard() {
    if (status == 0)
      pthread_mutex_unlock(&held);
  }

private:
  pthread_mutex_t &held, &other;
  int status;
};

void *add(void *unused) {
  pthread_mutex_t ofThisCall = PTHREAD_MUTEX_INITIALIZER;
  Guard guard(mutex, ofThisCall);
  total++;
  return unused;
}

int main() {
  pthread_t first, second;
  pthread_create(&first, nullptr, add, nullptr);
  pthread_create(&second, nullptr, add, nullptr);
  pthread_join(first, nullptr);
  pthread_join(second, nullptr);
}
