// What one thread takes from a queue it does one after the other.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

class Queue {
public:
  explicit Queue(int n) {
    for (int i = 0; i < n; ++i)
      threads.push_back(std::thread(&Queue::run, this));
  }
  ~Queue() {
    post(nullptr);
    for (std::thread &t : threads)
      t.join();
  }
  void post(std::function<void()> work) {
    std::lock_guard<std::mutex> guard(mutex);
    works.push_back(work);
    changed.notify_all();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock<std::mutex> guard(mutex);
      while (works.empty())
        changed.wait(guard);
      auto work = works.front();
      if (!work)
        return;
      works.pop_front();
      guard.unlock();
      work();
    }
  }
  std::deque<std::function<void()>> works;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::thread> threads;
};

int main() {
  std::map<int, int> results;
  {
    Queue queue(2);
    queue.post([&results] { results[1] = 1; }); // want map/concurrent-write "^map 'results' is written here in a thread started at line 15 while (another thread started there|a thread started at line 15) may write it at line 52; no lock is held$"
    queue.post([&results] { results[2] = 2; });
  }
  return int(results.size());
}
