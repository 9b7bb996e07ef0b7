// Recursions through what functions are passed: the receiver calls itself, the callback calls the receiver back, or both. The
// verdict of a function itself counts what it is passed as unknown; who passes a function that it knows gets what that does.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
// emm-check: by-library="width=\d+" reason="the size of a std::function is the library's"
#include <functional>

int *sink;
static void reader(int *p) { *p += 1; }                // want "^p does not escape$"
static void bump(int *p) { *p += 2; }                  // want "^p does not escape$"
static void keeper(int *p) { sink = p; }               // want "^leaking param: p$"
static int *same(int *p) { return p; }                 // want "^leaking param: p to result ~r0 level=0$"
static int *other(int *p) { return *p ? sink : nullptr; }  // want "^p does not escape$"

// The receiver calls itself.
static void down(int n, void (*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  f(p);
  if (n)
    down(n - 1, f, p);
}
void downReads() {
  int x = 1;
  down(3, reader, &x);
}
void downKeeps() {
  int x = 1;  // want "^address of x escapes$"
  down(3, keeper, &x);
}
static void along(int n, void (*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  f(p);
  if (n)
    along(n - 1, f, p + 1);
}
int alongReads() {
  int a[4] = {1, 2, 3, 4};
  along(3, reader, a);
  return a[3];
}
void alongKeeps() {
  int a[4] = {1, 2, 3, 4};  // want "^address of a escapes$"
  along(3, keeper, a);
}
static void odd(int n, void (*f)(int *), int *p);
static void even(int n, void (*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  if (n)
    odd(n - 1, f, p);
}
static void odd(int n, void (*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  f(p);
  if (n)
    even(n - 1, f, p);
}
void evenReads() {
  int x = 1;
  even(3, reader, &x);
}
void evenKeeps() {
  int x = 1;  // want "^address of x escapes$"
  even(3, keeper, &x);
}
static void alternate(int n, void (*f)(int *), void (*g)(int *), int *p) {  // want "^f does not escape$" "^g does not escape$" "^leaking param: p$"
  f(p);
  if (n)
    alternate(n - 1, g, f, p);
}
void alternateReads() {
  int x = 1;
  alternate(3, reader, bump, &x);
}
void secondKeeps() {
  int x = 1;  // want "^address of x escapes$"
  alternate(3, reader, keeper, &x);
}
static void until(int n, void (*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  f(p);
  if (n)
    until(n - 1, keeper, p);
}
void keptAtTheEnd() {
  int x = 1;  // want "^address of x escapes$"
  until(3, reader, &x);
}
static void exchange(int n, void (*f)(int *), int *p, int *q) {  // want "^f does not escape$" "^leaking param: p$" "^leaking param: q$"
  f(p);
  if (n)
    exchange(n - 1, f, q, p);
}
void exchangeReads() {
  int x = 1, y = 2;
  exchange(3, reader, &x, &y);
}
void exchangeKeeps() {
  int x = 1;  // want "^address of x escapes$"
  int y = 2;  // want "^address of y escapes$"
  exchange(3, keeper, &x, &y);
}

// A tree and a context.
struct Tree { Tree *left, *right; int value; };
Tree *root;
static void visit(Tree *t, void (*f)(Tree *, void *), void *context) {  // want "^leaking param: t$" "^f does not escape$" "^leaking param: context$"
  if (!t)
    return;
  visit(t->left, f, context);
  f(t, context);
  visit(t->right, f, context);
}
static void addUp(Tree *t, void *sum) { *static_cast<int *>(sum) += t->value; }  // want "^t does not escape$" "^sum does not escape$"
static void keepSum(Tree *t, void *sum) { sink = static_cast<int *>(sum); *sink += t->value; }  // want "^t does not escape$" "^leaking param: sum$"
static void keepTree(Tree *t, void *sum) { root = t; *static_cast<int *>(sum) += t->value; }  // want "^leaking param: t$" "^sum does not escape$"
int sumUp(Tree *t) {  // want "^t does not escape$" // finer "^leaking param: t$" what the callback does is known
  int sum = 0;
  visit(t, addUp, &sum);
  return sum;
}
int sumKept(Tree *t) {  // want "^t does not escape$" // finer "^leaking param: t$" what the callback does is known
  int sum = 0;  // want "^address of sum escapes$"
  visit(t, keepSum, &sum);
  return sum;
}
int treeKept(Tree *t) {  // want "^leaking param: t$"
  int sum = 0;
  visit(t, keepTree, &sum);
  return sum;
}

// Results.
static int *find(int n, int *(*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  return n ? find(n - 1, f, p) : f(p);
}
int found() {
  int x = 1;
  return *find(3, same, &x);
}
void foundKept() {
  int x = 1;  // want "^address of x escapes$"
  sink = find(3, same, &x);
}
void otherKept() {
  int x = 1;
  sink = find(3, other, &x);
}
static int *fold(int n, int *(*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  return n ? fold(n - 1, f, f(p)) : p;
}
int folded() {
  int x = 1;  // want-fp "^address of x escapes$" what a callback is given of another's result is not followed
  return *fold(3, same, &x);
}
void foldedKept() {
  int x = 1;  // want "^address of x escapes$"
  sink = fold(3, same, &x);
}

// Storage of the receiver itself.
static void own(int n, void (*f)(int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  int mine = n;  // want "^address of mine escapes$"
  f(n ? &mine : p);
  if (n)
    own(n - 1, f, &mine);
}
void ownReads() {
  int x = 1;
  own(3, reader, &x);
}
void ownKeeps() {
  int x = 1;  // want "^address of x escapes$"
  own(3, keeper, &x);
}

// The callback calls the receiver back, with itself.
static void walk(int *p, int n, void (*f)(int *, int)) {  // want "^leaking param: p$" "^f does not escape$"
  if (n)
    f(p, n - 1);
}
static void step(int *p, int n) {  // want "^p does not escape$"
  *p += n;
  walk(p, n, step);
}
static void stepKeeps(int *p, int n) {  // want "^leaking param: p$"
  sink = p;
  walk(p, n, stepKeeps);
}
void walked() {
  int x = 1;
  walk(&x, 3, step);
}
void walkedKept() {
  int x = 1;  // want "^address of x escapes$"
  walk(&x, 3, stepKeeps);
}

// The callback calls the receiver back, with what it was given.
struct Machine { void (*next)(Machine *, int *); int left; };
static void go(Machine *m, int *p) {  // want "^leaking param: m$" "^leaking param: p$"
  if (m->left--)
    m->next(m, p);
}
static void tick(Machine *m, int *p) {  // want "^leaking param: m$" "^leaking param: p$"
  *p += 1;
  go(m, p);
}
static void tickKeeps(Machine *m, int *p) {  // want "^leaking param: m$" "^leaking param: p$"
  sink = p;
  go(m, p);
}
static void tack(Machine *m, int *p) {  // want "^leaking param: m$" "^leaking param: p$"
  m->next = tick;
  go(m, p);
}
static void tackKeeps(Machine *m, int *p) {  // want "^leaking param: m$" "^leaking param: p$"
  m->next = tickKeeps;
  go(m, p);
}
void ticked() {
  int x = 1;
  Machine m{tick, 3};
  go(&m, &x);
}
void tickedKept() {
  int x = 1;  // want "^address of x escapes$"
  Machine m{tickKeeps, 3};
  go(&m, &x);
}
void changedTo() {
  int x = 1;
  Machine m{tack, 3};
  go(&m, &x);
}
void changedToKept() {
  int x = 1;  // want "^address of x escapes$"
  Machine m{tackKeeps, 3};
  go(&m, &x);
}
void changedByOthers(void (*f)(Machine *, int *)) {  // want "^leaking param: f$"
  int x = 1;  // want "^address of x escapes$"
  Machine m{f, 3};  // want "^address of m escapes$"
  go(&m, &x);
}

// Lambdas.
template <class F> static void apply(int n, int *p, F f) { f(n, p); }  // want "^p does not escape$" "^leaking param: p$"
static void pass(int n, int *p) {  // want "^p does not escape$"
  apply(n, p, [](int k, int *q) {  // want "^lambda does not escape$" "^q does not escape$"
    if (k)
      pass(k - 1, q);
  });
}
static void passKeeps(int n, int *p) {  // want "^leaking param: p$"
  apply(n, p, [](int k, int *q) {  // want "^lambda does not escape$" "^leaking param: q$"
    sink = q;
    if (k)
      passKeeps(k - 1, q);
  });
}
void passed() {
  int x = 1;
  pass(3, &x);
}
void passedKept() {
  int x = 1;  // want "^address of x escapes$"
  passKeeps(3, &x);
}
int captured(int n) {
  int x = 1;
  std::function<void(int)> f = [&](int k) {  // want "^lambda does not escape$"
    x += k;
    if (k)
      f(k - 1);
  };
  f(n);
  return x;
}
int capturedKept(int n) {
  int x = 1;  // want "^address of x escapes$"
  std::function<void(int)> f = [&](int k) {  // want "^lambda does not escape$"
    sink = &x;
    if (k)
      f(k - 1);
  };
  f(n);
  return x;
}
