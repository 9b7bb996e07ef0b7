// A session table guards logins with its mutex and forgets it in the reaper that runs on another thread.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="width=\\d+" reason="a container's size is the library's"
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

class SessionTable {
public:
  void login(std::uint64_t id, const std::string &user) {
    std::lock_guard<std::mutex> guard(mutex);
    sessions[id] = user;  // want-note "sessions'"
  }

  void expire(std::uint64_t oldest) {
    for (std::uint64_t id = 0; id < oldest; ++id)
      sessions.erase(id);  // want map/concurrent-write "sessions'"
  }

private:
  std::mutex mutex;
  std::unordered_map<std::uint64_t, std::string> sessions;  // want-note "'table.sessions' is declared here"
};

int main() {
  SessionTable table;
  std::thread reaper([&table] { table.expire(2); });
  for (std::uint64_t id = 0; id < 8; ++id)
    table.login(id, "user" + std::to_string(id));
  reaper.join();
}
