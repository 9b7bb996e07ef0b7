// Summaries travel up the call graph: through helpers, recursion, function pointers with known and unknown targets.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
int *global;
void unknown(int *p);

static void helper(int *p) { *p = 1; }                  // want "^p does not escape$"
static void keeper(int *p) { global = p; }              // want "^leaking param: p$"
static int *passing(int *p) { return p; }               // want "^leaking param: p to result ~r0 level=0$"
void callsHelper(int *p) { helper(p); }                 // want "^p does not escape$"
void callsKeeper(int *p) { keeper(p); }                 // want "^leaking param: p$"
void callsPassing(int *p) { *passing(p) = 1; }          // want "^p does not escape$"
void passingThenKeeper(int *p) { keeper(passing(p)); }  // want "^leaking param: p$"
int *twice(int *p) { return passing(passing(p)); }      // want "^leaking param: p to result ~r0 level=0$"
void localToHelper() { int x = 0; helper(&x); }
void localToKeeper() { int x = 0; keeper(&x); }         // want "^address of x escapes$"
void localThroughPassing() { int x = 0; *passing(&x) = 1; }

int depth(int *p, int n) { return n ? depth(p, n - 1) : *p; }        // want "^p does not escape$"
int *carry(int *p, int n) { return n ? carry(p, n - 1) : p; }        // want "^leaking param: p to result ~r0 level=0$"
void leakDeep(int *p, int n) { n ? leakDeep(p, n - 1) : unknown(p); }  // want "^leaking param: p$"
int even(int *p, int n);
int odd(int *p, int n) { return n ? even(p, n - 1) : *p; }           // want "^p does not escape$"
int even(int *p, int n) { return n ? odd(p, n - 1) : *p + 1; }       // want "^p does not escape$"
void pongLeaks(int *p, int n);
void pingLeaks(int *p, int n) { if (n) pongLeaks(p, n - 1); }        // want "^leaking param: p$"
void pongLeaks(int *p, int n) { global = p; pingLeaks(p, n); }       // want "^leaking param: p$"

void throughPointer(void (*f)(int *), int *p) { f(p); }  // want "^f does not escape$" "^leaking param: p$"
void knownTarget(int *p) {                               // want "^p does not escape$"
  void (*f)(int *) = helper;
  f(p);
}
void twoTargets(int *p, bool c) {                        // want "^leaking param: p$"
  void (*f)(int *) = c ? helper : keeper;
  f(p);
}

struct Shape {
  virtual ~Shape() = default;
  virtual void draw(int *p) = 0;
};
void dynamic(Shape &s, int *p) { s.draw(p); }            // want "^leaking param: s$" "^leaking param: p$"
