// A getter that returns a reference from under its lock does not protect the caller.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

class Holder {
public:
  std::map<int, int> all() {
    std::lock_guard<std::mutex> guard(mutex);
    return entries;
  }
  void put(int k) {
    std::lock_guard<std::mutex> guard(mutex);
    entries[k] = k;
  }

private:
  std::map<int, int> entries;
  std::mutex mutex;
};

int main() {
  Holder holder;
  std::thread t([&] { holder.put(1); });
  size_t n = holder.all().size();
  t.join();
  return int(n);
}
