// Chains of addresses: taking an address and following one cancel out, so each function says how many variables of the
// chain are reached from what it keeps. Two functions that differ by one star differ by one variable.
// emm-check: go=escape opt=0,2
void *sink;
int *sinkInt;
template <class T> static void keep(T *p) { sink = p; }  // want "^leaking param: p$"

void level0() {
  int i = 0;        // want "^address of i escapes$"
  int *p0 = &i;     // want "^address of p0 escapes$"
  int **p1 = &p0;   // want "^address of p1 escapes$"
  int ***p2 = &p1;  // want "^address of p2 escapes$"
  sink = &p2;  // want escape/outlives-frame "'p2' is stored in global 'sink'"
}
void level1() {
  int i = 0;        // want "^address of i escapes$"
  int *p0 = &i;     // want "^address of p0 escapes$"
  int **p1 = &p0;   // want "^address of p1 escapes$"
  int ***p2 = &p1;
  sink = p2;  // want escape/outlives-frame "'p1' is stored in global 'sink'"
}
void level2() {
  int i = 0;       // want "^address of i escapes$"
  int *p0 = &i;    // want "^address of p0 escapes$"
  int **p1 = &p0;
  int ***p2 = &p1;
  sink = *p2;  // want escape/outlives-frame "'p0' is stored in global 'sink'"
}
void level3() {
  int i = 0;  // want "^address of i escapes$"
  int *p0 = &i;
  int **p1 = &p0;
  int ***p2 = &p1;
  sink = **p2;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
int level4() {
  int i = 0;
  int *p0 = &i;
  int **p1 = &p0;
  int ***p2 = &p1;
  return ***p2;
}
void copied0() {
  int i = 0;        // want "^address of i escapes$"
  int *p0 = &i;     // want "^address of p0 escapes$"
  int **p1 = &p0;
  int **p2 = p1;    // want "^address of p2 escapes$"
  sink = &p2;  // want escape/outlives-frame "'p2' is stored in global 'sink'"
}
void copied1() {
  int i = 0;     // want "^address of i escapes$"
  int *p0 = &i;  // want "^address of p0 escapes$"
  int **p1 = &p0;
  int **p2 = p1;
  sink = p2;  // want escape/outlives-frame "'p0' is stored in global 'sink'"
}
void copied2() {
  int i = 0;  // want "^address of i escapes$"
  int *p0 = &i;
  int **p1 = &p0;
  int *p2 = *p1;
  sink = p2;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
int copied3() {
  int i = 0;
  int *p0 = &i;
  int **p1 = &p0;
  int p2 = **p1;
  return p2;
}
void copied4() {
  int i = 0;     // want "^address of i escapes$"
  int *p0 = &i;
  int *p1 = p0;  // want "^address of p1 escapes$"
  int **p2 = &p1;
  sink = p2;  // want escape/outlives-frame "'p1' is stored in global 'sink'"
}
void copied5() {
  int i = 0;  // want "^address of i escapes$"
  int *p0 = &i;
  int *p1 = p0;
  int **p2 = &p1;
  sink = *p2;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void allocated0() {
  int **p = new int *(new int(1));  // want "^new int escapes to heap$" "^new int\* escapes to heap$"
  sink = p;
}
void allocated1() {
  int **p = new int *(new int(1));  // want "^new int escapes to heap$" "^new int\* does not escape$"
  sink = *p;
}
int allocated2() {
  int **p = new int *(new int(1));  // want "^new int does not escape$" "^new int\* does not escape$"
  return **p;
}
int *allocated3() {
  int **p = new int *(new int(1));  // want "^new int escapes to heap$" "^new int\* does not escape$"
  return *p;
}
int **allocated4() {
  int **p = new int *(new int(1));  // want "^new int escapes to heap$" "^new int\* escapes to heap$"
  return p;
}

void param0(int *p) { sink = &p; }       // want "^leaking param: p$" "^address of p escapes$" escape/outlives-frame "'p' is stored in global 'sink'"
void param1(int *p) { sink = p; }        // want "^leaking param: p$"
void param2(int **p) { sink = *p; }      // want "^leaking param content: p$"
void param3(int ***p) { sink = **p; }    // want "^leaking param content: p$"
int param4(int ***p) { return ***p; }    // want "^p does not escape$"
void param5(int &r) { sinkInt = &r; }    // want "^leaking param: r$"
void param6(int *&r) { sinkInt = r; }    // want "^leaking param content: r$"
int param7(int *&r) { return *r; }       // want "^r does not escape$"
void param8(int *&&r) { sinkInt = r; }   // want "^leaking param content: r$"
void param9(int **p) { keep(p); }        // want "^leaking param: p$"
void param10(int **p) { keep(*p); }      // want "^leaking param content: p$"
void param11(int **p) { keep(&p); }      // want "^leaking param: p$" "^address of p escapes$"

// Results count loads as well; through a chain of callees they add up.
static int *value0(int *p) { return p; }           // want "^leaking param: p to result ~r0 level=0$"
static int *value1(int **p) { return *p; }         // want "^leaking param: p to result ~r0 level=1$"
static int **address1(int *&r) { return &r; }      // want "^leaking param: r to result ~r0 level=0$"
int *twoLoads(int ***p) { return value1(*p); }       // want "^leaking param: p to result ~r0 level=2$"
int *sum0(int **p) { return value0(value1(p)); }   // want "^leaking param: p to result ~r0 level=1$"
int *cancels(int *p) { return *address1(p); }      // want "^leaking param: p to result ~r0 level=0$"
void sumLeaks(int **p) { sink = value1(p); }       // want "^leaking param content: p$"
int sumStays(int **p) { return *value1(p); }       // want "^p does not escape$"
int localThroughValue() { int x = 1; return *value0(&x); }
int *localIsResult() { int x = 1; return value0(&x); }    // want "^address of x escapes$" escape/outlives-frame "local .x. is returned"
int localThroughAddress() { int x = 1; int *p = &x; return **address1(p); }
int *pointeeThroughAddress() { int x = 1; int *p = &x; return *address1(p); }  // want "^address of x escapes$" // miss escape/outlives-frame an address that went through memory may have been replaced there: no proof is tried
