// What is thrown leaves the frame: an address in an exception escapes, a value does not make anything escape.
// emm-check: go=escape opt=0,2 stdlib=libstdc++,libc++
#include <stdexcept>
#include <string>

struct Failure { int code; int *where; };
struct Holder { int *p; ~Holder(); };
int *sink;
void risky(int n);
static void calm(int *p) { *p = 1; }  // want "^p does not escape$"

void throwsValue(int *p) { throw *p; }                         // want "^p does not escape$"
void throwsPointer(int *p) { throw p; }                        // want "^leaking param: p$"
void throwsContent(int **p) { throw *p; }                      // want "^leaking param content: p$"
void throwsCode(int *p) { throw Failure{*p, nullptr}; }        // want "^p does not escape$"
void throwsPlace(int *p) { throw Failure{1, p}; }              // want "^leaking param: p$"
void throwsLocal() { int x = 1; throw &x; }                    // want "^address of x escapes$"
void throwsLocalValue() { int x = 1; throw x; }
void throwsLocalIn() { int x = 1; throw Failure{1, &x}; }      // want "^address of x escapes$"
void throwsNew() { throw new Failure{1, nullptr}; }            // want "^new Failure escapes to heap$"
void throwsText(const char *text) { throw std::runtime_error(text); }  // want "^text does not escape$"
void throwsString(const std::string &s) { throw std::runtime_error(s); }  // want "^s does not escape$"
int catches(int *p) {  // want "^p does not escape$"
  try {
    risky(*p);
  } catch (const Failure &f) {
    return f.code;
  }
  return *p;
}
int *catchesPlace() {
  try {
    risky(1);
  } catch (const Failure &f) {
    return f.where;
  }
  return nullptr;
}
void catchesAndKeeps() {
  try {
    risky(1);
  } catch (Failure &f) {
    sink = f.where;
  }
}
int caughtHere() {
  int x = 1;
  try {
    risky(1);
    calm(&x);
  } catch (...) {
    x = 2;
  }
  return x;
}
void storedIntoCaught() {
  int x = 1;  // want "^address of x escapes$"
  try {
    risky(1);
  } catch (Failure &f) {
    f.where = &x;
    throw;
  }
}
int acrossUnwind() {
  int *p = new int(1);  // want "^new int does not escape$"
  try {
    risky(*p);
  } catch (...) {
    delete p;
    return 0;
  }
  delete p;
  return 1;
}
int cleanedUp(int *p) {  // want "^leaking param: p$"
  Holder h{p};           // want "^address of h escapes$"
  risky(1);
  return *p;
}
int noexceptReader(int *p) noexcept { return *p; }  // want "^p does not escape$"
int rethrows(int *p) {                              // want "^p does not escape$"
  try {
    risky(*p);
  } catch (...) {
    *p = 0;
    throw;
  }
  return *p;
}
