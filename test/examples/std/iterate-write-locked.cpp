// The same registry; the exporter copies the counters under the mutex and prints its copy without it.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

class Metrics {
public:
  void count(const std::string &name) {
    std::lock_guard<std::mutex> guard(mutex);
    ++counters[name];
  }

  void print() const {
    for (const auto &[name, value] : snapshot())
      std::printf("%s %ld\n", name.c_str(), value);
  }

private:
  std::unordered_map<std::string, long> snapshot() const {
    std::lock_guard<std::mutex> guard(mutex);
    return counters;
  }

  mutable std::mutex mutex;
  std::unordered_map<std::string, long> counters;
};

int main() {
  Metrics metrics;
  std::thread exporter(&Metrics::print, &metrics);
  for (int request = 0; request < 100; ++request)
    metrics.count("requests_" + std::to_string(request % 7));
  exporter.join();
}
