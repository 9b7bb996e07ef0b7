// The iterator denotes nothing after erase.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>

int sum(std::map<int, int> &m) {
  int total = 0;
  for (auto it = m.begin(); it != m.end();) {
    if (it->second == 0) { // want map/invalidated "iterator 'it' is used here after 'm' erased the element it denoted"
      m.erase(it);
      continue;
    }
    total += it->second;
    ++it;
  }
  return total;
}
// emm-run: sanitizer=address
