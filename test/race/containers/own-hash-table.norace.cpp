// The fields of a container of one's own are one object to its users; a single field keeps its name.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>

template <class T> class Table {
public:
  void put(T value) {
    slots[fill & 7] = value;
    ++fill;
    ++changes;
  }
  unsigned size() const { return changes ? fill : 0; }

private:
  T slots[8] = {};
  unsigned fill = 0;
  unsigned changes = 0;
};

struct State {
  std::mutex mutex;
  Table<int> table, other;
};
State state;

int main() {
  std::thread t([] {
    std::lock_guard<std::mutex> guard(state.mutex);
    state.table.put(1);
  });
  {
    std::lock_guard<std::mutex> guard(state.mutex);
    if (state.table.size() == 0)
      state.other.put(2);
  }
  t.join();
}
