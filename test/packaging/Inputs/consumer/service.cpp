#include <emm/map.hpp>

#include <thread>

extern "C" long ticks(void);

static emm::map<int, long> seen;

static void record(int client) { seen[client] = ticks(); }

int main() {
  std::thread other(record, 1);
  record(2);
  other.join();
  return 0;
}
