// The same hit counter, but the closure shares the ownership of its map.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="std::(__shared_ptr_access|shared_ptr)::operator->" reason="the operator is inherited in one library"
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

using Handler = std::function<int(const std::string &)>;

static Handler makeHitCounter() {
  auto hits = std::make_shared<std::unordered_map<std::string, int>>();  // want "^std::make_shared<std::unordered_map<.*>> escapes to heap$"
  hits->reserve(64);
  return [hits](const std::string &path) { return ++(*hits)[path]; };
}

int main() {
  Handler count = makeHitCounter();
  count("/index.html");
  return count("/index.html") == 2 ? 0 : 1;
}
