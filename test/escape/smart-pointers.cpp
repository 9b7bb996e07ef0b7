// Smart pointers: the object goes where its owner goes; a move hands it on, a raw pointer taken out counts like any other.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
// emm-check: by-library="std::(__)?shared_ptr::get" reason="get is inherited in one library"
#include <memory>
#include <thread>
#include <utility>

struct Node { int n; std::unique_ptr<Node> next; std::shared_ptr<Node> other; Node *raw; };
int *sink;
Node *sinkNode;
std::unique_ptr<int> globalUnique;
std::shared_ptr<int> globalShared;
std::weak_ptr<int> globalWeak;
void take(std::unique_ptr<int> p);

int uniqueStays() { auto p = std::make_unique<int>(1); return *p; }             // want "^std::make_unique<int> does not escape$"
std::unique_ptr<int> uniqueReturned() { return std::make_unique<int>(1); }      // want "^std::make_unique<int> escapes to heap$"
std::unique_ptr<int> uniqueNamed() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> escapes to heap$"
  *p = 2;
  return p;
}
void uniqueToGlobal() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> escapes to heap$"
  globalUnique = std::move(p);
}
int uniqueMovedLocally() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> does not escape$"
  auto q = std::move(p);
  return *q;
}
int uniqueOfNew() {
  std::unique_ptr<int> p(new int(1));  // want "^new int does not escape$"
  return *p;
}
std::unique_ptr<int> uniqueOfNewReturned() {
  std::unique_ptr<int> p(new int(1));  // want "^new int escapes to heap$"
  return p;
}
void uniqueGot() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> escapes to heap$"
  sink = p.get();
}
int uniqueGotStays() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> does not escape$"
  int *q = p.get();
  return *q;
}
int *uniqueReleased() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> escapes to heap$"
  return p.release();
}
int uniqueReset() {
  std::unique_ptr<int> p;
  p.reset(new int(1));  // want "^new int does not escape$"
  return *p;
}
void uniquePassed() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> escapes to heap$"
  take(std::move(p));
}
int uniqueSwapped() {
  auto p = std::make_unique<int>(1), q = std::make_unique<int>(2);  // want "^std::make_unique<int> does not escape$" "^std::make_unique<int> does not escape$"
  p.swap(q);
  return *p;
}
void uniqueSwappedWithGlobal() {
  auto p = std::make_unique<int>(1);  // want "^std::make_unique<int> escapes to heap$"
  p.swap(globalUnique);
}

int sharedStays() { auto p = std::make_shared<int>(1); return *p; }             // want "^std::make_shared<int> does not escape$"
std::shared_ptr<int> sharedReturned() { return std::make_shared<int>(1); }      // want "^std::make_shared<int> escapes to heap$"
void sharedToGlobal() {
  auto p = std::make_shared<int>(1);  // want "^std::make_shared<int> escapes to heap$"
  globalShared = p;
}
int sharedCopied() {
  auto p = std::make_shared<int>(1);  // want "^std::make_shared<int> does not escape$"
  auto q = p;
  return *q;
}
void sharedToThread() {
  auto p = std::make_shared<int>(1);  // want "^std::make_shared<int> escapes to heap$"
  std::thread t([p] { *p = 2; });  // want "^lambda escapes to heap$"
  t.join();
}
void sharedWeak() {
  auto p = std::make_shared<int>(1);  // want "^std::make_shared<int> escapes to heap$"
  globalWeak = p;
}
int sharedWeakStays() {
  auto p = std::make_shared<int>(1);  // want "^std::make_shared<int> does not escape$"
  std::weak_ptr<int> w = p;
  return w.expired() ? 0 : *p;
}
int memberStays() {
  Node n{};
  n.next = std::make_unique<Node>();  // want "^std::make_unique<Node> does not escape$"
  return n.next->n;
}
void memberLeaks() {
  Node n{};
  n.next = std::make_unique<Node>();  // want "^std::make_unique<Node> escapes to heap$"
  sinkNode = n.next.get();
}

int readUnique(const std::unique_ptr<int> &p) { return *p; }                     // want "^p does not escape$"
int *getUnique(const std::unique_ptr<int> &p) { return p.get(); }                // want "^leaking param: p to result ~r0 level=1$"
void keepUnique(const std::unique_ptr<int> &p) { sink = p.get(); }               // want "^leaking param content: p$"
void storeUnique(std::unique_ptr<int> p) { globalUnique = std::move(p); }        // want "^leaking param: p$"
int useUnique(std::unique_ptr<int> p) { return *p; }                             // want "^p does not escape$"
std::unique_ptr<int> passUnique(std::unique_ptr<int> p) { return p; }            // want "^leaking param: p to result ~r0 level=0$"
int readShared(const std::shared_ptr<int> &p) { return *p; }                     // want "^p does not escape$"
int *getShared(const std::shared_ptr<int> &p) { return p.get(); }                // want "^leaking param: p to result ~r0 level=1$"
int useShared(std::shared_ptr<int> p) { return *p; }                             // want "^p does not escape$"
void storeShared(std::shared_ptr<int> p) { globalShared = p; }                   // want "^leaking param: p$"
std::shared_ptr<int> passShared(std::shared_ptr<int> p) { return p; }            // want "^leaking param: p to result ~r0 level=0$"
void link(Node &n, std::unique_ptr<Node> next) { n.next = std::move(next); }     // want "^n does not escape$" "^leaking param: next to content of n$"
void linkRaw(Node &n, Node *next) { n.raw = next; }                              // want "^n does not escape$" "^leaking param: next to content of n$"
Node *nextOf(Node &n) { return n.next.get(); }                                   // want "^leaking param: n to result ~r0 level=1$"
