// Constructors, setters and getters: a summary says at which place each argument is stored and which place is read, so that
// members are told apart through calls.
// emm-check: go=escape opt=0,2
int *sink;

class Pair {
public:
  Pair(int *a, int *b) : first(a), second(b) {}  // want "^this does not escape$" "^leaking param: a to content of this$" "^leaking param: b to content of this$"
  int *getFirst() const { return first; }        // want "^leaking param: this to result ~r0 level=1$"
  int *getSecond() const { return second; }      // want "^leaking param: this to result ~r0 level=1$"
  int *&placeOfSecond() { return second; }       // want "^leaking param: this to result ~r0 level=0$"
  void setSecond(int *b) { second = b; }         // want "^this does not escape$" "^leaking param: b to content of this$"
  void copyDown() { first = second; }            // want "^this does not escape$"
private:
  int *first, *second;
};
class Holder {
public:
  explicit Holder(int *p) : pair(nullptr, p), own(p) {}  // want "^this does not escape$" "^leaking param: p to content of this$"
  int *inner() const { return pair.getSecond(); }        // want "^leaking param: this to result ~r0 level=1$"
  int *innerFirst() const { return pair.getFirst(); }    // want "^leaking param: this to result ~r0 level=1$"
  Pair &both() { return pair; }                          // want "^leaking param: this to result ~r0 level=0$"
private:
  int number = 0;
  Pair pair;
  int *own;
};
struct Wide { int *a, *b, *c; };
Wide makeWide(int *a, int *b) { return {nullptr, a, b}; }  // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$"
int *lastOf(Wide w) { return w.c; }                        // want "^leaking param: w to result ~r0 level=0$"
int **inLast(Wide &w) { return &w.c; }                     // want "^leaking param: w to result ~r0 level=0$"

void constructed() {
  int i = 1, j = 2;  // want "^address of i escapes$" // finer "address of j escapes" fields are one variable in Go
  Pair p(&i, &j);
  sink = p.getFirst();
}
void constructedSecond() {
  int i = 1, j = 2;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Pair p(&i, &j);
  sink = p.getSecond();
}
int constructedStays() {
  int i = 1, j = 2;
  Pair p(&i, &j);
  return *p.getFirst() + *p.getSecond();
}
void setLater() {
  int i = 1, j = 2;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Pair p(&i, nullptr);
  p.setSecond(&j);
  sink = p.getSecond();
}
void setAndCopied() {
  int i = 1;  // want "^address of i escapes$"
  Pair p(nullptr, nullptr);
  p.setSecond(&i);
  p.copyDown();
  sink = p.getFirst();
}
void setNotCopied() {
  int i = 1;  // finer "address of i escapes" fields are one variable in Go
  Pair p(nullptr, nullptr);
  p.setSecond(&i);
  sink = p.getFirst();
}
void throughPlace() {
  int i = 1;  // want "^address of i escapes$"
  Pair p(nullptr, nullptr);
  p.placeOfSecond() = &i;
  sink = p.getSecond();
}
void throughOtherPlace() {
  int i = 1;  // finer "address of i escapes" fields are one variable in Go
  Pair p(nullptr, nullptr);
  p.placeOfSecond() = &i;
  sink = p.getFirst();
}
void nested() {
  int i = 1;  // want "^address of i escapes$"
  Holder h(&i);
  sink = h.inner();
}
void nestedFirst() {
  int i = 1;  // finer "address of i escapes" fields are one variable in Go
  Holder h(&i);
  sink = h.innerFirst();
}
void nestedPlace() {
  int i = 1, j = 2;  // want "^address of i escapes$" "^address of j escapes$"
  Holder h(&i);
  h.both().setSecond(&j);
  h.both().copyDown();
  sink = h.innerFirst();
}
void wideMiddle() {
  int i = 1, j = 2;  // want "^address of i escapes$" // finer "address of j escapes" fields are one variable in Go
  Wide w = makeWide(&i, &j);
  sink = w.b;
}
void wideLast() {
  int i = 1, j = 2;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Wide w = makeWide(&i, &j);
  sink = w.c;
}
void widePlace() {
  int i = 1, j = 2;  // want "^address of i escapes$" "^address of j escapes$"
  Wide w = makeWide(nullptr, &j);
  *inLast(w) = &i;
  sink = w.c;
}
int wideByValue() {
  int i = 1;
  Wide w{nullptr, nullptr, &i};
  return *lastOf(w);
}
void wideByValueLeaks() {
  int i = 1;  // want "^address of i escapes$"
  Wide w{nullptr, nullptr, &i};
  sink = lastOf(w);  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void allocated() {
  int i = 1, j = 2;             // want "^address of i escapes$" // finer "address of j escapes" a store into a known object stays with it
  Pair *p = new Pair(&i, &j);   // want "^new Pair does not escape$"
  sink = p->getFirst();
  delete p;
}
// A recursion that steps through an object gives up the places, not the answer.
struct Cell { int *p; Cell *next; int *q; };
int *walk(Cell *c, int n) { return n ? walk(c + 1, n - 1) : c->q; }  // want "^leaking param: c to result ~r0 level=1$"
int walkStays() {
  int i = 1;
  Cell cells[2] = {{&i, nullptr, nullptr}, {}};
  return *walk(cells, 1);
}
void walkLeaks() {
  int i = 1;  // want "^address of i escapes$"
  Cell cells[2] = {{nullptr, nullptr, nullptr}, {nullptr, nullptr, &i}};
  sink = walk(cells, 1);
}
