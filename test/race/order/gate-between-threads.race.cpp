// One thread does not wait for what the other one does after its signal.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>

static std::latch filled(1);
static std::atomic<bool> published;
static std::mutex mutex;
static std::condition_variable changed;
static bool ready;
static int first, second, third;

int main() {
  int sum = 0, more = 0, last = 0;
  std::thread producer([] {
    filled.count_down();
    first = 1; // want atomic/missing "variable 'first' is written here in the thread started at line 18 while the thread started at line 26 may read it at line 28"
  });
  std::thread publisher([] {
    published.store(true, std::memory_order_release);
    second = 2; // want atomic/missing "variable 'second' is written here in the thread started at line 22 while the thread started at line 30 may read it at line 33"
  });
  std::thread consumer([&] {
    filled.wait();
    sum = first;
  });
  std::thread poller([&] {
    while (!published.load(std::memory_order_acquire))
      std::this_thread::yield();
    more = second;
  });
  std::thread notifier([] {
    {
      std::lock_guard<std::mutex> guard(mutex);
      ready = true;
    }
    changed.notify_one();
    third = 3; // want atomic/missing "variable 'third' is written here in the thread started at line 35 while the thread started at line 43 may read it at line 48"
  });
  std::thread waiter([&] {
    std::unique_lock<std::mutex> lock(mutex);
    while (!ready)
      changed.wait(lock);
    lock.unlock();
    last = third;
  });
  notifier.join();
  waiter.join();
  producer.join();
  publisher.join();
  consumer.join();
  poller.join();
  return sum + more + last != 6;
}
