#!/usr/bin/env python3
"""Runs labelled programs under the sanitizers and compares what these see with what the programs say of themselves.

    check-run.py --clang=... --clangxx=... --runtime=DIR [-I DIR]... FILE...

A racy program has to be caught in the act, and of the two accesses that the sanitizer names one has to be among those
that an expected warning names; a clean one must not be reported. Each is tried with its threads in several orders
(schedule.c), a racy one until it is caught. What is known to differ stands in the program with its reason (runs.py), and
has to differ still.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import compile as compiler
from expectations import BadSource, read_source
from runs import read_run

ORDERS = ("creator", "thread", "locks", "locks-late")
ROUNDS = 10  # of all orders, for a racy program
SECONDS = 20
REPORT = {
    "thread": re.compile(r"WARNING: ThreadSanitizer: (?:data race|heap-use-after-free)"),
    "address": re.compile(r"ERROR: AddressSanitizer: (?:heap-use-after-free|stack-use-after)"),
}
# Only races are asked for: not mutexes unlocked by others, orders of locks, or threads that nobody joins.
OPTIONS = {
    "TSAN_OPTIONS": "halt_on_error=1:exitcode=66:detect_deadlocks=0:report_mutex_bugs=0:report_destroy_locked=0"
                    ":report_thread_leaks=0:report_signal_unsafe=0",
    "ASAN_OPTIONS": "halt_on_error=1:exitcode=66:detect_leaks=0:detect_stack_use_after_return=1",
}
# The runtime of OpenMP tells the sanitizer of its barriers and locks through a library of its own.
OPENMP = {"OMP_NUM_THREADS": "4", "TSAN_OPTIONS": OPTIONS["TSAN_OPTIONS"] + ":ignore_noninstrumented_modules=1"}
FRAME = re.compile(r"^\s+#\d+ .*? (\S+?):(\d+)(?::\d+)?(?: \(|$)")


class BuildError(Exception):
    pass


def build(tools, run, source, folder):
    """Compiles and links the program; returns its path."""
    is_cxx = run.path.suffix == ".cpp"
    driver = run.driver
    program = folder / "program"
    command = [tools.clangxx if is_cxx else tools.clang, "-O0", "-gline-tables-only", "-pthread", "-w"]
    if is_cxx:
        command += [f"-std={source.std or 'c++20'}", *([f"-stdlib={run.stdlib}"] if run.stdlib else [])]
    elif source.std:
        command.append(f"-std={source.std}")
    if run.sanitizer:
        command.append(f"-fsanitize={run.sanitizer}")
    command += [*source.flags, *(f"-I{d}" for d in tools.include)]
    if driver:
        command += [*(["-DRACE"] if run.racy else []), "-include", str(run.path), str(driver)]
    else:
        command.append(str(run.path))
    if run.sanitizer == "thread":
        command.append(tools.schedule)
    text = run.path.read_text(encoding="utf-8")
    if "<emm/" in text:
        command += [str(tools.maplib[run.sanitizer]), "-ldl", "-lm"]
    done = subprocess.run([*command, "-o", str(program)], cwd=run.path.parent, env=compiler.environment(), capture_output=True,
                          text=True, errors="replace")
    if done.returncode:
        hint = "" if driver else f"\nno main? a driver belongs in Inputs/, or `// emm-run: none REASON` into the program"
        raise BuildError(f"cannot be built:\n{done.stderr[-3000:]}{hint}")
    return program


def execute(tools, program, run, source, order):
    """(what it wrote to stderr, exit status, or None if it had to be stopped)"""
    env = {**compiler.environment(), **OPTIONS, "EMM_ORDER": order}
    if "-fopenmp" in source.flags:
        env |= {**OPENMP, "OMP_TOOL_LIBRARIES": str(Path(tools.clang).parent.parent / "lib" / "libarcher.so")}
    try:
        done = subprocess.run([program, *run.arguments], env=env, cwd=program.parent, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SECONDS)
        return done.stderr.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as stopped:
        return (stopped.stderr or b"").decode(errors="replace"), None


def accesses(text, path):
    """The lines of the program in the stacks of the accesses that a report names: one set for each access."""
    stacks, current = [], None
    for line in text.splitlines():
        if re.match(r"\s+(?:Previous )?(?:atomic )?(?:write|read) of size|\s*(?:WRITE|READ) of size", line, re.IGNORECASE):
            current = set()
            stacks.append(current)
        elif not line.strip() or line.strip().endswith(":"):
            current = None
        elif current is not None and (frame := FRAME.match(line)) and Path(frame[1]).name == path.name:
            current.add(int(frame[2]))
    return stacks


def named_accesses(run, source):
    """The lines of the accesses that the expected warnings name; none if one is about a lock itself, not an access."""
    expected = [e for e in source.of_kind("want", "want-fp", "miss") if e.rule and e.file == run.path]
    if all(e.rule == "lock/useless" for e in expected):
        return set()
    return {e.line for e in expected} | {int(n) for e in expected for n in re.findall(r"\bit at line (\d+)", e.regex)}


def judge(run, source, seen):
    """Complaints about what the executions of one program showed: [(stderr, status)], the last one first caught."""
    complaints = []
    caught = [text for text, _ in seen if run.sanitizer and REPORT[run.sanitizer].search(text)]
    if run.dies:
        died = [text for text, status in seen if status != 0 and re.search(run.dies, text)]
        if run.racy and not died:
            complaints.append(f"did not end with \"{run.dies}\"")
        if not run.racy and died:
            complaints.append(f"ended with \"{run.dies}\"")
    elif run.racy and not caught and run.known != "silent":
        complaints.append(f"was not caught by the {run.sanitizer} sanitizer in {len(seen)} executions")
    elif run.racy and caught and run.known == "silent":
        complaints.append("is caught after all: take the label `silent` away")
    elif not run.racy and caught and run.known != "reports":
        complaints.append("is reported:\n" + caught[0][:3000])
    elif not run.racy and not caught and run.known == "reports":
        complaints.append("is not reported any more: take the label `reports` away")
    if not run.racy and not run.known:
        complaints += [f"ended with {'no end' if status is None else status}: {text[-1500:]}"
                       for text, status in seen if status is None or status < 0]
    if run.racy and caught and run.known != "silent":
        wanted, stacks = named_accesses(run, source), accesses(caught[0], run.path)
        if wanted and not any(stack & wanted for stack in stacks):
            complaints.append(f"is caught elsewhere: warnings name {sorted(wanted)}, the accesses are at "
                              f"{[sorted(s) for s in stacks]}")
    return complaints


def check(tools, path):
    run, source = read_run(path), read_source(path)
    if run.known == "none":
        print(f"{run.path.name}: not run: {run.reason}")
        return True
    seen, caught = [], False
    with tempfile.TemporaryDirectory(prefix="emm-run-") as scratch:
        try:
            program = build(tools, run, source, Path(scratch))
        except BuildError as error:
            print(f"{run.path}: {error}")
            return False
        orders = ORDERS if run.sanitizer == "thread" else ORDERS[:1]
        for order in orders * (ROUNDS if run.racy and not run.known and run.sanitizer == "thread" else 1):
            seen.append(execute(tools, program, run, source, order))
            caught = bool(run.sanitizer and REPORT[run.sanitizer].search(seen[-1][0]))
            if caught or seen[-1][1] is None:
                break
    complaints = judge(run, source, seen)
    for complaint in complaints:
        print(f"{run.path}: {complaint}")
    shown = "caught" if caught else "ended as it says" if run.dies and run.racy else "not reported"
    print(f"{run.path.name}: {shown} in {len(seen)} executions" + (f", as known: {run.reason}" if run.known else ""))
    return not complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--clang", required=True)
    parser.add_argument("--clangxx", required=True)
    parser.add_argument("--maplib", required=True, help="the library of the map runtime")
    parser.add_argument("--maplib-thread", default="", help="the same, with instructions for the thread sanitizer")
    parser.add_argument("-I", dest="include", action="append", default=[])
    parser.add_argument("--schedule", default="", help="schedule.c, compiled")
    options = parser.parse_args()
    tools = compiler.Tools(options.clang, options.clangxx, "", "", [str(Path(f).resolve()) for f in options.include])
    tools.schedule = options.schedule
    tools.maplib = {"": options.maplib, "address": options.maplib, "thread": options.maplib_thread}
    try:
        return 0 if all([check(tools, f) for f in options.files]) else 1
    except (BadSource, OSError) as error:
        print(f"emm: error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
