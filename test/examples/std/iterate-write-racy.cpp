// A metrics registry: the exporter prints all counters while the request path still registers new ones.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <cstdio>
#include <string>
#include <thread>
#include <unordered_map>

class Metrics {
public:
  void count(const std::string &name) { ++counters[name]; }  // want map/concurrent-iteration "counters'"

  void print() const {
    for (const auto &[name, value] : counters)  // want-note "iterate"
      std::printf("%s %ld\n", name.c_str(), value);
  }

private:
  std::unordered_map<std::string, long> counters;
};

int main() {
  Metrics metrics;
  std::thread exporter(&Metrics::print, &metrics);
  for (int request = 0; request < 100; ++request)
    metrics.count("requests_" + std::to_string(request % 7));
  exporter.join();
}
