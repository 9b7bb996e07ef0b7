// Arrays: elements at constant places are kept apart like fields, at unknown places they are one.
// emm-check: go=escape opt=0,2
int *sink;
void *sinkAny;

void sameElement() {
  int i = 0, j = 0;  // want "^address of i escapes$" // finer "address of j escapes" elements at constant places are told apart
  int *a[2];
  a[0] = &i;
  a[1] = &j;
  sink = a[0];  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void otherElement() {
  int i = 0, j = 0;  // want "^address of j escapes$" // finer "address of i escapes" elements at constant places are told apart
  int *a[2];
  a[0] = &i;
  a[1] = &j;
  sink = a[1];  // want escape/outlives-frame "'j' is stored in global 'sink'"
}
void unknownElement(int n) {
  int i = 0, j = 0;  // want "^address of i escapes$" "^address of j escapes$"
  int *a[2];
  a[0] = &i;
  a[1] = &j;
  sink = a[n];
}
void toUnknownElement(int n) {
  int i = 0, j = 0;  // want "^address of i escapes$" "^address of j escapes$"
  int *a[2] = {};
  a[0] = &i;
  a[n] = &j;
  sink = a[0];
}
int elementsStay(int n) {
  int i = 0, j = 0;
  int *a[2];
  a[0] = &i;
  a[1] = &j;
  return *a[n];
}
void listed() {
  int i = 0, j = 0;  // want "^address of i escapes$" "^address of j escapes$"
  int *a[] = {&i, &j};
  for (int *p : a)
    sink = p;
}
int listedStays() {
  int i = 0, j = 0;
  int *a[] = {&i, &j};
  int sum = 0;
  for (int *p : a)
    sum += *p;
  return sum;
}
void arrayItself() {
  int a[4] = {};  // want "^address of a escapes$"
  sink = a;  // want escape/outlives-frame "'a' is stored in global 'sink'"
}
void elementAddress() {
  int a[4] = {};  // want "^address of a escapes$"
  sink = &a[2];  // want escape/outlives-frame "'a' is stored in global 'sink'"
}
int elementAddressStays(int n) {
  int a[4] = {};
  int *p = &a[n];
  return *p;
}
void twoDimensions(int n) {
  int i = 0;  // want "^address of i escapes$"
  int *a[2][2] = {};
  a[1][n] = &i;
  sink = a[n][1];  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
int twoDimensionsStay(int n) {
  int i = 0;
  int *a[2][2] = {};
  a[1][n] = &i;
  return a[n][1] ? 1 : 0;
}
void decays() {
  int i = 0;  // want "^address of i escapes$"
  int *a[2] = {&i, nullptr};
  int **p = a;
  sink = *p++;  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
void decaysPast() {
  int i = 0;  // finer "address of i escapes" elements at constant places are told apart
  int *a[2] = {&i, nullptr};
  int **p = a;
  sink = *++p;
}
void steps(int n) {
  int i = 0;  // want "^address of i escapes$"
  int *a[8] = {};
  for (int **p = a; p != a + n; ++p)
    *p = &i;
  sink = a[3];  // want escape/outlives-frame "'i' is stored in global 'sink'"
}
int stepsStay(int n) {
  int i = 0, sum = 0;
  int *a[8] = {};
  for (int **p = a; p != a + n; ++p)
    *p = &i;
  for (int *p : a)
    sum += p ? *p : 0;
  return sum;
}
void ofStructures(int n) {
  struct Row { int *first, *second; } rows[4] = {};
  int i = 0, j = 0;  // want "^address of i escapes$" "^address of j escapes$"
  rows[n].first = &i;
  rows[n].second = &j;
  sink = rows[0].first;
}
int variableLength(int n) {
  int i = 1;
  int **a = static_cast<int **>(__builtin_alloca(n * sizeof(int *)));
  a[0] = &i;
  return *a[0];
}
void variableLengthLeaks(int n) {
  int **a = static_cast<int **>(__builtin_alloca(n * sizeof(int *)));  // want "^address of a escapes$"
  sinkAny = a;  // want escape/outlives-frame "'a' is stored in global 'sinkAny'"
}

int paramElement(int *a, int n) { return a[n]; }               // want "^a does not escape$"
int *paramPlace(int *a, int n) { return a + n; }               // want "^leaking param: a to result ~r0 level=0$"
int *paramLoaded(int **a, int n) { return a[n]; }              // want "^leaking param: a to result ~r0 level=1$"
void paramLeaks(int *a[4]) { sink = a[1]; }                    // want "^leaking param content: a$"
int byReference(int (&a)[4]) { return a[1]; }                  // want "^a does not escape$"
int *byReferencePlace(int (&a)[4]) { return &a[1]; }           // want "^leaking param: a to result ~r0 level=0$"
void shift(int **a, int n) { a[n] = a[n + 1]; }                // want "^a does not escape$"
void setElement(int **a, int n, int *p) { a[n] = p; }          // want "^a does not escape$" "^leaking param: p to content of a$"
void setElementToItself(int **a, int n) { a[n] = *a; }         // want "^a does not escape$"
