// One thread waits for what the other one did before its signal.
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
    first = 1;
    filled.count_down();
  });
  std::thread publisher([] {
    second = 2;
    published.store(true, std::memory_order_release);
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
    third = 3;
    {
      std::lock_guard<std::mutex> guard(mutex);
      ready = true;
    }
    changed.notify_one();
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
