// A string is one object, however little of it is changed.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <string>
#include <thread>

int main() {
  std::string log;
  std::mutex mutex;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(mutex);
    log += "from the thread"; // want atomic/missing "'log' of type (std::)?string"
  });
  {
    (void)mutex;
    log.append("from main");
  }
  t.join();
}
