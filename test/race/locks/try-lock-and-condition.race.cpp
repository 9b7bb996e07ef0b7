// One condition or the other: without the lock as well.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,1,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>

std::mutex mutex;
int total;

void add(int n) {
  bool held = mutex.try_lock();
  if (held || n != 0)
    total += n; // want atomic/missing "^variable 'total' is written here in the thread started at line 18 while the creating thread may write it at line 12; no lock is held$"
  if (held)
    mutex.unlock();
}

int main(int count, char **) {
  std::thread t(add, count);
  add(count + 1);
  t.join();
}
