// Calls through a std::function go into the callable that it keeps, whichever way that got there. One whose callable is not known may
// do anything.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++ std=c++20 match="address of"
// emm-check: by-library="width=\d+" reason="the size of a std::function is the library's"
#include <functional>
#include <memory>
#include <vector>

using Callback = std::function<void(int *)>;
extern bool cond;
extern int where;
extern Callback hook;
int *sink;
Callback stored;
static void keeper(int *p) { sink = p; }
static void reader(int *p) { *p = 1; }
struct Keep {
  void operator()(int *p) const { sink = p; }
};
struct Read {
  void operator()(int *p) const { *p = 1; }
};
struct KeepOwn {
  int *own;
  void operator()(int *p) const { sink = p ? p : own; }
};
static void call(const Callback &f, int *p) { f(p); }
static void callCopy(Callback f, int *p) { f(p); }
struct Holder {
  Callback f;
  int *p;
};
static void callHeld(Holder &h, int *p) { h.f(p); }
static Callback makeKeep() { return Keep(); }
static Callback makeRead() { return Read(); }
static void setKeep(Callback &f) { f = Keep(); }
struct Pair {
  int *a, *b;
};
static void keepPair(Pair p) { sink = p.b; }
struct Big {
  int *a;
  long b[4];
};

void lambda() {
  int x = 1;
  Callback f = [](int *p) { *p = 2; };
  f(&x);
}
void lambdaKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = [](int *p) { sink = p; };
  f(&x);
}
void functor() {
  int x = 1;
  Callback f = Read();
  f(&x);
}
void functorKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Keep();
  f(&x);
}
void function() {
  int x = 1;
  Callback f = reader;
  f(&x);
}
void functionKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = keeper;
  f(&x);
}
void capture() {
  int x = 1;
  int y = 2;
  Callback f = [&y](int *p) { *p = y; };
  f(&x);
}
void captureKeeps() {
  int x = 1;  // want "^address of x escapes$"
  int y = 2;
  Callback f = [&y](int *p) { *p = y; sink = p; };
  f(&x);
}
void passed() {
  int x = 1;
  call([](int *p) { *p = 2; }, &x);
}
void passedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  call([](int *p) { sink = p; }, &x);
}
void passedByValue() {
  int x = 1;
  callCopy([](int *p) { *p = 2; }, &x);
}
void passedByValueKeeps() {
  int x = 1;  // want "^address of x escapes$"
  callCopy([](int *p) { sink = p; }, &x);
}
void assigned() {
  int x = 1;
  Callback f;
  f = [](int *p) { *p = 2; };
  f(&x);
}
void assignedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f;
  f = [](int *p) { sink = p; };
  f(&x);
}
void reassigned() {
  int x = 1;
  Callback f = reader;
  f = [](int *p) { *p = 2; };
  f(&x);
}
void reassignedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = reader;
  f = keeper;
  f(&x);
}
void copied() {
  int x = 1;
  Callback f = [](int *p) { *p = 2; };
  auto g = f;
  g(&x);
}
void copiedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = [](int *p) { sink = p; };
  auto g = f;
  g(&x);
}
void moved() {
  int x = 1;
  Callback f = [](int *p) { *p = 2; };
  auto g = std::move(f);
  g(&x);
}
void movedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = [](int *p) { sink = p; };
  auto g = std::move(f);
  g(&x);
}
void moveAssigned() {
  int x = 1;
  Callback f = Read(), g;
  g = std::move(f);
  g(&x);
}
void moveAssignedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Keep(), g;
  g = std::move(f);
  g(&x);
}
void eitherOf() {
  int x = 1;
  Callback f;
  if (cond) f = Read();
  else f = reader;
  f(&x);
}
void eitherOfKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback f;
  if (cond) f = Read();
  else f = Keep();
  f(&x);
}
void elements() {
  int x = 1;  // want-fp "^address of x escapes$" which element is called is not known, nor then where in it its code stands
  Callback fs[2] = {Read(), Read()};
  fs[where](&x);
}
void elementsKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Callback fs[2] = {Read(), Keep()};
  fs[where](&x);
}
void elementReplaced() {
  int x = 1;  // want "^address of x escapes$"
  Callback fs[2];
  fs[0] = Read();
  fs[where] = Keep();
  fs[0](&x);
}
void inVector() {
  int x = 1;  // want "^address of x escapes$"
  std::vector<Callback> v;
  v.push_back(Keep());
  v[0](&x);
}
void inUniquePointer() {
  int x = 1;  // want "^address of x escapes$"
  auto f = std::make_unique<Callback>(Keep());
  (*f)(&x);
}
void swapped() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Read(), g = Keep();
  f.swap(g);
  f(&x);
}
void swappedOutside() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Read(), g = Keep();
  std::swap(f, g);
  f(&x);
}
void member() {
  int x = 1;
  Holder h{Read(), nullptr};
  callHeld(h, &x);
}
void memberKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Holder h{Keep(), nullptr};
  callHeld(h, &x);
}
void memberCopied() {
  int x = 1;  // want "^address of x escapes$"
  Holder h{Keep(), nullptr};
  Holder g = h;
  callHeld(g, &x);
}
void memberAssigned() {
  int x = 1;  // want "^address of x escapes$"
  Holder h{Read(), nullptr};
  h.f = Keep();
  Holder g;
  g = std::move(h);
  callHeld(g, &x);
}
void returned() {
  int x = 1;
  makeRead()(&x);
}
void returnedKeeps() {
  int x = 1;  // want "^address of x escapes$"
  makeKeep()(&x);
}
void replacedByReturned() {
  int x = 1;  // want "^address of x escapes$"
  auto f = makeRead();
  f = makeKeep();
  f(&x);
}
void replacedByCallee() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Read();
  setKeep(f);
  f(&x);
}
void replacedThroughPointer() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Read();
  Callback *p = &f;
  *p = Keep();
  f(&x);
}
void holdsAnother() {
  int x = 1;  // want "^address of x escapes$"
  Callback f = Keep();
  Callback g = [f](int *p) { f(p); };
  g(&x);
}
void givenAnother() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(Callback)> f = [&x](Callback g) { g(&x); };
  f(Keep());
}
void returnsAnother() {
  int x = 1;  // want "^address of x escapes$"
  std::function<Callback()> f = [] { return Callback(Keep()); };
  f()(&x);
}
void byReference() {
  int x = 1;  // want "^address of x escapes$"
  Keep k;
  Callback f = std::ref(k);
  f(&x);
}
void unknownParameter(const Callback &f) {
  int x = 1;  // want "^address of x escapes$"
  f(&x);
}
void unknownCopy(Callback f) {
  int x = 1;  // want "^address of x escapes$"
  if (!f) f = Read();
  f(&x);
}
void unknownGlobal() {
  int x = 1;  // want "^address of x escapes$"
  hook(&x);
}
void unknownFunction(void (*p)(int *)) {
  int x = 1;  // want "^address of x escapes$"
  Callback f = p;
  f(&x);
}
void result() {
  int x = 1;
  std::function<int *(int *)> f = [](int *p) { return p; };
  *f(&x) = 2;
}
void resultKept() {
  int x = 1;  // want "^address of x escapes$"
  std::function<int *(int *)> f = [](int *p) { return p; };
  sink = f(&x);
}
void otherResult() {
  int x = 1;
  std::function<int *(int *)> f = [](int *p) { return *p ? sink : nullptr; };
  sink = f(&x);
}
void resultInMemory() {
  int x = 1;  // want "^address of x escapes$"
  std::function<Big(int *)> f = [](int *p) { return Big{p, {}}; };
  sink = f(&x).a;
}
void reference() {
  int x = 1;
  std::function<void(int &)> f = [](int &p) { p = 2; };
  f(x);
}
void referenceKeeps() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(int &)> f = [](int &p) { sink = &p; };
  f(x);
}
void oneOfTwo() {
  int x = 1;  // want "^address of x escapes$"
  int y = 1;
  std::function<void(int *, int *)> f = [](int *p, int *q) { sink = p; *q = 1; };
  f(&x, &y);
}
void content() {
  int x = 1;
  int *q = &x;
  std::function<void(int **)> f = [](int **p) { **p = 1; };
  f(&q);
}
void contentKeeps() {
  int x = 1;  // want "^address of x escapes$"
  int *q = &x;
  std::function<void(int **)> f = [](int **p) { sink = *p; };
  f(&q);
}
void outParameter() {
  int x = 1;  // want-fp "^address of x escapes$" what a callback may leave in the arguments themselves counts as unknown where it is passed on
  int *q;
  std::function<void(int **, int *)> f = [](int **to, int *p) { *to = p; };
  f(&q, &x);
  *q = 2;
}
void outParameterKept() {
  int x = 1;  // want "^address of x escapes$"
  int *q;
  std::function<void(int **, int *)> f = [](int **to, int *p) { *to = p; };
  f(&q, &x);
  sink = q;
}
void outToGlobal() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(int **, int *)> f = [](int **to, int *p) { *to = p; };
  f(&sink, &x);
}
void pairByValue() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(Pair)> f = [](Pair p) { sink = p.a; };
  f(Pair{&x, nullptr});
}
void pairToFunction() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(Pair)> f = keepPair;
  f(Pair{nullptr, &x});
}
void pairByReference() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(const Pair &)> f = [](const Pair &p) { sink = p.a; };
  f(Pair{&x, nullptr});
}
void inMemory() {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(Big)> f = [](Big b) { sink = b.a; };
  f(Big{&x, {}});
}
void intoCaptureKept() {
  int x = 1;  // want "^address of x escapes$"
  int *y = nullptr;
  Callback f = [&y](int *p) { y = p; };
  f(&x);
  sink = y;
}
void intoCopiedCaptureKept() {
  int x = 1;  // want "^address of x escapes$"
  int *y = nullptr;
  Callback f = [&y](int *p) { y = p; };
  auto g = f;
  g(&x);
  sink = y;
}
void remembered() {
  int x = 1;  // want "^address of x escapes$"
  int *z = nullptr;
  std::function<int *(int *)> f = [z](int *p) mutable { int *o = z; z = p; return o; };
  f(&x);
  sink = f(nullptr);
}
void ownPointerKept() {
  int x = 1;  // want "^address of x escapes$"
  Callback f;
  f = KeepOwn{&x};
  f(nullptr);
}
void largeKeeps() {
  int x = 1;  // want "^address of x escapes$"
  long a = 1, b = 2, c = 3, d = 4;
  Callback f = [=](int *p) { sink = p; *p = int(a + b + c + d); };
  f(&x);
}
void large() {
  int x = 1;  // want-fp "^address of x escapes$" where a callable stands that is too large for the buffer is not known
  long a = 1, b = 2, c = 3, d = 4;
  Callback f = [=](int *p) { *p = int(a + b + c + d); };
  f(&x);
}
int callsItself() {
  std::function<int(int)> f;
  f = [&f](int n) { return n ? f(n - 1) : 0; };
  return f(3);
}
void callsItselfKept() {
  Callback f;  // want "^address of f escapes$"
  f = [&f](int *p) { f(p); };
  stored = f;
}
void callsItselfCopied() {
  Callback f, g;  // want "^address of f escapes$"
  f = [&f](int *p) { f(p); };
  g = f;
  stored = g;
}
Callback copyReturned(bool b) {
  Callback f = reader, g = keeper;
  if (b)
    g = f;
  return g;
}
