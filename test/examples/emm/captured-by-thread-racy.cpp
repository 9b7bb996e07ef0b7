// An auditor thread tallies orders; the main thread books a late order into the same map before it waits.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <thread>
#include <vector>

struct Order {
  int article;
  int pieces;
};

int main() {
  const std::vector<Order> orders = {{1001, 3}, {1002, 1}, {1001, 2}};
  emm::map<int, int> sold;  // want "^map sold escapes to heap$" "^main capturing by ref: sold \("
  std::thread auditor([&] {
    for (const Order &order : orders)
      sold[order.article] += order.pieces;  // want map/concurrent-write "map 'sold' is written"
  });
  sold[1003] = 1;  // want-note "creating thread may write 'sold'"
  auditor.join();
  return sold.size() == 3 ? 0 : 1;
}
