// A gate of one's own, of which an annotation says what no rule could tell: the wait is repeated until it succeeds.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <ctime>
#include <semaphore.h>
#include <thread>

class Gate {
public:
  Gate() { sem_init(&Opened, 0, 0); }
  [[clang::annotate("emm:await=0")]] void pass() {
    timespec limit = {0, 0};
    while (sem_timedwait(&Opened, &limit) != 0)
      std::this_thread::yield();
  }
  [[clang::annotate("emm:wake=0")]] void open() { sem_post(&Opened); }

private:
  sem_t Opened;
};

static Gate gate;
static int value;

int main() {
  int seen = 0;
  std::thread t([&] {
    gate.pass();
    seen = value;
  });
  value = 1;
  gate.open();
  t.join();
  return seen != 1;
}
