// One line for each closure and variable: by reference or value, whether its address is taken elsewhere, whether it is
// assigned after its initialisation, and its size.
// emm-check: go=closure m=2 match="capturing.*\\)$"
// emm-check: by-library="width=\\d+|\\(\\d+ bytes" reason="a container's size is the library's"
#include <map>
#include <string>
#include <utility>

void unknown(int *p);
template <class F> static void now(F f) { f(); }

void capture(std::map<int, int> &shared, int *pointer) {  // want "^capture capturing by ref: shared \(addr=false assign=false width=48\)$" "^capture capturing by value: pointer \(addr=false assign=false width=8\)$"
  int byValue = 1;            // want "^capture capturing by value: byValue \(addr=false assign=false width=4\)$"
  int byReference = 1;        // want "^capture capturing by ref: byReference \(addr=false assign=false width=4\)$"
  int assigned = 1;           // want "^capture capturing by ref: assigned \(addr=false assign=true width=4\)$"
  int changedInside = 1;      // want "^capture capturing by ref: changedInside \(addr=false assign=true width=4\)$"
  int addressTaken = 1;       // want "^capture capturing by ref: addressTaken \(addr=true assign=false width=4\)$"
  char block[128] = {};       // want "^capture capturing by value: block \(addr=.* width=128\)$"
  assigned = 2;
  unknown(&addressTaken);
  now([byValue] { (void)byValue; });
  now([&byReference] { (void)byReference; });
  now([&assigned] { (void)assigned; });
  now([&changedInside] { changedInside = 3; });
  now([&addressTaken] { (void)addressTaken; });
  now([block] { (void)block; });
  now([&shared] { shared[1] = 2; });
  now([pointer] { *pointer = 1; });
}

// A class passed by value lies with the caller, and the parameter is its address.
auto parameterByValue(std::map<int, int> m) {  // want "^parameterByValue capturing by value: m \(addr=false assign=false width=48\)$"
  return [m] { return m.size(); };
}
auto parameterMoved(std::map<int, int> m) {  // want "^parameterMoved capturing by value: m \(addr=false assign=false width=48\)$"
  return [m = std::move(m)] { return m.size(); };
}
auto parameterByReference(std::map<int, int> m) {  // want "^parameterByReference capturing by ref: m \(addr=false assign=false width=48\)$"
  auto size = [&m] { return m.size(); };
  return size();
}
auto parameterAddressTaken(std::map<int, int> m) {  // want "^parameterAddressTaken capturing by ref: m \(addr=true assign=false width=48\)$"
  unknown(&m[1]);
  static std::map<int, int> *last = nullptr;
  last = &m;
  auto size = [&m] { return m.size(); };
  return size();
}
static auto closureInRegisters(int x) {  // want "^closureInRegisters capturing by ref: x \(addr=false assign=false width=4\)$"
  return [](auto f) { return f(); }([&x] { return x; });
}
auto useAll(int x) { return closureInRegisters(x); }
