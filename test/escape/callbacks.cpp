// Functions that call what they are passed. Their own verdicts count the callback as unknown, as Go does; a caller that passes
// a function it knows is judged by what that function does.
// emm-check: go=escape opt=0,2
int *sink;
static void reader(int *p) { *p += 1; }               // want "^p does not escape$"
static void bump(int *p) { *p += 2; }                 // want "^p does not escape$"
static void keeper(int *p) { sink = p; }              // want "^leaking param: p$"
static int *same(int *p) { return p; }                // want "^leaking param: p to result ~r0 level=0$"
static int *global(int *p) { return *p ? sink : nullptr; }  // want "^p does not escape$"
static void link(int **slot, int *p) { *slot = p; }   // want "^slot does not escape$" "^leaking param: p to content of slot$"
static void leave(int **slot, int *p) { **slot = *p; }  // want "^slot does not escape$" "^p does not escape$"
static void peek(int **slot) { **slot = 1; }          // want "^slot does not escape$"
static void keepContent(int **slot) { sink = *slot; }  // want "^leaking param content: slot$"

static void once(void (*f)(int *), int *p) { f(p); }  // want "^f does not escape$" "^leaking param: p$"
static void outer(int *p, void (*f)(int *)) { once(f, p); }  // want "^f does not escape$" "^leaking param: p$"
void direct() {
  int x = 1;
  once(reader, &x);
}
void directLeaks() {
  int x = 1;  // want "^address of x escapes$"
  once(keeper, &x);
}
void passedOn() {
  int x = 1;
  outer(&x, reader);
}
void passedOnLeaks() {
  int x = 1;  // want "^address of x escapes$"
  outer(&x, keeper);
}
void eitherHarmless(bool b) {
  int x = 1;
  once(b ? reader : bump, &x);
}
void eitherLeaks(bool b) {
  int x = 1;  // want "^address of x escapes$"
  once(b ? reader : keeper, &x);
}
void unknown(void (*f)(int *)) {  // want "^f does not escape$"
  int x = 1;  // want "^address of x escapes$"
  once(f, &x);
}
void fromGlobal() {
  extern void (*hook)(int *);
  int x = 1;  // want "^address of x escapes$"
  once(hook, &x);
}
static void both(void (*f)(int *), void (*g)(int *), int *p) {  // want "^f does not escape$" "^g does not escape$" "^leaking param: p$"
  f(p);
  g(p);
}
void bothHarmless() {
  int x = 1;
  both(reader, bump, &x);
}
void secondLeaks() {
  int x = 1;  // want "^address of x escapes$"
  both(reader, keeper, &x);
}
static void separate(void (*f)(int *), int *p, void (*g)(int *), int *q) {  // want "^f does not escape$" "^leaking param: p$" "^g does not escape$" "^leaking param: q$"
  f(p);
  g(q);
}
void eachItsOwn() {
  int x = 1;  // finer "^address of x escapes$" which callback is given which argument is known
  int y = 1;  // want "^address of y escapes$"
  separate(reader, &x, keeper, &y);
}

// The C convention: a callback and its context.
static void each(int *a, int n, void (*f)(int *, void *), void *context) {  // want "^leaking param: a$" "^f does not escape$" "^leaking param: context$"
  for (int i = 0; i < n; ++i)
    f(&a[i], context);
}
static void add(int *e, void *sum) { *static_cast<int *>(sum) += *e; }       // want "^e does not escape$" "^sum does not escape$"
static void keepSum(int *e, void *sum) { sink = static_cast<int *>(sum); ++*e; }  // want "^e does not escape$" "^leaking param: sum$"
static void keepElement(int *e, void *sum) { sink = e; *static_cast<int *>(sum) = 1; }  // want "^leaking param: e$" "^sum does not escape$"
int summed() {
  int a[4] = {1, 2, 3, 4};
  int sum = 0;
  each(a, 4, add, &sum);
  return sum;
}
int summedAndKept() {
  int a[4] = {1, 2, 3, 4};
  int sum = 0;  // want "^address of sum escapes$"
  each(a, 4, keepSum, &sum);
  return sum;
}
int elementKept() {
  int a[4] = {1, 2, 3, 4};  // want "^address of a escapes$"
  int sum = 0;
  each(a, 4, keepElement, &sum);
  return sum;
}
int allocated() {
  int *a = new int(1);  // want "^new int does not escape$"
  int sum = 0;
  each(a, 1, add, &sum);
  delete a;
  return sum;
}
int allocatedKept() {
  int *a = new int(1);  // want "^new int escapes to heap$"
  int sum = 0;
  each(a, 1, keepElement, &sum);
  return sum;
}

// Functions in a structure.
struct Operations {
  void (*go)(int *);
  void (*other)(int *);
};
static void run(const Operations *o, int *p) { o->go(p); }  // want "^o does not escape$" "^leaking param: p$"
void inStructure() {
  int x = 1;
  Operations o = {reader, keeper};
  run(&o, &x);
}
void inStructureLeaks() {
  int x = 1;  // want "^address of x escapes$"
  Operations o = {keeper, reader};
  run(&o, &x);
}
static const Operations harmless = {reader, keeper}, harmful = {keeper, reader};
void inTable() {
  int x = 1;
  run(&harmless, &x);
}
void inTableLeaks() {
  int x = 1;  // want "^address of x escapes$"
  run(&harmful, &x);
}
Operations changeable = {reader, reader};
void inVariable() {
  int x = 1;  // want "^address of x escapes$"
  run(&changeable, &x);
}

// Results.
static int *pick(int *(*f)(int *), int *p) { return f(p); }  // want "^f does not escape$" "^leaking param: p$"
int picked() {
  int x = 1;
  return *pick(same, &x);
}
void pickedKept() {
  int x = 1;  // want "^address of x escapes$"
  sink = pick(same, &x);
}
void pickedGlobal() {
  int x = 1;
  sink = pick(global, &x);
}
static void pickInto(int *(*f)(int *), int **slot, int *p) { *slot = f(p); }  // want "^f does not escape$" "^slot does not escape$" "^leaking param: p$"
int pickedIntoLocal() {
  int x = 1, *local = nullptr;
  pickInto(same, &local, &x);
  return *local;
}
void pickedIntoGlobal() {
  int x = 1;  // want "^address of x escapes$"
  pickInto(same, &sink, &x);
}
static int *pickThrough(int **(*f)(int *), int *p) { return *f(p); }  // want "^f does not escape$" "^leaking param: p$"
static int *slots[2];
static int **slotOf(int *p) { return &slots[*p]; }  // want "^p does not escape$"
int *pickedThrough() {
  int x = 1;  // want-fp "^address of x escapes$" what a callback's result points to is not followed
  return pickThrough(slotOf, &x);
}

// What the callback leaves in memory.
static void give(void (*f)(int **, int *), int **slot, int *p) { f(slot, p); }  // want "^f does not escape$" "^leaking param: slot$" "^leaking param: p$"
int linked() {
  int x = 1, *slot = nullptr;
  give(link, &slot, &x);
  return *slot;
}
void linkedKept() {
  int x = 1, *slot = nullptr;  // want "^address of x escapes$"
  give(link, &slot, &x);
  sink = slot;
}
void leftKept() {
  int x = 1, *slot = sink;
  give(leave, &slot, &x);
  sink = slot;
}
static void ofOwn(void (*f)(int **), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  int *mine = p;  // want "^address of mine escapes$"
  f(&mine);
}
int ownPeeked() {
  int x = 1;
  ofOwn(peek, &x);
  return x;
}
void ownKept() {
  int x = 1;  // want "^address of x escapes$"
  ofOwn(keepContent, &x);
}
static void ownGiven(void (*f)(int **, int *), int *p) {  // want "^f does not escape$" "^leaking param: p$"
  int *mine = sink;  // want "^address of mine escapes$"
  f(&mine, p);
  sink = mine;
}
void ownLinked() {
  int x = 1;  // want "^address of x escapes$"
  ownGiven(link, &x);
}
void ownLeft() {
  int x = 1;
  ownGiven(leave, &x);
}

// Virtual functions.
struct Shape {
  virtual void first(int *p) { sink = p; }  // want "^this does not escape$" "^leaking param: p$"
  virtual void draw(int *p) = 0;
};
struct Reads final : Shape {
  void draw(int *p) override { *p = 1; }  // want "^this does not escape$" "^p does not escape$"
};
struct Keeps final : Shape {
  void draw(int *p) override { sink = p; }  // want "^this does not escape$" "^leaking param: p$"
};
static void draw(Shape &s, int *p) { s.draw(p); }  // want "^leaking param: s$" "^leaking param: p$"
void drawn() {
  int x = 1;
  Reads s;
  draw(s, &x);
}
void drawnLeaks() {
  int x = 1;  // want "^address of x escapes$"
  Keeps s;
  draw(s, &x);
}
void drawnEither(bool b) {
  int x = 1;  // want "^address of x escapes$"
  Reads r;
  Keeps k;
  draw(b ? static_cast<Shape &>(r) : k, &x);
}
void drawnUnknown(Shape &s) {  // want "^leaking param: s$"
  int x = 1;  // want "^address of x escapes$"
  draw(s, &x);
}
