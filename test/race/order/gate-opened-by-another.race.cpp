// Another thread may open the gate: what the creating thread does after it started that one meets the first.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <latch>
#include <thread>

static std::latch begun(1);
static int value;

int main() {
  int seen = 0;
  std::thread reader([&] {
    begun.wait();
    seen = value;
  });
  std::thread opener([] { begun.count_down(); });
  value = 1; // want atomic/missing "variable 'value' is written here in the creating thread while the thread started at line 11 may read it at line 13"
  reader.join();
  opener.join();
  return seen != 1;
}
