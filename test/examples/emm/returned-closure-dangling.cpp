// A rate limiter: the returned closure refers to a local map that is gone by the time it is called.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <cstdint>

static auto makeLimiter(int perClient) {
  emm::map<std::uint64_t, int> seen;  // want "^map seen escapes to heap$" "^makeLimiter capturing by ref: seen \("
  return [&seen, perClient](std::uint64_t client) { return ++seen[client] <= perClient; };  // want closure/outlives-capture "'seen'"
}

int main() {
  auto allow = makeLimiter(2);
  return allow(7) && allow(7) && !allow(7) ? 0 : 1;
}
