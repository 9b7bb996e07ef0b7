// Threads kept in a member vector, joined by a loop in another function.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <thread>
#include <vector>

class Pool {
public:
  void start(std::map<int, int> &m) {
    for (int i = 0; i < 2; ++i)
      threads.push_back(std::thread([&m] { m.size(); }));
  }
  void wait() {
    for (auto &t : threads)
      t.join();
    threads.clear();
  }

private:
  std::vector<std::thread> threads;
};

int main() {
  std::map<int, int> m;
  Pool pool;
  pool.start(m);

  m[2] = 2; // want map/concurrent-read-write "map 'm' is written here in the creating thread while a thread started at line 11 may read it at line 11"
  pool.wait();
}
