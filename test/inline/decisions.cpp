// What LLVM's inliner decided and why, in words, for each call as written and for each function.
// emm-check: go=inline m=2 opt=2 debug=g stdlib=libstdc++
#include <csetjmp>
#include <cstdarg>
#include <cstdio>

int elsewhere(int);

static int tiny(int a) { return a + 1; }  // want "^can inline tiny with cost -30:?$" "deleted after inlining: no call of it is left"
[[gnu::noinline]] int never(int a) { return a * 3; }  // want "^cannot inline never: marked noinline$"
int factorial(int n) {  // want "^can inline factorial with cost -5$"
  return n < 2 ? 1 : n * factorial(n - 1);  // want "^not inlining call to factorial: recursive$"
}
int sum(int n, ...) {  // want "^cannot inline sum: it reads variable arguments$"
  va_list list;
  va_start(list, n);
  int s = 0;
  while (n--)
    s += va_arg(list, int);
  va_end(list);
  return s;
}
[[gnu::always_inline]] inline int forced(int a) { return a ^ 5; }  // want "^can inline forced:?$" "deleted after inlining: no call of it is left"
[[gnu::target("avx2")]] int wide(int a) { return a + 7; }
std::jmp_buf env;
int jumps(int a) {  // want "^cannot inline jumps: it calls a function that returns twice, such as setjmp$"
  return setjmp(env) ? a : a + 1;  // want "^not inlining call to _setjmp: its definition is not available in this unit$"
}

int calls(int a, int (*f)(int)) {
  a = tiny(a);       // want "^inlining call to tiny \(cost -30, threshold 337; its only call\)$"
  a = never(a);      // want "^not inlining call to never: marked noinline$"
  a = factorial(a);  // want "^inlining call to factorial \(cost -5, threshold 225\)$"
  a = sum(2, a, a);  // want "^not inlining call to sum: it reads variable arguments$"
  a = forced(a);     // want "^inlining call to forced \(always inline\)$"
  a = wide(a);       // want "^not inlining call to wide: target features or other attributes of the two functions differ$"
  a = jumps(a);      // want "^not inlining call to jumps: it calls a function that returns twice, such as setjmp$"
  a = elsewhere(a);  // want "^not inlining call to elsewhere: its definition is not available in this unit:?$" "cheapest change: move the definition of elsewhere to a header, or build with -flto at .*decisions.cpp:7:5$"
  a = f(a);          // want "^not inlining indirect call: its target is not known when compiling$"
  std::printf("%d", a);  // want "^not inlining call to printf: its definition is not available in this unit$"
  return a;
}

// A call whose target becomes known is a call of that target.
static int twice(int (*f)(int), int a) {  // want "^can inline twice with cost -?[0-9]+:?$" "deleted after inlining: no call of it is left"
  return f(f(a));  // want "^inlining call to plusTwo \(cost -?[0-9]+, threshold 337\)$"
}
static int plusTwo(int a) { return a + 2; }  // want "^can inline plusTwo with cost -?[0-9]+:?$" "deleted after inlining: no call of it is left"
int known(int a) { return twice(plusTwo, a); }  // want "^inlining call to twice \(cost -?[0-9]+, threshold 337; its only call\)$"

// Instances of a template are one call each, however many there are.
template <typename T> T half(T a) { return a / 2; }         // want "^can inline half with cost -?[0-9]+:?$" "deleted after inlining: no call of it is left"
template <typename T> T quarter(T a) { return half(half(a)); }  // want "^can inline quarter with cost -?[0-9]+:?$" "deleted after inlining: no call of it is left" "^inlining call to half \(cost -?[0-9]+, threshold 337\)$"
long instances(int a, long b) { return quarter(a) + quarter(b); }  // want "^inlining call to quarter \(cost -?[0-9]+, threshold 337\)$"
