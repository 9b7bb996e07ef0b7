// A reference to an element does not outlive clear().
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>

int last(std::map<int, int> &m) {
  int &first = m[1];
  m.erase(2);
  return first;
}
// emm-run: sanitizer=address
