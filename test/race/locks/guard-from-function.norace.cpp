// A function that returns a guard hands the lock over.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> m;
std::mutex mutex;

static std::unique_lock<std::mutex> enter() {
  std::unique_lock<std::mutex> lock(mutex);
  return lock;
}

int main() {
  std::thread t([] {
    auto lock = enter();
    m[1] = 1;
  });
  {
    auto lock = enter();
    m[2] = 2;
  }
  t.join();
}
