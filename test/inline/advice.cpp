// How much was missing, and the cheapest change that the numbers support; each change is made in the twin, which is inlined.
// emm-check: go=inline match="inlining call|almost|cheapest" m=2 opt=2 debug=g stdlib=libstdc++
extern volatile int sink;
void report(int, int, int);  // a stand-in for code of another unit
[[noreturn]] void die();
#define WORK sink = sink + a; sink = sink ^ a;
#define WORK4 WORK WORK WORK WORK

int checked(int a, int b) {
  if (b == 0) {
    report(a, b, 1); report(a, b, 2); report(a, b, 3);  // want "^not inlining call to report: its def.*unit:?$" "^not inlining call to report: its def.*unit:?$" "^not inlining call to report: its def.*unit:?$" "cheapest change: move the definition of report to a header, or build with -flto at .*:4:6$" "cheapest change: move the definition of report to a header, or build with -flto at .*:4:6$" "cheapest change: move the definition of report to a header, or build with -flto at .*:4:6$"
    die();  // want "^not inlining call to die: its def.*unit:?$"
  }
  WORK4 WORK
  return a;
}
[[noreturn, gnu::cold, gnu::noinline]] void complain(int a, int b) {
  report(a, b, 1);  // want "^not inlining call to report: its def" "cheapest change: move the definition of report"
  die();  // want "^not inlining call to die: its def"
}
int checkedTwin(int a, int b) {
  if (b == 0)
    complain(a, b);  // want "^not inlining call to complain: marked noinline$"
  WORK4 WORK
  return a;
}

int early(int a) {
  if (a < 10)
    return a;
  WORK4 WORK4 WORK4 WORK4
  return a + 1;
}
[[gnu::noinline]] int earlyRest(int a) {
  WORK4 WORK4 WORK4 WORK4
  return a + 1;
}
int earlyTwin(int a) { return a < 10 ? a : earlyRest(a); }  // want "^not inlining call to earlyRest: marked noinline$"

int late(int a) {  // no way past a test skips most of the work
  WORK4 WORK4 WORK4
  if (a < 10)
    return a;
  WORK4
  return a + 1;
}

int near(int a) { WORK4 WORK4 WORK4 WORK WORK return a; }
[[gnu::always_inline]] inline int nearTwin(int a) { WORK4 WORK4 WORK4 WORK WORK return a; }
int nearStraight(int a) { WORK4 WORK4 WORK4 WORK WORK return a; }
int once(int a) { WORK4 WORK4 WORK4 WORK WORK return a; }
static int onceTwin(int a) { WORK4 WORK4 WORK4 WORK WORK return a; }
int far(int a) { WORK4 WORK4 WORK4 WORK4 WORK return a; }

int endless(int a) {  // so long that the inliner stops counting
  for (int i = 0; i < 9; ++i) {
    WORK4 WORK4 WORK4 WORK4 WORK4 WORK4 WORK4 WORK4
  }
  return a;
}

int calls(int a, int b) {
  a = checked(a, b);      // want "^not inlining call to checked: too costly: cost ([0-9]+) exceeds threshold 225 by [0-9]+:?$" "cheapest change: move what never returns into a function marked cold: takes about [0-9]+ off, [0-9]+ are too many at .*:11:5$"
  a = checkedTwin(a, b);  // want "^inlining call to checkedTwin \(cost [0-9]+, threshold 225\)$"
  a = early(a);           // want "^not inlining call to early: too costly: cost 460 exceeds threshold 225 by 235:?$" "cheapest change: split early: the way past this test to a return costs about 10 of 460; move the rest into a function of its own at .*:29:[79]$"
  a = earlyTwin(a);       // want "^inlining call to earlyTwin \(cost -?[0-9]+, threshold 225\)$"
  a = late(a);            // want "^not inlining call to late: too costly: cost 460 exceeds threshold 225 by 235$"
  a = nearStraight(a);    // want "^not inlining call to nearStraight: too costly: cost 385 exceeds threshold 337 by 48:?$" "almost: 15 % over the threshold at"
  a = once(a);            // want "^not inlining call to once: too costly: cost 385 exceeds threshold 337 by 48:?$" "almost: 15 % over the threshold at" "cheapest change: if no other unit calls once, make it static: the only call of a local function is inlined at .*:51:5$"
  a = onceTwin(a);        // want "^inlining call to onceTwin \(cost 385, threshold 337; its only call\)$"
  for (int i = 0; i < b; ++i) {
    a += near(a);      // want "^not inlining call to near: too costly: cost 385 exceeds threshold 337 by 48:?$" "almost: 15 % over the threshold, in a loop at" "cheapest change: mark near \[\[gnu::always_inline\]\]: 48 over the threshold, in a loop, and the unit calls it twice at .*:48:5$"
    a += nearTwin(a);  // want "^inlining call to nearTwin \(always inline\)$"
    a += far(a);       // want "^not inlining call to far: too costly: cost 475 exceeds threshold 337 by 138$"
    for (int j = 0; j < b; ++j)
      a += near(a);    // want "^not inlining call to near: too costly: cost 385 exceeds threshold 337 by 48:?$" "almost: 15 % over the threshold, in 2 nested loops at" "cheapest change: mark near .*: 48 over the threshold, in 2 nested loops, and the unit calls it twice"
  }
  return a;
}
int moreCalls(int a, int b) {
  a = checked(a, b);    // want "^not inlining call to checked: too costly" "cheapest change: move what never returns"
  a = checkedTwin(a, b);  // want "^inlining call to checkedTwin"
  a = early(a);         // want "^not inlining call to early: too costly" "cheapest change: split early"
  a = earlyTwin(a);     // want "^inlining call to earlyTwin"
  a = nearStraight(a);  // want "^not inlining call to nearStraight: too costly" "almost: 15 % over the threshold at"
  a = endless(a) + endless(b);  // want "^not inlining call to endless: too costly: cost of at least 675, threshold 674$"
  return far(late(a));  // want "^not inlining call to far: too costly" "^not inlining call to late: too costly"
}

// Calls in code that is rarely run have a threshold of their own, calls from which nothing returns none: nothing is to be
// changed there.
int coldCall(int a) {
  if (a == 3) {
    if (a < sink) sink = late(a);  // want "^not inlining call to late: too costly for a cold call: cost of at least [0-9]+, threshold 45$"
    report(late(a), a, a);  // want "^not inlining call to late: the call is in code that never returns$" "^not inlining call to report: its def" "cheapest change: move the definition of report"
    die();                  // want "^not inlining call to die: its def"
  }
  return a;
}
