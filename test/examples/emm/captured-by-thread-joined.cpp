// The same tally; the late order is booked after the join.
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
      sold[order.article] += order.pieces;
  });
  auditor.join();
  sold[1003] = 1;
  return sold.size() == 3 ? 0 : 1;
}
