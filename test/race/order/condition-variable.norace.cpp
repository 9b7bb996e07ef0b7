// A wait on a condition variable gives the lock back and takes it again.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> queue;
std::mutex mutex;
std::condition_variable changed;

static void consume() {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [] { return !queue.empty(); });
  queue.clear();
}

int main() {
  std::thread t(consume);
  {
    std::lock_guard<std::mutex> guard(mutex);
    queue[1] = 1;
  }
  changed.notify_one();
  t.join();
}
