// A class of one's own that is a thread: the entry calls a virtual function of the object, which a derived class has.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <pthread.h>

class Thread {
public:
  virtual ~Thread() = default;
  void start() { pthread_create(&handle, nullptr, &Thread::enter, this); }
  void join() { pthread_join(handle, nullptr); }

private:
  virtual void run() = 0;
  static void *enter(void *self) {
    static_cast<Thread *>(self)->run();
    return nullptr;
  }
  pthread_t handle{};
};

class Counter : public Thread {
public:
  int count = 0;

private:
  void run() override { ++count; }
};

int main() {
  Counter counter;
  counter.start();
  counter.join();
  ++counter.count;
  return counter.count == 0;
}
