// Prices are loaded in the background while the main thread already adds today's offers to the same map.
#include <cstdio>
#include <string>
#include <thread>
#include <unordered_map>

int main() {
  std::unordered_map<std::string, double> prices;
  std::thread loader([&prices] {
    prices["apple"] = 0.40;
    prices["pear"] = 0.55;
  });
  prices["melon"] = 1.99;
  loader.join();
  for (const auto &[name, price] : prices)
    std::printf("%s %.2f\n", name.c_str(), price);
}
