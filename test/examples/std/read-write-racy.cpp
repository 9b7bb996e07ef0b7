// A DNS cache: a background thread refreshes entries while request threads look names up.
#include <string>
#include <thread>
#include <unordered_map>

static std::unordered_map<std::string, unsigned> cache;

static void refresh() {
  cache["localhost"] = 0x7f000001;
  cache["gateway"] = 0x0a000001;
}

static unsigned resolve(const std::string &host) {
  auto entry = cache.find(host);
  return entry == cache.end() ? 0 : entry->second;
}

int main() {
  std::thread refresher(refresh);
  unsigned address = resolve("localhost");
  refresher.join();
  return address == 0 || address == 0x7f000001 ? 0 : 1;
}
