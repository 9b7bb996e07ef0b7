// A member function started on `this`; the other side is another member called by main.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>
#include <unordered_map>

class Server {
public:
  void start() { thread = std::thread(&Server::run, this); }
  void put(int k) {

    items[k] = 1;
  }
  void stop() { thread.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> guard(mutex);
    items.erase(1); // want map/concurrent-write "map 'server.items' is written here in the thread started at line 9 while the creating thread may write it at line 12; no lock is held in common"
  }
  std::unordered_map<int, int> items;
  std::mutex mutex;
  std::thread thread;
};

int main() {
  Server server;
  server.start();
  server.put(2);
  server.stop();
}
