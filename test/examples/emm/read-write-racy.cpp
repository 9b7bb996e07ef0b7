// Feature flags: a poller writes what the server sends, the request path asks whether a flag is set.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <thread>

class Flags {
public:
  void update(int flag, bool value) { values[flag] = value; }  // want map/concurrent-read-write "values'"
  bool enabled(int flag) const { return values.contains(flag); }  // want-note "may read"

private:
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
