// The same loader; both sides hold the mutex, and the main thread reads after the join.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="width=\\d+" reason="a container's size is the library's"
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

int main() {
  std::unordered_map<std::string, double> prices;  // want "^map prices escapes to heap$" "^main capturing by ref: prices \("
  std::mutex pricesMutex;
  std::thread loader([&prices, &pricesMutex] {
    std::lock_guard<std::mutex> guard(pricesMutex);
    prices["apple"] = 0.40;
    prices["pear"] = 0.55;
  });
  {
    std::lock_guard<std::mutex> guard(pricesMutex);
    prices["melon"] = 1.99;
  }
  loader.join();
  for (const auto &[name, price] : prices)
    std::printf("%s %.2f\n", name.c_str(), price);
}
