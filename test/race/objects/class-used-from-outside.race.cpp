// A library class: the thread it starts meets what anyone may call.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

class Cache {
public:
  void start();
  int get(int k);

private:
  void refresh();
  std::map<int, int> entries;
  std::mutex mutex;
  std::thread thread;
};

void Cache::start() { thread = std::thread(&Cache::refresh, this); }

void Cache::refresh() {
  std::lock_guard<std::mutex> guard(mutex);
  entries[1] = 1; // want map/concurrent-read-write "map 'this->entries' is written here in the thread started at line 19 while a caller of Cache::get may read it at line 28; no lock is held in common"
}

int Cache::get(int k) {
  (void)mutex;
  return int(entries.count(k));
}
