/* The malloc family, variable arguments, copies of memory, and C's own ways of keeping pointers. */
// emm-check: go=escape opt=0,2
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Node { int *p; struct Node *next; char name[16]; };
int *sink;
void *sinkAny;
char *text;
struct Node globalNode;
void unknown(const char *format, ...);

int mallocStays(void) { int *p = malloc(4); *p = 1; int r = *p; free(p); return r; }  // want "^malloc\(4\) does not escape$"
void mallocKept(void) { sink = malloc(4); }                                           // want "^malloc\(4\) escapes to heap$"
int *mallocReturned(void) { return malloc(4); }                                       // want "^malloc\(4\) escapes to heap$"
int mallocOfSize(int n) { int *p = malloc(n); int r = p ? 1 : 0; free(p); return r; }  // want "^malloc\(\.\.\.\) escapes to heap$"
int mallocLarge(void) { char *p = malloc(65537); *p = 1; int r = *p; free(p); return r; }  // want "^malloc\(65537\) escapes to heap$"
int callocStays(void) { int *p = calloc(2, 4); int r = p[1]; free(p); return r; }     // want "^calloc\(2, 4\) does not escape$"
int callocLarge(void) { int *p = calloc(65536, 2); int r = p[1]; free(p); return r; }  // want "^calloc\(65536, 2\) escapes to heap$"
int reallocStays(void) {
  int *p = malloc(4);  // want "^malloc\(4\) does not escape$"
  p = realloc(p, 8);   // want "^realloc\(8\) does not escape$"
  p[1] = 1;
  int r = p[1];
  free(p);
  return r;
}
int *reallocReturned(int *p) { return realloc(p, 8); }  // want "^leaking param: p to result ~r0 level=0$" "^realloc\(8\) escapes to heap$"
int alignedStays(void) { int *p = aligned_alloc(64, 64); *p = 1; int r = *p; free(p); return r; }  // want "^aligned_alloc\(64\) does not escape$"
void alignedKept(void) { sink = aligned_alloc(64, 64); }          // want "^aligned_alloc\(64\) escapes to heap$"
char duplicated(const char *s) { char *d = strdup(s); char r = *d; free(d); return r; }  // want "^s does not escape$" "^strdup\(\.\.\.\) escapes to heap$"
void duplicatedKept(const char *s) { text = strdup(s); }          // want "^s does not escape$" "^strdup\(\.\.\.\) escapes to heap$"
int inNode(void) {
  struct Node *n = malloc(sizeof *n);  // want "^malloc\(32\) does not escape$"
  n->p = malloc(4);                    // want "^malloc\(4\) does not escape$"
  *n->p = 1;
  int r = *n->p;
  free(n->p);
  free(n);
  return r;
}
void inNodeKept(void) {
  struct Node *n = malloc(sizeof *n);  // want "^malloc\(32\) does not escape$"
  n->p = malloc(4);                    // want "^malloc\(4\) escapes to heap$"
  sink = n->p;
  free(n);
}
int posixMemalign(void) {
  void *p;
  if (posix_memalign(&p, 64, 64))
    return 0;
  free(p);
  return 1;
}

void copyStays(void) {
  int x = 1;
  struct Node a = {&x, 0, ""}, b;
  memcpy(&b, &a, sizeof a);
  *b.p = 2;
}
void copyKept(void) {
  int x = 1;  // want "^address of x escapes$"
  struct Node a = {&x, 0, ""}, b;
  memcpy(&b, &a, sizeof a);
  sink = b.p;  // want escape/outlives-frame "'x' is stored in global 'sink'"
}
void copyToGlobal(void) {
  int x = 1;  // want "^address of x escapes$"
  struct Node a = {&x, 0, ""};
  globalNode = a;  // want escape/outlives-frame "'x' is stored in global 'globalNode'"
}
void copyFromGlobal(void) {
  struct Node a = globalNode;
  sink = a.p;
}
void moveKept(void) {
  int x = 1;  // want "^address of x escapes$"
  struct Node a = {&x, 0, ""}, b;
  memmove(&b, &a, sizeof a);
  sink = b.p;  // want escape/outlives-frame "'x' is stored in global 'sink'"
}
void copyOfText(char *to, const char *from) { memcpy(to, from, 16); }            // want "^to does not escape$" "^leaking param content: from to content of to$"
void copyOfString(char *to, const char *from) { strcpy(to, from); }              // want "^to does not escape$" "^from does not escape$"
struct Node assign(struct Node *n) { return *n; }                                // want "^leaking param: n to result ~r0 level=1$"
void assignTo(struct Node *a, struct Node *b) { *a = *b; }                       // want "^a does not escape$" "^leaking param content: b to content of a$"
void assignNumbers(struct Node *a, struct Node *b) { a->name[0] = b->name[0]; }  // want "^a does not escape$" "^b does not escape$"
char *found(char *s) { return strchr(s, 'x'); }                                  // want "^leaking param: s to result ~r0 level=0$"
int compared(const char *a, const char *b) { return strcmp(a, b); }              // want "^a does not escape$" "^b does not escape$"
void zeroed(struct Node *n) { memset(n, 0, sizeof *n); }                         // want "^n does not escape$"

void printed(const char *s, int *p) { printf("%s %d\n", s, *p); }                // want "^s does not escape$" "^p does not escape$"
void printedPointer(int *p) { printf("%p\n", (void *)p); }                       // want "^p does not escape$"
void passedOn(int *p) { unknown("%p", p); }                                      // want "^leaking param: p$"
int summed(int n, ...) {
  va_list list;
  int sum = 0;
  va_start(list, n);
  for (int i = 0; i < n; ++i)
    sum += *va_arg(list, int *);
  va_end(list);
  return sum;
}
int *firstOf(int n, ...) {
  va_list list;
  va_start(list, n);
  int *p = va_arg(list, int *);
  va_end(list);
  return p;
}
int callsSummed(void) { int x = 1; return summed(1, &x); }
void callsFirstOf(void) { int x = 1; sink = firstOf(1, &x); }                    // want "^address of x escapes$" escape/outlives-frame "'x' is stored in global 'sink'"
int comparesAll(int *a, int n);
static int byValue(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }  // want "^a does not escape$" "^b does not escape$"
static int keepsOne(const void *a, const void *b) { sinkAny = (void *)a; return *(const int *)a - *(const int *)b; }  // want "^leaking param: a$" "^b does not escape$"
int sorted(void) { int a[3] = {3, 1, 2}; qsort(a, 3, sizeof *a, byValue); return a[0]; }
int sortedKept(void) { int a[3] = {3, 1, 2}; qsort(a, 3, sizeof *a, keepsOne); return a[0]; }  // want "^address of a escapes$"
