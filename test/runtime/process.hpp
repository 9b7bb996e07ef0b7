// Running a piece of a test in a process of its own, for what ends the process.
#ifndef EMM_TEST_PROCESS_HPP
#define EMM_TEST_PROCESS_HPP

#include <string>
#include <sys/wait.h>
#include <unistd.h>

struct outcome {
  int status; ///< exit status, or 1000 + signal
  std::string errors;
};

/// Forks, runs f in the child, which then exits with 0, and collects what it writes to standard error. A
/// child that does not end within 60 seconds is killed by SIGALRM.
template <class F> outcome in_child(F f) {
  int ends[2];
  if (pipe(ends))
    return {-1, "pipe"};
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2);
    close(ends[0]);
    alarm(60);
    f();
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char part[4096];
  for (ssize_t n; (n = read(ends[0], part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(n));
  close(ends[0]);
  int status;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), text};
}

#endif
