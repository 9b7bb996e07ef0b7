// The pointer itself is shared, whatever it points to.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <memory>
#include <mutex>
#include <thread>

int main() {
  std::unique_ptr<int> current = std::make_unique<int>(1);
  std::mutex mutex;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(mutex);
    current.reset(new int(2));
  });
  {
    std::lock_guard<std::mutex> guard(mutex);
    current.reset();
  }
  t.join();
}
