// A thread that waits for a signal before it goes on meets what is written once the signal was given.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>

static std::latch begun(1);
static std::binary_semaphore tokens(0);
static std::atomic<bool> published;
static std::mutex mutex;
static std::condition_variable changed;
static bool ready, started;
static int first, second, third, fourth, fifth;
static std::atomic<int> sum;

static void waitUntilReady() {
  std::unique_lock<std::mutex> lock(mutex);
  while (!ready)
    changed.wait(lock);
}

static void makeReady() {
  {
    std::lock_guard<std::mutex> guard(mutex);
    ready = true;
  }
  changed.notify_all();
}

int main() {
  std::thread a([] {
    begun.wait();
    sum += first;
  });
  begun.count_down();
  first = 1; // want atomic/missing "variable 'first' is written here in the creating thread while the thread started at line 34 may read it"

  std::thread b([] {
    waitUntilReady();
    sum += second;
  });
  makeReady();
  second = 1; // want atomic/missing "variable 'second' is written here in the creating thread while the thread started at line 41 may read it"

  std::thread c([] {
    tokens.acquire();
    sum += third;
  });
  tokens.release();
  third = 1; // want atomic/missing "variable 'third' is written here in the creating thread while the thread started at line 48 may read it"

  std::thread d([] {
    while (!published.load(std::memory_order_acquire))
      std::this_thread::yield();
    sum += fourth;
  });
  published.store(true, std::memory_order_release);
  fourth = 1; // want atomic/missing "variable 'fourth' is written here in the creating thread while the thread started at line 55 may read it"

  std::thread e([] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return started; });
    lock.unlock();
    sum += fifth;
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    started = true;
  }
  changed.notify_all();
  fifth = 1; // want atomic/missing "variable 'fifth' is written here in the creating thread while the thread started at line 63 may read it"

  a.join();
  b.join();
  c.join();
  d.join();
  e.join();
  return sum != 5;
}
