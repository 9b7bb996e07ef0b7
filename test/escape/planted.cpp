// What a callee leaves in its caller's memory: pointers of which the caller knows nothing lead out of its frame, known
// functions and tables can be followed.
// emm-check: go=escape opt=0,2
using Action = void (*)(int *);
struct Slot { int **place; Action action; Slot *next; };
int *global;
int **globalPlace();
static void reader(int *p) { *p = 1; }    // want "^p does not escape$"
static void keeper(int *p) { global = p; }  // want "^leaking param: p$"

static void toGlobal(Slot *s) { s->place = &global; }             // want "^s does not escape$"
static void toOwn(Slot *s, int **own) { s->place = own; }         // want "^s does not escape$" "^leaking param: own to content of s$"
static void toUnknown(Slot *s) { s->place = globalPlace(); }      // want "^s does not escape$"
static void setReader(Slot *s) { s->action = reader; }            // want "^s does not escape$"
static void setKeeper(Slot *s) { s->action = keeper; }            // want "^s does not escape$"
static void setNextReader(Slot *s) { s->next->action = reader; }  // want "^s does not escape$"
static Slot makeReader() { return {nullptr, reader, nullptr}; }
static Slot makeKeeper() { return {nullptr, keeper, nullptr}; }
static Action pickReader() { return reader; }
static Action pickEither(bool c) { return c ? reader : keeper; }
static int **placeOfGlobal() { return &global; }
static int **placeOf(Slot *s) { return s->place; }  // want "^leaking param: s to result ~r0 level=1$"

void throughGlobal() {
  int x = 1;  // want "^address of x escapes$"
  Slot s{};
  toGlobal(&s);
  *s.place = &x;
}
void throughOwn() {
  int x = 1;
  int *own = nullptr;
  Slot s{};
  toOwn(&s, &own);
  *s.place = &x;
}
void throughUnknown() {
  int x = 1;  // want "^address of x escapes$"
  Slot s{};
  toUnknown(&s);
  *s.place = &x;
}
void besideGlobal() {
  int x = 1;
  int *own = nullptr;
  Slot s{}, t{};
  toGlobal(&s);
  toOwn(&t, &own);
  *t.place = &x;
}
void ownThenGlobal() {
  int x = 1;  // want "^address of x escapes$"
  int *own = nullptr;
  Slot s{};
  toOwn(&s, &own);
  toGlobal(&s);
  *s.place = &x;
}
void throughResult() {
  int x = 1;  // want "^address of x escapes$"
  *placeOfGlobal() = &x;
}
void throughGetter() {
  int x = 1;  // want "^address of x escapes$"
  Slot s{};
  toGlobal(&s);
  *placeOf(&s) = &x;
}
void throughGetterOwn() {
  int x = 1;
  int *own = nullptr;
  Slot s{};
  toOwn(&s, &own);
  *placeOf(&s) = &x;
}
void actionReads() {
  int x = 1;
  Slot s{};
  setReader(&s);
  s.action(&x);
}
void actionKeeps() {
  int x = 1;  // want "^address of x escapes$"
  Slot s{};
  setKeeper(&s);
  s.action(&x);
}
void actionReplaced() {
  int x = 1;  // want "^address of x escapes$"
  Slot s{};
  s.action = reader;
  setKeeper(&s);
  s.action(&x);
}
void actionOfNext() {
  int x = 1;
  Slot s{}, t{};
  s.next = &t;
  setNextReader(&s);
  t.action(&x);
}
void madeReader() {
  int x = 1;
  Slot s = makeReader();
  s.action(&x);
}
void madeKeeper() {
  int x = 1;  // want "^address of x escapes$"
  Slot s = makeKeeper();
  s.action(&x);
}
void pickedReader() {
  int x = 1;
  pickReader()(&x);
}
void pickedEither(bool c) {
  int x = 1;  // want "^address of x escapes$"
  pickEither(c)(&x);
}
