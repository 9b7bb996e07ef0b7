// The same pool; release() takes the mutex that the keep-alive thread holds.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <mutex>
#include <thread>

class Pool {
public:
  Pool() : keepAlive([this] { probe(); }) {}
  ~Pool() { keepAlive.join(); }

  void release(int socket, long now) {
    std::lock_guard<std::mutex> guard(mutex);
    idleSince[socket] = now;
  }

private:
  void probe() {
    std::lock_guard<std::mutex> guard(mutex);
    for (int socket = 0; socket < 16; ++socket)
      idleSince.erase(socket);
  }

  std::mutex mutex;
  emm::map<int, long> idleSince;
  std::thread keepAlive;
};

int main() {
  Pool pool;
  for (int socket = 0; socket < 32; ++socket)
    pool.release(socket, 1000 + socket);
}
