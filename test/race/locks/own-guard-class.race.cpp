// A guard class of one's own, known by what its constructor and destructor do.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

class Section {
public:
  explicit Section(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~Section() { mutex.unlock(); }

private:
  std::mutex &mutex;
};

std::map<int, int> m;
std::mutex first, second;

int main() {
  std::thread t([] {
    Section section(first);
    m[1] = 1; // want map/concurrent-write "map 'm'"
  });
  {
    Section section(second);
    m[2] = 2;
  }
  t.join();
}
