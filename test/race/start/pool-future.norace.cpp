// Work for a pool, its result behind a future.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <condition_variable>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

class Pool {
public:
  Pool() : first([this] { run(); }), second([this] { run(); }) {}
  ~Pool() {
    {
      std::lock_guard<std::mutex> guard(mutex);
      stopping = true;
    }
    wake.notify_all();
    first.join();
    second.join();
  }
  template <class F> std::future<void> submit(F work) {
    auto task = std::make_shared<std::packaged_task<void()>>(work);
    std::future<void> done = task->get_future();
    std::lock_guard<std::mutex> guard(mutex);
    tasks.emplace_back([task] { (*task)(); });
    wake.notify_one();
    return done;
  }

private:
  bool take(std::function<void()> &work) {
    std::unique_lock<std::mutex> guard(mutex);
    wake.wait(guard, [this] { return stopping || !tasks.empty(); });
    if (tasks.empty())
      return false;
    work = std::move(tasks.front());
    tasks.pop_front();
    return true;
  }
  void run() {
    std::function<void()> work;
    while (take(work))
      work();
  }
  std::list<std::function<void()>> tasks;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::thread first, second;
};

int main() {
  std::map<int, int> results;
  Pool pool;
  auto done = pool.submit([&results] { results[1] = 1; });
  done.get();
  size_t n = results.size();

  return int(n);
}
