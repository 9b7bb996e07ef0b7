// A hit counter for a web handler: the closure keeps a reference to a map that dies with the function that made it.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
// emm-check: by-library="width=\\d+" reason="a container's size is the library's"
#include <functional>
#include <string>
#include <unordered_map>

using Handler = std::function<int(const std::string &)>;

static Handler makeHitCounter() {
  std::unordered_map<std::string, int> hits;  // want "^map hits escapes to heap$" "^makeHitCounter capturing by ref: hits \("
  hits.reserve(64);
  return [&hits](const std::string &path) { return ++hits[path]; };  // want closure/outlives-capture "'hits'"
}

int main() {
  Handler count = makeHitCounter();
  count("/index.html");
  return count("/index.html") == 2 ? 0 : 1;
}
