// A lock that is tried, and another condition beside it: what follows holds the lock.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,1,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>

std::mutex mutex;
int total;

void add(int n) {
  bool held = mutex.try_lock();
  if (held && n != 0)
    total += n;
  if (held)
    mutex.unlock();
}

int main(int count, char **) {
  std::thread t(add, count);
  add(count + 1);
  t.join();
}
