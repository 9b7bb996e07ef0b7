// A vector grown by one thread while another reads its size.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>
#include <vector>

int main() {
  std::vector<int> log;
  std::mutex mutex;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(mutex);
    log.push_back(1);
  });
  mutex.lock();
  size_t n = log.size();
  mutex.unlock();
  t.join();
  return int(n);
}
