// Each worker writes results under its own keys. Different keys do not help: they share buckets, links and the count.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="width=\\d+" reason="a container's size is the library's"
#include <thread>
#include <unordered_map>
#include <vector>

static long squareOf(int n) { return static_cast<long>(n) * n; }

int main() {
  std::unordered_map<int, long> results;  // want "^map results escapes to heap$" "^main capturing by ref: results \("
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker)
    workers.emplace_back([&results, worker] {
      for (int n = worker * 100; n < (worker + 1) * 100; ++n)
        results[n] = squareOf(n);  // want map/concurrent-write "map 'results' is written"
    });
  for (std::thread &worker : workers)
    worker.join();
  return results.size() == 400 ? 0 : 1;
}
