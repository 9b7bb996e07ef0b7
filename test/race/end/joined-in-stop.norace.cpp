// A member that joins orders what comes after it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

class Worker {
public:
  void start() { thread = std::thread([this] { results[1] = 1; }); }
  void stop() {
    if (thread.joinable())
      thread.join();
  }
  size_t count() const { return results.size(); }

private:
  std::map<int, int> results;
  std::thread thread;
};

int main() {
  Worker worker;
  worker.start();
  worker.stop();
  size_t n = worker.count();
  worker.stop();
  return int(n);
}
