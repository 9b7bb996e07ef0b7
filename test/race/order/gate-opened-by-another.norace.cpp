// Another thread may open the gate: what the creating thread does before it starts that one comes first.
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
  value = 1;
  std::thread opener([] { begun.count_down(); });
  reader.join();
  opener.join();
  return seen != 1;
}
