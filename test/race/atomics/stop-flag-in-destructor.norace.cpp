// A plain flag that a destructor sets before it joins.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

class Worker {
public:
  Worker() : thread(&Worker::run, this) {}
  ~Worker() {
    stop = true;
    thread.join();
  }

private:
  void run() {
    while (!stop) {
    }
  }
  std::atomic<bool> stop{false};
  std::thread thread;
};

int main() { Worker worker; }
