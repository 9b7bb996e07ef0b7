// The map is reached through two pointers and a getter.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <map>
#include <mutex>
#include <thread>

struct Data {
  std::map<int, int> items;
  std::mutex mutex;
};
struct Heap {
  Data *data;
};
struct Queue {
  Heap *heap;
  Data &data() { return *heap->data; }
};

static void work(Queue *q) {
  (void)q->data().mutex;
  q->heap->data->items.erase(1); // want map/concurrent-read-write "is written here in the thread started at line 28 while the creating thread may read it at line 30"
}

int main() {
  Data data;
  Heap heap{&data};
  Queue queue{&heap};
  std::thread t(work, &queue);
  std::unique_lock<std::mutex> lock(queue.data().mutex);
  size_t n = queue.data().items.size();
  lock.unlock();
  t.join();
  return int(n);
}
