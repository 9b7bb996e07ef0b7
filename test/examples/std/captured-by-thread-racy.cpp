// Prices are loaded in the background while the main thread already adds today's offers to the same map.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="width=\\d+" reason="a container's size is the library's"
#include <cstdio>
#include <string>
#include <thread>
#include <unordered_map>

int main() {
  std::unordered_map<std::string, double> prices;  // want "^map prices escapes to heap$" "^main capturing by ref: prices \("
  std::thread loader([&prices] {  // want-note "thread is started here"
    prices["apple"] = 0.40;  // want map/concurrent-write "map 'prices' is written"
    prices["pear"] = 0.55;
  });
  prices["melon"] = 1.99;  // want-note "creating thread may write 'prices'"
  loader.join();
  for (const auto &[name, price] : prices)
    std::printf("%s %.2f\n", name.c_str(), price);
}
