// Shards of a log are counted in parallel, each thread starting from the same function and one shared histogram.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <functional>
#include <thread>

static void countShard(emm::map<int, int> &histogram, int shard) {
  for (int status : {200, 200, 404, 500})
    ++histogram[status + shard];  // want map/concurrent-write "map 'histogram' is written"
}

int main() {
  emm::map<int, int> histogram;  // want "^map histogram escapes to heap$"
  std::thread left(countShard, std::ref(histogram), 0);
  std::thread right(countShard, std::ref(histogram), 1);
  left.join();
  right.join();
  return histogram.size() == 6 ? 0 : 1;
}
