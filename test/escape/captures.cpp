// One line for each closure and variable: by reference or value, whether its address is taken elsewhere, whether it is
// assigned after its initialisation, and its size.
// emm-check: go=closure m=2 match="capturing.*\\)$"
#include <map>
#include <string>

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
