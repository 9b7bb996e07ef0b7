// The same limiter; the map moves into the closure.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <cstdint>
#include <utility>

static auto makeLimiter(int perClient) {
  emm::map<std::uint64_t, int> seen;  // want "^map seen does not escape$" "^makeLimiter capturing by value: seen \("
  return [seen = std::move(seen), perClient](std::uint64_t client) mutable { return ++seen[client] <= perClient; };
}

int main() {
  auto allow = makeLimiter(2);
  return allow(7) && allow(7) && !allow(7) ? 0 : 1;
}
