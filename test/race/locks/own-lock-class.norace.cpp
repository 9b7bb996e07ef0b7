// A lock class of one's own around a C mutex.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <pthread.h>
#include <thread>

class Lock {
public:
  void acquire() { pthread_mutex_lock(&mutex); }
  void release() { pthread_mutex_unlock(&mutex); }

private:
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};

std::map<int, int> m;
Lock lock;

int main() {
  std::thread t([] {
    lock.acquire();
    m[1] = 1;
    lock.release();
  });
  lock.acquire();
  m[2] = 2;
  lock.release();
  t.join();
}
