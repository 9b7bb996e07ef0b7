// The same count without sharing: each thread fills a histogram of its own, the sums are taken after the joins.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <functional>
#include <thread>

static void countShard(emm::map<int, int> &histogram, int shard) {
  for (int status : {200, 200, 404, 500})
    ++histogram[status + shard];
}

int main() {
  emm::map<int, int> histogram, second;  // want "^map histogram escapes to heap$" "^map second escapes to heap$"
  std::thread left(countShard, std::ref(histogram), 0);
  std::thread right(countShard, std::ref(second), 1);
  left.join();
  right.join();
  for (const auto &[status, count] : second)
    histogram[status] += count;
  return histogram.size() == 6 ? 0 : 1;
}
