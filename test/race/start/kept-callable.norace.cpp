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
  void run() { expired(); }
  std::function<void()> expired, cancelled;
  std::thread thread;
};

int main() {
  int late = 0, early = 0;
  Timer timer([&] { ++early; });
  timer.onCancel([&] { ++late; });
  timer.start();
  ++late;
  timer.stop();
  return late + early;
}
