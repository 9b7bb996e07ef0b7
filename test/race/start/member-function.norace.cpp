// A member function started on `this`; the other side is another member called by main.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>
#include <unordered_map>

class Server {
public:
  void start() { thread = std::thread(&Server::run, this); }
  void put(int k) {
    std::lock_guard<std::mutex> guard(mutex);
    items[k] = 1;
  }
  void stop() { thread.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> guard(mutex);
    items.erase(1);
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
