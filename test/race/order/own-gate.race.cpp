// Behind a gate of one's own, once it is open.
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
  gate.open();
  value = 1; // want atomic/missing "variable 'value' is written here in the creating thread while the thread started at line 26 may read it at line 28"
  t.join();
  return seen != 1;
}
