// Coroutines: the frame is an allocation of the function that starts one, and holds its parameters. Where the handle goes
// the frame goes, and with it what it holds, as with a closure.
// emm-check: go=escape opt=0,2 match="^(?!this )" explained-by-level="LLVM 22 lowers promises in between" explained-by-version="LLVM 19 does not"
#include <coroutine>

int *sink;
std::coroutine_handle<> waiting;
struct Task {
  struct promise_type {
    int value = 0;
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }  // want "^leaking param: this to result ~r0 level=0$"
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int v) { value = v; }
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};
/// Runs to its end when it is called; nobody gets its handle.
struct Started {
  struct promise_type {
    Started get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
struct Parked {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiting = h; }  // want "^leaking param: h$"
  void await_resume() {}
};

Task reads(int *p) { co_return *p; }                  // want "^leaking param: p$" "^coroutine frame escapes to heap$"
Task readsReference(const int &r) {                   // want "^leaking param: r$" "^coroutine frame escapes to heap$"
  co_await std::suspend_always{};
  co_return r;
}
Task number(int n) { co_return n; }                   // want "^coroutine frame escapes to heap$"
Task keeps(int *p) { sink = p; co_return 0; }         // want "^leaking param: p$" "^coroutine frame escapes to heap$"
Task localInside() {                                  // want "^coroutine frame escapes to heap$"
  int x = 1;
  int *p = &x;
  co_await std::suspend_always{};
  co_return *p;
}
Task localLeaks() {                                   // want "^coroutine frame escapes to heap$"
  int x = 1;                                          // want "^address of x escapes$"
  sink = &x;
  co_await std::suspend_always{};
  co_return 1;
}
Task allocates() {                                    // want "^coroutine frame escapes to heap$"
  int *p = new int(1);                                // want "^new int does not escape$"
  co_await std::suspend_always{};
  int r = *p;
  delete p;
  co_return r;
}
Task allocatesAndKeeps() {                            // want "^coroutine frame escapes to heap$"
  sink = new int(1);                                  // want "^new int escapes to heap$"
  co_return 1;
}
Started runsAtOnce(int *p) { *p = 1; co_return; }     // want "^p does not escape$" "^coroutine frame does not escape$"
Started parks(int *p) {                               // want "^leaking param: p$" "^coroutine frame escapes to heap$"
  co_await Parked{};
  *p = 1;
}
int givesLocal() {
  int x = 1;  // want "^address of x escapes$"
  Task t = reads(&x);
  t.handle.resume();
  int r = t.handle.promise().value;
  t.handle.destroy();
  return r;
}
void givesLocalToStarted() {
  int x = 1;
  runsAtOnce(&x);
}
