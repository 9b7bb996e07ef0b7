// One access that conflicts with two threads is reported once; the second thread is a note.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <cstdio>
#include <thread>

bool stop;

int main() {
  std::thread first([] {
    while (!stop)
      std::puts("first");
  });
  std::thread second([] {
    while (!stop)
      std::puts("second");
  });
  stop = true; // want atomic/missing "^variable 'stop' is written here in the creating thread while the thread started at line 9 may read it at line 10; no lock is held$"
  first.join();
  second.join();
}
