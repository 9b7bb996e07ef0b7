// The same for unordered_map.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <unordered_map>

int drop(std::unordered_map<int, int> &m) {
  auto it = m.find(1);
  if (it == m.end())
    return 0;
  it = m.erase(it);
  return it->second;
}
// emm-run: sanitizer=address
