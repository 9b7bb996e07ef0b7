// The same cache with a reader-writer lock: look-ups share it, the refresh holds it exclusively.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>

static std::unordered_map<std::string, unsigned> cache;
static std::shared_mutex cacheMutex;

static void refresh() {
  std::unique_lock<std::shared_mutex> lock(cacheMutex);
  cache["localhost"] = 0x7f000001;
  cache["gateway"] = 0x0a000001;
}

static unsigned resolve(const std::string &host) {
  std::shared_lock<std::shared_mutex> lock(cacheMutex);
  auto entry = cache.find(host);
  return entry == cache.end() ? 0 : entry->second;
}

int main() {
  std::thread refresher(refresh);
  unsigned address = resolve("localhost");
  refresher.join();
  return address == 0 || address == 0x7f000001 ? 0 : 1;
}
