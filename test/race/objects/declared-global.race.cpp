// A global that is only declared here has no debug information; it is named as the program spells it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <thread>

namespace Store {
extern int entries;
}

int main() {
  std::thread t([] { Store::entries = 1; }); // want atomic/missing "^variable 'Store::entries' is written here in the thread started at line 10 while the creating thread may write it at line 11; no lock is held$"
  Store::entries = 2;
  t.join();
}
