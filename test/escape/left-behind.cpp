// Addresses of variables that stay behind when the frame ends: in globals, in what a parameter points to, in containers there,
// and with threads that nobody waits for. Each with the twin that clears the place, waits, or calls what may do so.
// emm-check: rules=escape/*,closure/* level=warning stdlib=libstdc++,libc++ opt=0,2 flags=-pthread
#include <atomic>
#include <cstdio>
#include <functional>
#include <pthread.h>
#include <thread>
#include <vector>

int *global;
struct Pair { int *a, *b; } pair;
void other();
void use(int *);

void inGlobal() {
  int x = 1;
  global = &x;  // want escape/outlives-frame "address of local 'x' is stored in global 'global'; 'x' ends with the function"
}
void inGlobalCleared() {
  int x = 1;
  global = &x;
  use(global);
  global = nullptr;
}
void inGlobalPerhapsCleared() {
  int x = 1;
  global = &x;
  other();
}
void inGlobalReadAfter() {
  int x = 1;
  global = &x;  // want escape/outlives-frame "'x' is stored in global 'global'"
  std::printf("%d\n", x);
}
int inGlobalOnOnePath(bool c) {
  int x = 1;
  if (c)
    global = &x;  // want escape/outlives-frame "'x' is stored in global 'global'"
  return x;
}
int inGlobalClearedOnOnePath(bool c) {
  int x = 1;
  global = &x;
  if (c)
    global = nullptr;
  return x;
}
void inMember() {
  int x = 1;
  pair.b = &x;  // want escape/outlives-frame "'x' is stored in global 'pair'"
  pair.a = nullptr;
}
void inMemberCleared() {
  int x = 1;
  pair.b = &x;
  pair.b = nullptr;
}
void element() {
  int a[4] = {};
  global = &a[2];  // want escape/outlives-frame "address of local 'a' is stored in global 'global'"
}
void staticElement() {
  static int a[4] = {};
  global = &a[2];
}
void ofParameter(int x) {
  global = &x;  // want escape/outlives-frame "address of local 'x' is stored in global 'global'"
}
void ofReference(int &x) {
  global = &x;
}
void out(int **p) {
  int x = 1;
  *p = &x;  // want escape/outlives-frame "'x' is stored in memory reached from 'p'"
}
void outReplaced(int **p, int *q) {
  int x = 1;
  *p = &x;
  **p = 2;
  *p = q;
}
void outOfLocal() {
  int x = 1;
  int *p;
  int **pp = &p;
  *pp = &x;
}
void byValue(Pair p) {
  int x = 1;
  p.a = &x;
  *p.a = 2;
}
[[noreturn]] void never();
void noReturn() {
  int x = 1;
  global = &x;
  never();
}
struct Keeper {
  int *p = nullptr;
  std::function<int()> f;
  std::thread worker;
  void set() {
    int x = 1;
    p = &x;  // want escape/outlives-frame "'x' is stored in '\*this'"
  }
  void setCleared() {
    int x = 1;
    p = &x;
    p = nullptr;
  }
  void keep() {
    int x = 1;
    f = [&x] { return x; };  // want closure/outlives-capture "closure captures 'x' by reference and is stored in '\*this'; 'x' ends with the function"
  }
  void keepValue() {
    int x = 1;
    f = [x] { return x; };
  }
  void start() {
    int x = 1;
    worker = std::thread([&x] { ++x; });  // want closure/outlives-capture "captures 'x' by reference and is started in a thread that is kept in '\*this'; 'x' may end before"
  }
  void startValue() {
    int x = 1;
    worker = std::thread([x]() mutable { ++x; });
  }
  void startJoined() {
    int x = 1;
    worker = std::thread([&x] { ++x; });
    worker.join();
  }
  ~Keeper() {
    int x = 1;
    p = &x;
  }
};
void useKeeper(Keeper &k) {
  k.set();
  k.setCleared();
  k.keep();
  k.keepValue();
  k.start();
  k.startValue();
  k.startJoined();
  Keeper other;
}
int main() {
  int x = 1;
  global = &x;
}

std::function<int()> stored;
std::vector<std::function<int()>> registered;
std::vector<int *> pointers;
void closure() {
  int x = 1;
  stored = [&x] { return x; };  // want closure/outlives-capture "closure captures 'x' by reference and is stored in global 'stored'"
}
void closureByValue() {
  int x = 1;
  stored = [x] { return x; };
}
void closureCleared() {
  int x = 1;
  stored = [&x] { return x; };
  other();
  stored = nullptr;
}
void closureOfParameter(int &x) {
  stored = [&x] { return x; };
}
void registeredClosure() {
  int x = 1;
  registered.push_back([&x] { return x; });  // want closure/outlives-capture "closure captures 'x' by reference and is stored in global 'registered'"
}
void registeredValue() {
  int x = 1;
  registered.push_back([x] { return x; });
}
void registeredThenRemoved() {
  int x = 1;
  registered.push_back([&x] { return x; });
  registered.pop_back();
}
void pushed() {
  int x = 1;
  pointers.push_back(&x);  // want escape/outlives-frame "address of local 'x' is stored in global 'pointers'"
}
void pushedThenRemoved() {
  int x = 1;
  pointers.push_back(&x);
  pointers.pop_back();
}
int *pushedStatic() {
  static int x = 1;
  pointers.push_back(&x);
  return &x;
}
void pushedToParameter(std::vector<int *> &v) {
  int x = 1;
  v.push_back(&x);  // want escape/outlives-frame "address of local 'x' is stored in memory reached from 'v'"
}
void pushedToLocal() {
  int x = 1;
  std::vector<int *> v;
  v.push_back(&x);
}

void detached() {
  int x = 1;
  std::thread t([&x] { ++x; });  // want closure/outlives-capture "captures 'x' by reference and is started in a detached thread; 'x' may end before the thread"
  t.detach();
}
void detachedTemporary() {
  int x = 1;
  std::thread([&x] { ++x; }).detach();  // want closure/outlives-capture "captures 'x' by reference and is started in a detached thread"
}
void detachedValue() {
  int x = 1;
  std::thread([x]() mutable { ++x; }).detach();
}
void joined() {
  int x = 1;
  std::thread t([&x] { ++x; });
  t.join();
}
void detachedAndAwaited() {
  std::atomic<bool> done{false};
  std::thread([&done] { done = true; }).detach();
  while (!done)
    ;
}
void detachedPerhapsAwaited() {
  int x = 1;
  std::thread([&x] { ++x; }).detach();
  other();
}
static void work(int *p) { ++*p; }
void detachedPointer() {
  int x = 1;
  std::thread t(work, &x);  // want escape/outlives-frame "address of local 'x' is handed to a detached thread; 'x' may end before the thread"
  t.detach();
}
void detachedStatic() {
  static int x = 1;
  std::thread t(work, &x);
  t.detach();
}
std::thread worker;
void keptThread() {
  int x = 1;
  worker = std::thread([&x] { ++x; });  // want closure/outlives-capture "captures 'x' by reference and is started in a thread that is kept in global 'worker'"
}
void keptThreadJoined() {
  int x = 1;
  worker = std::thread([&x] { ++x; });
  worker.join();
}
static void *entry(void *p) { return p; }
pthread_t handle;
void posixKept() {
  int x = 1;
  pthread_create(&handle, nullptr, entry, &x);  // want escape/outlives-frame "address of local 'x' is handed to a thread that is kept in global 'handle'"
}
void posixJoined() {
  int x = 1;
  pthread_create(&handle, nullptr, entry, &x);
  pthread_join(handle, nullptr);
}
void posixDetached() {
  int x = 1;
  pthread_t t;
  pthread_create(&t, nullptr, entry, &x);  // want escape/outlives-frame "address of local 'x' is handed to a detached thread"
  pthread_detach(t);
}
