// Where a pointer parameter goes: nowhere, to the heap, to the result after so many loads, into another parameter.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
struct Node { int *p; Node *next; int n; };
int *global;
Node *globalNode;
void unknown(int *p);          // no body: whatever it is given may be kept
void unknownNode(Node *n);

void unused(int *p) {}                                      // want "^p does not escape$"
void unnamed(int *) {}
int deref(int *p) { return *p; }                            // want "^p does not escape$"
void assign(int *p) { *p = 1; }                             // want "^p does not escape$"
int *identity(int *p) { return p; }                         // want "^leaking param: p to result ~r0 level=0$"
int *load(int **p) { return *p; }                           // want "^leaking param: p to result ~r0 level=1$"
int *load2(int ***p) { return **p; }                        // want "^leaking param: p to result ~r0 level=2$"
int *field(Node *n) { return n->p; }                        // want "^leaking param: n to result ~r0 level=1$"
int *nextField(Node *n) { return n->next->p; }              // want "^leaking param: n to result ~r0 level=2$"
int *addressOf(Node *n) { return &n->n; }                   // want "^leaking param: n to result ~r0 level=0$"
int number(Node *n) { return n->n; }                        // want "^n does not escape$"
void toGlobal(int *p) { global = p; }                       // want "^leaking param: p$"
void contentToGlobal(int **p) { global = *p; }              // want "^leaking param content: p$"
void deepToGlobal(Node *n) { globalNode = n->next->next; }  // want "^leaking param content: n$"
int *both(int *p) { global = p; return p; }                 // want "^leaking param: p$"
void toUnknown(int *p) { unknown(p); }                      // want "^leaking param: p$"
void contentToUnknown(int **p) { unknown(*p); }             // want "^leaking param content: p$"
void set(Node *n, int *p) { n->p = p; }                     // want "^n does not escape$" "^leaking param: p to content of n$"
void link(Node *a, Node *b) { a->next = b; }                // want "^a does not escape$" "^leaking param: b to content of a$"
void copyField(Node *a, Node *b) { a->p = b->p; }           // want "^a does not escape$" "^leaking param content: b to content of a$"
void selfAssign(Node *n) { n->p = n->next->p; }             // want "^n does not escape$"
void swapFields(Node *n) { Node *t = n->next; n->next = t->next; }  // want "^n does not escape$"
int *choose(int *a, int *b, bool c) { return c ? a : b; }   // want "^leaking param: a to result ~r0 level=0$" "^leaking param: b to result ~r0 level=0$"
int &reference(int &r) { return r; }                        // want "^leaking param: r to result ~r0 level=0$"
int value(int &r) { return r; }                             // want "^r does not escape$"
void addressOfParam(int n) { unknown(&n); }                 // want "^address of n escapes$"
int arithmetic(int n, double d) { return n + static_cast<int>(d); }
bool compare(int *a, int *b) { return a == b; }             // want "^a does not escape$" "^b does not escape$"

// By-value structures: the pointers they carry are the parameter's value.
int *carried(Node n) { return n.p; }                        // want "^leaking param: n to result ~r0 level=0$"
Node whole(Node n) { return n; }                            // want "^leaking param: n to result ~r0 level=0$"
int carriedLoad(Node n) { return *n.p; }                    // want "^n does not escape$"

struct Class {
  int *kept = nullptr;
  int count = 0;
  void keep(int *p) { kept = p; }                           // want "^this does not escape$" "^leaking param: p to content of this$"
  int *get() const { return kept; }                         // want "^leaking param: this to result ~r0 level=1$"
  int *pointer() { return &count; }                         // want "^leaking param: this to result ~r0 level=0$"
  void bump() { ++count; }                                  // want "^this does not escape$"
};
void useClass(Class &c, int *p) {  // want "^c does not escape$" "^leaking param: p to content of c$"
  c.bump();
  c.keep(p);
  if (c.get() == p)
    c.pointer();
}
