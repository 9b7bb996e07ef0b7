/* What a declaration says of itself stands for the body that is not there. Each has a twin that says nothing. */
// emm-check: go=escape opt=0,2
#include <stddef.h>

int *sink;
int lengthOf(const char *s) __attribute__((pure));
int sumOf(const int *p) __attribute__((const));
int takes(int *p);
void borrows(__attribute__((noescape)) int *p);
void *allocate(size_t n) __attribute__((malloc, alloc_size(1)));
void *allocateOnly(size_t n) __attribute__((malloc));
void *obtain(size_t n);
void stop(int *p) __attribute__((noreturn));

int pure(char *s) { return lengthOf(s); }                    // want "^s does not escape$"
int constant(int *p) { return sumOf(p); }                    // want "^p does not escape$"
int taken(int *p) { return takes(p); }                       // want "^leaking param: p$"
void borrowed(int *p) { borrows(p); }                        // want-fp "^leaking param content: p$" the IR does not say that an int holds no pointer
int localPure(void) { char s[4] = "abc"; return lengthOf(s); }
int localTaken(void) { int x = 1; return takes(&x); }        // want "^address of x escapes$"
void localBorrowed(void) { int x = 1; borrows(&x); }
void localStops(void) { int x = 1; stop(&x); }               // want "^address of x escapes$"
int fresh(void) { int x = 1; int **p = allocate(8); *p = &x; return **p; }
int freshOnly(void) { int x = 1; int **p = allocateOnly(8); *p = &x; return **p; }
int notFresh(void) { int x = 1; int **p = obtain(8); *p = &x; return **p; }  // want "^address of x escapes$"
void freshKept(void) { int x = 1; int **p = allocate(8); *p = &x; sink = *p; }  // want "^address of x escapes$" escape/outlives-frame "'x' is stored in global 'sink'"
int **freshReturned(void) { int x = 1; int **p = allocate(8); *p = &x; return p; }  // want "^address of x escapes$"
