// A thread started before the constructor has filled the map.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>

class Index {
public:
  Index() {
    entries[1] = 1;
    thread = std::thread(&Index::run, this);

  }
  ~Index() { thread.join(); }

private:
  void run() { entries.count(1); }
  std::map<int, int> entries;
  std::thread thread;
};

int main() { Index index; }
