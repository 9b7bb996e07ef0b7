// A thread started before the constructor has filled the map.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

class Index {
public:
  Index() {

    thread = std::thread(&Index::run, this);
    entries[2] = 2; // want map/concurrent-read-write "map 'this->entries' is written here in the creating thread while the thread started at line 10 may read it at line 16"
  }
  ~Index() { thread.join(); }

private:
  void run() { entries.count(1); }
  std::map<int, int> entries;
  std::thread thread;
};

int main() { Index index; }
