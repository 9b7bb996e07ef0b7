// The same, joined before.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2
#include <thread>

namespace Store {
extern int entries;
}

int main() {
  std::thread t([] { Store::entries = 1; });
  t.join();
  Store::entries = 2;
}
