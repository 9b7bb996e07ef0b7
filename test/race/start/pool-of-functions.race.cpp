// A pool of threads that takes work from a queue of std::function.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

class Pool {
public:
  explicit Pool(int n) {
    for (int i = 0; i < n; ++i)
      threads.emplace_back([this] { run(); });
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> guard(mutex);
      stopping = true;
    }
    wake.notify_all();
    for (std::thread &t : threads)
      t.join();
  }
  void submit(std::function<void()> work) {
    {
      std::lock_guard<std::mutex> guard(mutex);
      queue.push(std::move(work));
    }
    wake.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::function<void()> work;
      {
        std::unique_lock<std::mutex> guard(mutex);
        wake.wait(guard, [this] { return stopping || !queue.empty(); });
        if (queue.empty())
          return;
        work = std::move(queue.front());
        queue.pop();
      }
      work();
    }
  }
  std::vector<std::thread> threads;
  std::queue<std::function<void()>> queue;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
};

int main() {
  std::map<int, int> results;
  std::mutex guarding;
  Pool pool(4);
  for (int i = 0; i < 100; ++i)
    pool.submit([&results, &guarding, i] {
      (void)guarding;
      results[i] = i; // want map/concurrent-write "^map .results. is written here in a thread started at line 15 while another thread started there may write it at line 63; no lock is held"
    });
}
