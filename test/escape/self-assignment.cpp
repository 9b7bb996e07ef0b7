// Storing what an object already holds keeps nothing new; storing an object into itself makes a cycle, not an escape.
// emm-check: go=escape opt=0,2
struct Node { Node *left, *right; int *p; char *begin, *end; };
Node *sink;

void sameField(Node *n) { n->left = n->left; }            // want "^n does not escape$"
void otherField(Node *n) { n->left = n->right; }          // want "^n does not escape$"
void fieldOfField(Node *n) { n->left = n->right->left; }  // want "^n does not escape$"
void window(Node *n, int k) { n->begin = n->begin + k; }  // want "^n does not escape$"
void shrink(Node *n) { n->end = n->begin; }               // want "^n does not escape$"
void swapFields(Node *n) { Node *t = n->left; n->left = n->right; n->right = t; }  // want "^n does not escape$"
void toItself(Node *n) { n->left = n; }                   // want "^leaking param: n to content of n$"
void toOwnChild(Node *n) { n->left->right = n; }          // want "^leaking param: n to content of n$"
void swapObjects(Node &a, Node &b) { Node t = a; a = b; b = t; }  // want "^leaking param content: a to content of b$" "^leaking param content: b to content of a$"
void swapPointees(int *a, int *b) { int t = *a; *a = *b; *b = t; }  // want "^a does not escape$" "^b does not escape$"
void swapPointers(int *&a, int *&b) { int *t = a; a = b; b = t; }   // want "^leaking param content: a to content of b$" "^leaking param content: b to content of a$"
void ownMember(Node *n) { n->p = &n->p[1]; }              // want "^n does not escape$"
void fromOther(Node *n, Node *m) { n->left = m->left; }   // want "^n does not escape$" "^leaking param content: m to content of n$"
void otherItself(Node *n, Node *m) { n->left = m; }       // want "^n does not escape$" "^leaking param: m to content of n$"
void globalChild(Node *n) { sink = n->left; }             // want "^leaking param content: n$"
void globalItself(Node *n) { n->left = n; sink = n; }     // want "^leaking param: n$"
int localCycle() {
  Node a{}, b{};
  a.left = &b;
  b.left = &a;
  return a.left->left == &a;
}
void localCycleLeaks() {
  Node a{}, b{};  // want "^address of a escapes$" "^address of b escapes$"
  a.left = &b;
  b.left = &a;
  sink = &a;  // want escape/outlives-frame "'a' is stored in global 'sink'"
}
int allocatedCycle() {
  Node *a = new Node(), *b = new Node();  // want "^new Node does not escape$" "^new Node does not escape$"
  a->left = b;
  b->left = a;
  return a->left->left == a;
}
Node *allocatedCycleReturned() {
  Node *a = new Node(), *b = new Node();  // want "^new Node escapes to heap$" "^new Node escapes to heap$"
  a->left = b;
  b->left = a;
  return b;
}
int selfLoop() {
  Node a{};
  a.left = &a;
  return a.left->left == &a;
}
void insertAfter(Node *at, Node *n) {  // want "^leaking param content: at to content of n$" "^leaking param: n to content of at$" // want-fp "^leaking param: n to content of n$" statements are not ordered: the second may come first
  n->right = at->right;
  at->right = n;
}
void insertLocally() {
  Node a{}, b{};
  insertAfter(&a, &b);
}
void insertIntoParam(Node *at) {  // want "^at does not escape$"
  insertAfter(at, new Node());    // want "^new Node escapes to heap$"
}
struct Buffer {
  char inner[16];
  char *begin = inner;
  void advance() { ++begin; }       // want "^this does not escape$"
  void reset() { begin = inner; }   // want "^leaking param: this to content of this$"
  char *get() { return begin; }     // want "^leaking param: this to result ~r0 level=1$"
  char first() { return *begin; }   // want "^this does not escape$"
};
char useBuffer() { Buffer b; b.reset(); b.advance(); return b.first() + *b.get(); }

// Which element is moved is not known: each may afterwards hold what another held.
static void move(int **p, int i, int j) { p[i] = p[j]; }          // want "^p does not escape$"
static void moveRow(int ***p, int i, int j) { p[i][j] = p[j][i]; }  // want "^p does not escape$"
static void moveFirst(int **p) { p[0] = p[0]; }                   // want "^p does not escape$"
int *kept;
void moved(int i, int j) {
  int x = 1;  // want "^address of x escapes$"
  int *a[2] = {&x, nullptr};
  move(a, i, j);
  kept = a[1];
}
int movedLocally(int i, int j) {
  int x = 1;
  int *a[2] = {&x, nullptr};
  move(a, i, j);
  return *a[1];
}
void firstStays() {
  int x = 1;
  int *a[2] = {&x, nullptr};
  moveFirst(a);
  kept = a[1];
}
void rowMoved(int i, int j) {
  int x = 1;  // want "^address of x escapes$"
  int *a[2] = {&x, nullptr}, *b[2] = {nullptr, nullptr};
  int **rows[2] = {a, b};
  moveRow(rows, i, j);
  kept = b[1];
}
