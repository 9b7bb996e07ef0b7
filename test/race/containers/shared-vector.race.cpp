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
    log.push_back(1); // want atomic/missing "'log' of type std::vector<int.*is written here in the thread started at line 10 while the creating thread may read it at line 15"
  });
  mutex.try_lock();
  size_t n = log.size();
  mutex.unlock();
  t.join();
  return int(n);
}
