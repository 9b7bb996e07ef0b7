// Swapped out under the lock and used outside: nobody else has it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

std::map<int, int> pending;
std::mutex mutex;

static size_t drain() {
  std::map<int, int> taken;
  {
    std::lock_guard<std::mutex> guard(mutex);
    taken.swap(pending);
  }
  taken.erase(1);
  return taken.size();
}

int main() {
  std::thread t(drain);
  {
    std::lock_guard<std::mutex> guard(mutex);
    pending[1] = 1;
  }
  t.join();
}
