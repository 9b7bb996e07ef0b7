// The same workers; the computation runs unlocked, the map is written under one mutex.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="width=\\d+" reason="a container's size is the library's"
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

static long squareOf(int n) { return static_cast<long>(n) * n; }

int main() {
  std::unordered_map<int, long> results;  // want "^map results escapes to heap$" "^main capturing by ref: results \("
  std::mutex resultsMutex;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker)
    workers.emplace_back([&results, &resultsMutex, worker] {
      for (int n = worker * 100; n < (worker + 1) * 100; ++n) {
        long square = squareOf(n);
        std::lock_guard<std::mutex> guard(resultsMutex);
        results[n] = square;
      }
    });
  for (std::thread &worker : workers)
    worker.join();
  return results.size() == 400 ? 0 : 1;
}
