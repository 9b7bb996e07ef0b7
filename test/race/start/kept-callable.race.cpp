// A callable that an object keeps runs where the object calls it, in its thread.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <functional>
#include <mutex>
#include <thread>

class Timer {
public:
  explicit Timer(std::function<void()> f) : expired(std::move(f)) {}
  void start() { thread = std::thread(&Timer::run, this); }
  void stop() {
    thread.join();
    cancelled = nullptr;
  }
  void onCancel(const std::function<void()> &f) { cancelled = f; }

private:
  void run() { cancelled(); }
  std::function<void()> expired, cancelled;
  std::thread thread;
};

int main() {
  int late = 0, early = 0;
  Timer timer([&] { ++early; });
  timer.onCancel([&] { ++late; }); // want atomic/missing "^variable 'late' is written here in the thread started at line 10 while the creating thread may write it at line 28; no lock is held$"
  timer.start();
  ++late;
  timer.stop();
  return late + early;
}
