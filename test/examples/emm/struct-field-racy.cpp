// A connection pool hands its idle list to a keep-alive thread of its own; release() runs on the caller's thread.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <mutex>
#include <thread>

class Pool {
public:
  Pool() : keepAlive([this] { probe(); }) {}
  ~Pool() { keepAlive.join(); }

  void release(int socket, long now) {
    idleSince[socket] = now;  // want-note "idleSince'"
  }

private:
  void probe() {
    std::lock_guard<std::mutex> guard(mutex);
    for (int socket = 0; socket < 16; ++socket)
      idleSince.erase(socket);  // want map/concurrent-write "idleSince'"
  }

  std::mutex mutex;
  emm::map<int, long> idleSince;  // want-note "'pool.idleSince' is declared here"
  std::thread keepAlive;
};

int main() {
  Pool pool;
  for (int socket = 0; socket < 32; ++socket)
    pool.release(socket, 1000 + socket);
}
