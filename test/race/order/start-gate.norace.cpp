// A thread that waits for a signal before it goes on does not meet what was written before the signal was given.
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
  first = 1;
  begun.count_down();

  std::thread b([] {
    waitUntilReady();
    sum += second;
  });
  second = 1;
  makeReady();

  std::thread c([] {
    tokens.acquire();
    sum += third;
  });
  third = 1;
  tokens.release();

  std::thread d([] {
    while (!published.load(std::memory_order_acquire))
      std::this_thread::yield();
    sum += fourth;
  });
  fourth = 1;
  published.store(true, std::memory_order_release);

  std::thread e([] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return started; });
    lock.unlock();
    sum += fifth;
  });
  fifth = 1;
  {
    std::lock_guard<std::mutex> guard(mutex);
    started = true;
  }
  changed.notify_all();

  a.join();
  b.join();
  c.join();
  d.join();
  e.join();
  return sum != 5;
}
