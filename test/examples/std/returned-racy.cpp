// A word index is built by a factory and returned; two indexers then add to the one map it made.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

using Index = std::unordered_map<std::string, int>;

static Index *makeIndex() {
  auto *index = new Index;  // want "^new Index escapes to heap$"
  (*index)["the"] = 0;
  return index;
}

static void addDocument(Index *index, const std::vector<std::string> &words) {
  for (const std::string &word : words)
    (*index)[word] += 1;  // want map/concurrent-write "map 'index' is written"
}

int main() {
  const std::vector<std::string> english = {"the", "map", "the", "lock"};
  const std::vector<std::string> german = {"die", "karte", "das", "schloss"};
  Index *index = makeIndex();
  std::thread first(addDocument, index, std::cref(english));
  std::thread second(addDocument, index, std::cref(german));
  first.join();
  second.join();
  std::size_t words = index->size();
  delete index;
  return words == 7 ? 0 : 1;
}
