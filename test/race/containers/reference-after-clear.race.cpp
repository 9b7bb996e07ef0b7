// A reference to an element does not outlive clear().
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>

int last(std::map<int, int> &m) {
  int &first = m[1];
  m.clear();
  return first; // want map/invalidated "a reference into map 'm' is used here after the map was changed"
}
// emm-run: sanitizer=address
