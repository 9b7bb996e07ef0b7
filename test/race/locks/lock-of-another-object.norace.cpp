// Two objects have a lock of the same name; each guards its own.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

struct Shelf {
  std::mutex mutex;
  std::map<int, int> books;
};

int main() {
  Shelf left, right;
  std::thread t([&] {
    std::lock_guard<std::mutex> guard(left.mutex);
    left.books[1] = 1;
  });
  {
    std::lock_guard<std::mutex> guard(left.mutex);
    left.books[2] = 2;
  }
  t.join();
}
