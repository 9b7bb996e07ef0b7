// The same table; the second watcher starts after the first has ended.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <cstdint>
#include <thread>

static emm::map<std::uint16_t, int> parsePorts() {
  emm::map<std::uint16_t, int> ports;  // want "^map ports escapes to heap$"
  for (std::uint16_t port : {22, 80, 443})
    ports[port] = 0;
  return ports;
}

static void recordConnection(emm::map<std::uint16_t, int> &ports, std::uint16_t port) { ports[port] += 1; }

int main() {
  emm::map<std::uint16_t, int> ports = parsePorts();  // want "^map ports escapes to heap$" "^main capturing by ref: ports \("
  std::thread web([&ports] { recordConnection(ports, 443); });
  web.join();
  std::thread shell([&ports] { recordConnection(ports, 22); });
  shell.join();
  return ports.size() == 3 ? 0 : 1;
}
