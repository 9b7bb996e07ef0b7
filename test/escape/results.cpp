// Results: of pointers, of structures in registers and in memory, through references and several returns.
// emm-check: go=escape opt=0,2
int *sink;
struct Two { int *a, *b; };
struct Three { int *a, *b, *c; };
struct Mixed { int n; int *p; double d; };

Two makeTwo(int *a, int *b) { return {a, b}; }            // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$"
Two makeTwoOf(int *a, int *b) { (void)b; return {a, a}; }  // want "^leaking param: a to result ~r0 level=0$" "^b does not escape$"
Three makeThree(int *a, int *b, int *c) { return {a, b, c}; }  // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$" "^leaking param: c to result ~r0 level=0$"
Three makeThreeOf(int *a, int *b, int *c) { return {a, a, *c ? b : a}; }  // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$" "^c does not escape$"
Mixed makeMixed(int *p) { return {1, p, 2.0}; }           // want "^leaking param: p to result ~r0 level=0$"
Mixed makeMixedOf(int *p) { return {*p, nullptr, 2.0}; }  // want "^p does not escape$"
Two loadTwo(Two *t) { return *t; }                        // want "^leaking param: t to result ~r0 level=1$"
Three loadThree(Three *t) { return *t; }                  // want "^leaking param: t to result ~r0 level=1$"
Three passThree(Three t) { return t; }                    // want "^leaking param: t to result ~r0 level=0$"
int *ofThree(Three t) { return t.b; }                     // want "^leaking param: t to result ~r0 level=0$"
int readThree(Three t) { return *t.b; }                   // want "^t does not escape$"
void keepThree(Three t) { sink = t.c; }                   // want "^leaking param: t$"
Two swapped(Two t) { return {t.b, t.a}; }                 // want "^leaking param: t to result ~r0 level=0$"

int *early(int *a, int *b, int n) {  // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$"
  if (n > 1)
    return a;
  if (n < 0)
    return nullptr;
  return b;
}
int *earlyOf(int *a, int *b, int n) {  // want "^leaking param: a to result ~r0 level=0$" "^b does not escape$"
  if (n > *b)
    return a;
  return nullptr;
}
int *conditionally(int *a, int **b, bool c) { return c ? a : *b; }     // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=1$"
int *shallowest(int **b, bool c) { return c ? *b : reinterpret_cast<int *>(b); }  // want "^leaking param: b to result ~r0 level=0$"
int *heapWins(int *p) { sink = p; return p; }                           // want "^leaking param: p$"
int *heapDeeper(int **p) { sink = *p; return reinterpret_cast<int *>(p); }  // want "^leaking param content: p$" "^leaking param: p to result ~r0 level=0$"
bool asNumber(int *p) { return p != nullptr; }                          // want "^p does not escape$"
long addressAsNumber(int *p) { return reinterpret_cast<long>(p); }      // want "^leaking param: p to result ~r0 level=0$"
const char *literal(int *p) { return *p ? "yes" : "no"; }               // want "^p does not escape$"
int *staticLocal(int *p) { static int s; s = *p; return &s; }           // want "^p does not escape$"
int &largest(int &a, int &b) { return a < b ? b : a; }                  // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$"
int larger(int &a, int &b) { return a < b ? b : a; }                    // want "^a does not escape$" "^b does not escape$"
void out(int **result, int *p) { *result = p; }                         // want "^result does not escape$" "^leaking param: p to content of result$"
void outReference(int *&result, int *p) { result = p; }                 // want "^result does not escape$" "^leaking param: p to content of result$"
void outRead(int *result, int *p) { *result = *p; }                     // want "^result does not escape$" "^p does not escape$"

// What the caller does with the result decides about what it gave.
int usesTwo() { int i = 1, j = 2; Two t = makeTwo(&i, &j); return *t.a + *t.b; }
void keepsTwo() {
  int i = 1, j = 2;  // want "^address of i escapes$" // want-fp "^address of j escapes$" a summary has one sink for the whole result; Go tells results apart, but not a result's fields
  Two t = makeTwo(&i, &j);
  sink = t.a;
}
int usesThree() { int i = 1, j = 2, k = 3; Three t = makeThree(&i, &j, &k); return *t.a + *t.b + *t.c; }
void keepsThree() {
  int i = 1;  // want "^address of i escapes$"
  Three t = makeThree(&i, nullptr, nullptr);
  sink = t.a;
}
int usesOut() { int i = 1; int *p; out(&p, &i); return *p; }
int *returnsOut() {
  int i = 1;  // want "^address of i escapes$"
  int *p;
  out(&p, &i);
  return p;  // miss escape/outlives-frame an address that went through memory may have been replaced there: no proof is tried
}
int *allocates() { return new int(1); }                            // want "^new int escapes to heap$"
int allocatesHere() { int *p = new int(1); int r = *p; delete p; return r; }  // want "^new int does not escape$"
Two allocatesTwo() { return {new int(1), new int(2)}; }            // want "^new int escapes to heap$" "^new int escapes to heap$"
int allocatesTwoHere() { Two t{new int(1), new int(2)}; return *t.a + *t.b; }  // want "^new int does not escape$" "^new int does not escape$"
Three allocatesThree() { return {new int(1), nullptr, nullptr}; }  // want "^new int escapes to heap$"
int allocatesThreeHere() { Three t{new int(1), nullptr, nullptr}; return *t.a; }  // want "^new int does not escape$"
Mixed namedResult() {
  Mixed m{};
  m.p = new int(1);  // want "^new int escapes to heap$"
  return m;
}
int namedLocal() {
  Mixed m{};
  m.p = new int(1);  // want "^new int does not escape$"
  return *m.p;
}
