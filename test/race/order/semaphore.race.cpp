// A semaphore that the thread releases after its work.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++
#include <semaphore>
#include <thread>

int main() {
  int result = 0;
  std::binary_semaphore done(0);
  std::thread t([&] {
    result = 1; // want atomic/missing "variable 'result'"
    done.release();
  });
  (void)done;
  result += 1;
  t.join();
}
