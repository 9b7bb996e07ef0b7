// An object made by whoever comes first.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>

struct Settings {
  int depth = 3;
};

Settings *settings;
std::mutex mutex;

int depth() {
  (void)mutex;
  if (!settings)
    settings = new Settings; // want atomic/missing "variable 'settings'"
  return settings->depth;
}

int main() {
  std::thread a(depth), b(depth);
  a.join();
  b.join();
}
