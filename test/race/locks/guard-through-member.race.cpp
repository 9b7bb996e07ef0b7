// The same, through the member for the mutex of this call only.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <pthread.h>

pthread_mutex_t mutex;
int total;
void note();

class Guard {
public:
  Guard(pthread_mutex_t &first, pthread_mutex_t &second) : held(first), other(second) {
    note();
    status = pthread_mutex_lock(&other);
  }
  ~Guard() {
    if (status == 0)
      pthread_mutex_unlock(&other);
  }

private:
  pthread_mutex_t &held, &other;
  int status;
};

void *add(void *unused) {
  pthread_mutex_t ofThisCall = PTHREAD_MUTEX_INITIALIZER;
  Guard guard(mutex, ofThisCall);
  total++; // want atomic/missing "^variable 'total' is written here in the thread started at line 34 while the thread started at line 35 may write it at line 28; no lock is held$"
  return unused;
}

int main() {
  pthread_t first, second;
  pthread_create(&first, nullptr, add, nullptr);
  pthread_create(&second, nullptr, add, nullptr);
  pthread_join(first, nullptr);
  pthread_join(second, nullptr);
}
