// A DNS cache: a background thread refreshes entries while request threads look names up.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <string>
#include <thread>
#include <unordered_map>

static std::unordered_map<std::string, unsigned> cache;

static void refresh() {
  cache["localhost"] = 0x7f000001;  // want map/concurrent-read-write "map 'cache' is written"
  cache["gateway"] = 0x0a000001;
}

static unsigned resolve(const std::string &host) {
  auto entry = cache.find(host);  // want-note "may read 'cache'"
  return entry == cache.end() ? 0 : entry->second;
}

int main() {
  std::thread refresher(refresh);
  unsigned address = resolve("localhost");
  refresher.join();
  return address == 0 || address == 0x7f000001 ? 0 : 1;
}
