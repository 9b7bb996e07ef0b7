// The same flags with a mutex inside the class, where no caller can forget it.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <mutex>
#include <thread>

class Flags {
public:
  void update(int flag, bool value) {
    std::scoped_lock guard(mutex);
    values[flag] = value;
  }
  bool enabled(int flag) const {
    std::scoped_lock guard(mutex);
    return values.contains(flag);
  }

private:
  mutable std::mutex mutex;
  emm::map<int, bool> values;
};

static int serve(const Flags &flags) {
  int answered = 0;
  for (int request = 0; request < 100; ++request)
    answered += flags.enabled(request % 3);
  return answered;
}

int main() {
  Flags flags;
  std::thread poller([&flags] {
    for (int flag = 0; flag < 20; ++flag)
      flags.update(flag, true);
  });
  int answered = serve(flags);
  poller.join();
  return answered >= 0 ? 0 : 1;
}
