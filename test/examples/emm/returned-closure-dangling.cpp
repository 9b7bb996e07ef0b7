// A rate limiter: the returned closure refers to a local map that is gone by the time it is called.
#include <emm/map.hpp>

#include <cstdint>

static auto makeLimiter(int perClient) {
  emm::map<std::uint64_t, int> seen;
  return [&seen, perClient](std::uint64_t client) { return ++seen[client] <= perClient; };
}

int main() {
  auto allow = makeLimiter(2);
  return allow(7) && allow(7) && !allow(7) ? 0 : 1;
}
