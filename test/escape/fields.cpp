// Fields are kept apart by offset, where Go takes a structure for one variable: only what the field that leaves holds leaves.
// emm-check: go=escape opt=0,2 explained-by-level="a conversion that is made for null too has no line of its own"
int *sink;
void *sinkAny;

struct Pair { int *a, *b; };
struct Deep { Pair first, second; Deep *next; };
struct Base { int *base; };
struct Derived : Base { int *own; };
struct Second { int *second; };
struct Multiple : Base, Second { int *third; };
union Either { int *pointer; long number; };
struct Bits { unsigned a : 3, b : 5; int *p; };

void firstField() {
  int i = 0, j = 0;  // want "^address of i escapes$" // finer "address of j escapes" fields are one variable in Go
  Pair x;
  x.a = &i;
  x.b = &j;
  sink = x.a;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void secondField() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Pair x;
  x.a = &i;
  x.b = &j;
  sink = x.b;  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
int neitherField() {
  int i = 0, j = 0;
  Pair x;
  x.a = &i;
  x.b = &j;
  return *x.a + *x.b;
}
void nestedField() {
  int i = 0, j = 0;  // want "^address of i escapes$" // finer "address of j escapes" fields are one variable in Go
  Deep x{};
  x.first.b = &i;
  x.second.b = &j;
  sink = x.first.b;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void otherNestedField() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Deep x{};
  x.first.b = &i;
  x.second.b = &j;
  sink = x.second.b;  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
void subobject() {
  int i = 0, j = 0;  // want "^address of i escapes$" // finer "address of j escapes" fields are one variable in Go
  Deep x{};
  x.first.a = &i;
  x.second.a = &j;
  Pair copy = x.first;
  sink = copy.a;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void wholeObject() {
  int i = 0, j = 0;  // want "^address of i escapes$" "^address of j escapes$"
  Pair x;            // want "^address of x escapes$"
  x.a = &i;
  x.b = &j;
  sinkAny = &x;  // want escape/outlives-frame "'x' is stored in global 'sinkAny'"
}
void addressOfField() {
  int i = 0, j = 0;  // want "^address of i escapes$" "^address of j escapes$"
  Pair x;            // want "^address of x escapes$"
  x.a = &i;
  x.b = &j;
  sinkAny = &x.b;  // want escape/outlives-frame "'x' is stored in global 'sinkAny'"
}
int addressOfFieldStays() {
  int i = 0, j = 0;
  Pair x;
  x.a = &i;
  x.b = &j;
  int **p = &x.b;
  return **p;
}
void overwritten() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" order in straight-line code is known
  Pair x;
  x.a = &i;
  x.a = &j;
  sink = x.a;  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
void throughPointer() {
  int i = 0, j = 0;  // want "^address of i escapes$" // finer "address of j escapes" a store through a known pointer stays with the object
  Pair x;
  Pair *p = &x;
  p->a = &i;
  p->b = &j;
  sink = p->a;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void throughReference() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" a store through a known pointer stays with the object
  Pair x;
  Pair &r = x;
  r.a = &i;
  r.b = &j;
  sink = r.b;  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
void baseField() {
  int i = 0, j = 0;  // want "^address of i escapes$" // finer "address of j escapes" fields are one variable in Go
  Derived x;
  x.base = &i;
  x.own = &j;
  sink = x.base;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void ownField() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Derived x;
  x.base = &i;
  x.own = &j;
  sink = x.own;  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
void secondBase() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" fields are one variable in Go
  Multiple x;
  x.base = &i;
  Second &s = x;
  s.second = &j;
  sink = s.second;  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
void unionMember() {
  int i = 0;  // want "^address of i escapes$"
  Either x;
  x.pointer = &i;
  sink = x.pointer;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
long unionMemberStays() {
  int i = 0;
  Either x;
  x.pointer = &i;
  return *x.pointer;
}
void unionAsNumber() {
  int i = 0;  // want "^address of i escapes$"
  Either x;
  x.pointer = &i;
  sink = reinterpret_cast<int *>(x.number);  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
int bitField() {
  int i = 0;
  Bits x{1, 2, &i};
  return static_cast<int>(x.a) + *x.p;
}
void besideBitField() {
  int i = 0;  // want "^address of i escapes$"
  Bits x{1, 2, &i};
  sink = x.p;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}

// Of a parameter's fields only the loads count.
int *paramField(Pair *p) { return p->a; }                 // want "^leaking param: p to result ~r0 level=1$"
int paramFieldRead(Pair *p) { return *p->a; }             // want "^p does not escape$"
int *paramSubobject(Deep *p) { return p->second.b; }      // want "^leaking param: p to result ~r0 level=1$"
Pair *paramInner(Deep *p) { return &p->second; }          // want "^leaking param: p to result ~r0 level=0$"
Pair *paramNext(Deep *p) { return &p->next->second; }     // want "^leaking param: p to result ~r0 level=1$"
int *paramNextField(Deep *p) { return p->next->first.a; } // want "^leaking param: p to result ~r0 level=2$"
void paramFieldLeaks(Pair &p) { sink = p.a; }             // want "^leaking param content: p$"
void paramFieldStays(Pair &p) { *p.a = 1; }               // want "^p does not escape$"
Base &toBase(Derived &d) { return d; }                    // want "^leaking param: d to result ~r0 level=0$"
Second *toSecondBase(Multiple *m) { return m; }           // want "^leaking param: m to result ~r0 level=0$"
int *ofSecondBase(Multiple *m) { return static_cast<Second *>(m)->second; }  // want "^leaking param: m to result ~r0 level=1$"
void setFirst(Pair *p, int *q) { p->a = q; }              // want "^p does not escape$" "^leaking param: q to content of p$"
void setDeep(Deep *p, int *q) { p->next->first.a = q; }   // want "^p does not escape$" "^leaking param: q to content of p$"
void setContent(Pair *p, int **q) { p->a = *q; }          // want "^p does not escape$" "^leaking param content: q to content of p$"
int setAndRead(Pair *p, int *q) { p->a = q; return *p->a; }  // want "^p does not escape$" "^leaking param: q to content of p$"
void setLocal() { int i = 0; Pair x{}; setFirst(&x, &i); }
void setLocalLeaks() {
  int i = 0;  // want "^address of i escapes$"
  Pair x{};
  setFirst(&x, &i);
  sink = x.a;
}
void setGlobal() {
  static Pair x;
  int i = 0;  // want "^address of i escapes$"
  setFirst(&x, &i);
}
