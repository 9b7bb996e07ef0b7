// A plain flag that a destructor sets before it joins.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <atomic>
#include <thread>

class Worker {
public:
  Worker() : thread(&Worker::run, this) {}
  ~Worker() {
    stop = true; // want atomic/missing "variable 'worker.stop' is written here in the creating thread while the thread started at line 8 may read it at line 16"
    thread.join();
  }

private:
  void run() {
    while (!stop) {
    }
  }
  bool stop = false;
  std::thread thread;
};

int main() { Worker worker; }
