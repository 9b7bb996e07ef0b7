#!/usr/bin/env python3
"""Runs sources and checks that nothing the plugin says `does not escape` of is reached after its frame ended.

    check-reach.py --clangxx=... --plugin=... --emm=... --llvm=DIR --runtime=Reach.cpp [--floor N] SOURCE...

Each source is compiled with the plugin and with -finstrument-functions, and linked with Reach.cpp. A source without main
gets a driver that calls every function whose parameters are numbers, each in a process of its own, so that one that
crashes on the stand-ins for undefined functions takes nothing with it. For each allocation Reach.cpp says how many frames
it outlived, by a conservative search for pointers to it; the innermost frame in a file of the user is the one that the
verdict is about.

A violation is an allocation that the plugin says does not escape, and that outlived that frame. The last line counts the
sites with this verdict that ran; fewer than --floor fail, so that the check cannot become empty.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import compile as compiler
from expectations import read_source

NUMBERS = re.compile(r"^(?:(?:unsigned |signed )?(?:int|long|char|short|bool|unsigned)(?:, )?)*$")
DRIVER = """
#include <csignal>
#include <initializer_list>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>
extern "C" void reachReport();
static char scratch[4096];
extern "C" {{ long reachKept[6]; char reachGiven[4096]; }}
static void crashed(int) {{ reachReport(); _exit(1); }}
{declarations}
int main() {{
  int bad = 0;
  void (*without[])(void *) = {{{without}}};
  void (*numbers[])(long, long, long, long) = {{{numbers}}};
  auto run = [&](auto call) {{
    if (pid_t child = fork()) {{
      int status;
      waitpid(child, &status, 0);
      bad += status != 0;
      return;
    }}
    for (int s : {{SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGALRM}})
      signal(s, crashed);
    alarm(10);
    call();
    reachReport();
    _exit(0);
  }};
  for (auto f : without)
    if (f)
      run([f] {{ f(scratch); }});
  for (auto f : numbers)
    if (f)
      run([f] {{ f(3, 3, 3, 3); }});
  printf("%d", bad);
}}
"""
STUB = """
.globl {name}
.type {name}, @function
{name}:
  movq %rdi, reachKept(%rip)
  movq %rsi, reachKept+8(%rip)
  movq %rdx, reachKept+16(%rip)
  leaq reachGiven(%rip), %rax
  ret
"""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", **options)
    if done.returncode:
        sys.exit(f"check-reach: {' '.join(map(str, command))}: {done.stderr[-2000:]}")
    return done.stdout


def callable_functions(llvm, obj):
    """Mangled names of the functions that take nothing, and of those that take numbers only."""
    without, numbers = [], []
    names = [line.split()[-1] for line in run(f"{llvm}/llvm-nm", "--defined-only", "--extern-only", obj).splitlines()
             if line.split()[-2] == "T"]
    in_c = functions_without_parameters(llvm, obj)
    for name, plain in zip(names, run(f"{llvm}/llvm-cxxfilt", *names).splitlines() if names else []):
        match = re.fullmatch(r"([A-Za-z_]\w*)\((.*)\)", plain)
        if name in in_c or (match and not match[2]):
            without.append(name)
        elif match and NUMBERS.match(match[2]):
            numbers.append(name)
    return without, numbers


def functions_without_parameters(llvm, obj):
    """Names of C functions: they do not say themselves what they take."""
    found, name = set(), None
    for line in run(f"{llvm}/llvm-dwarfdump", "--debug-info", obj).splitlines():
        if "DW_TAG_subprogram" in line:
            name = ""
        elif "DW_TAG_formal_parameter" in line or "DW_TAG_unspecified_parameters" in line:
            found.discard(name)
        elif "DW_AT_name" in line and name == "":
            name = line.split('"')[1]
            found.add(name)
    return {n for n in found if not n.startswith("_Z")}


def link(options, folder, objects):
    """An executable of the objects, with a driver and stand-ins for what nobody defines."""
    parts, obj = list(objects), objects[0]
    common = [options.clangxx, "-Qunused-arguments", "-no-pie", "-fno-pie", "-pthread", "-g0"]
    if not any("main" in run(f"{options.llvm}/llvm-nm", "--defined-only", "--format=just-symbols", o).split() for o in objects):
        without, numbers = callable_functions(options.llvm, obj)
        declare = "\n".join(f'extern void f{i}({"void *" if n in without else "long, long, long, long"}) __asm__("{n}");'
                            for i, n in enumerate(without + numbers))
        names = [f"f{i}" for i in range(len(without + numbers))]
        driver = folder / "driver.cpp"
        driver.write_text(DRIVER.format(declarations=declare, without=", ".join(names[:len(without)] + ["nullptr"]),
                                        numbers=", ".join(names[len(without):] + ["nullptr"])))
        run(*common, "-std=c++20", "-c", driver, "-o", folder / "driver.o")
        parts.append(folder / "driver.o")
    else:
        (folder / "end.cpp").write_text('extern "C" void reachReport();\nextern "C" { long reachKept[6]; char reachGiven[4096]; }\n'
                                        'struct End { ~End() { reachReport(); } } end;\n')
        run(*common, "-c", folder / "end.cpp", "-o", folder / "end.o")
        parts.append(folder / "end.o")
    run(*common, "-std=c++20", "-O2", "-fno-omit-frame-pointer", "-c", options.runtime, "-o", folder / "reach.o")
    parts.append(folder / "reach.o")
    program = folder / "program"
    trial = subprocess.run([*common, "-Wl,--warn-unresolved-symbols", *parts, *options.library, "-o", program], capture_output=True,
                           text=True)
    missing = sorted(set(re.findall(r"undefined reference to `([^'(]+)", trial.stderr + trial.stdout)))
    if missing:
        undefined = {line.split()[-1] for o in objects
                     for line in run(f"{options.llvm}/llvm-nm", "--undefined-only", o).splitlines()}
        plain = dict(zip(run(f"{options.llvm}/llvm-cxxfilt", *sorted(undefined)).splitlines(), sorted(undefined)))
        stubs = {n for n in undefined for m in missing if n == m or (plain.get(m) == n) or
                 run(f"{options.llvm}/llvm-cxxfilt", n).strip().split("(")[0] == m}
        (folder / "stubs.s").write_text("".join(STUB.format(name=n) for n in sorted(stubs)))
        run(*common, "-c", folder / "stubs.s", "-o", folder / "stubs.o")
        run(*common, *parts, folder / "stubs.o", *options.library, "-o", program)
    return program


def symbolise(llvm, program, addresses):
    """{address: (file, line, column)} of the innermost position."""
    if not addresses:
        return {}
    text = run(f"{llvm}/llvm-symbolizer", f"--obj={program}", "--output-style=JSON", "--no-inlines",
               input="\n".join(hex(a) for a in addresses))
    found = {}
    for line in text.splitlines():
        entry = json.loads(line)
        for one in entry if isinstance(entry, list) else [entry]:
            for symbol in one.get("Symbol", [])[:1]:
                found[int(one["Address"], 16)] = (symbol["FileName"], symbol["Line"], symbol["Column"])
    return found


def plain_functions(llvm, program):
    """Addresses of functions that return nothing or a number: what is left in the register of a result is no result."""
    number = re.compile(r"(?:(?:un)?signed )?(?:int|char|bool|(?:long )?long|short|unsigned|double|float)\b[^*&]*")
    plain, begin, returns = [], None, "?"
    for line in run(f"{llvm}/llvm-dwarfdump", "--debug-info", program).splitlines() + ["DW_TAG_"]:
        if "DW_TAG_" in line:
            if begin and (returns is None or number.fullmatch(returns)):
                plain.append(begin)
            begin, returns = None, None if "DW_TAG_subprogram" in line else "?"
        elif "DW_AT_low_pc" in line and returns != "?":
            begin = line.split("(")[1].split(")")[0]
        elif ("DW_AT_specification" in line or "DW_AT_abstract_origin" in line) and returns != "?":
            returns = "*"
        elif "DW_AT_type" in line and returns != "?":
            returns = line.split('"')[1] if '"' in line else "*"
    return plain


def is_library(file):
    return not file or file.startswith("/usr/") or "/include/c++/" in file


def verdicts(options, objects):
    """{(file name, line, column): [allocations that do not escape, that do]}"""
    found = {}
    for line in run(options.emm, "log", "--format=json", *objects).splitlines():
        entry = json.loads(line)
        if entry["rule"] in ("escape/heap", "escape/stackable") and not entry["subject"].startswith(("map ", "lambda")):
            place = (Path(entry["file"]).name, entry["line"], entry.get("column", 0))
            found.setdefault(place, [[], []])[entry["rule"] == "escape/heap"].append(entry["subject"])
    return found


def compile_source(options, path, obj):
    source = read_source(path)
    is_c = source.path.suffix == ".c"
    driver = options.clangxx.replace("++", "") if is_c else options.clangxx
    flags = [f"-std={source.std}"] if source.std else [] if is_c else ["-std=c++20"]
    given = [f for f in options.flag if not (is_c and f.startswith("-std=c++"))]
    run(driver, *flags, *source.flags, *given, "-O0", "-g", "-fno-pie", "-fno-omit-frame-pointer", "-finstrument-functions",
        f"-fpass-plugin={options.plugin}", *(f"-I{Path(d).resolve()}" for d in options.include), "-c", source.path.name,
        "-o", obj, cwd=source.path.parent, env=compiler.environment())


def check(options, paths):
    """Checks one program; returns the number of sites that ran and of violations."""
    violations, ran = [], set()
    with tempfile.TemporaryDirectory(prefix="emm-reach-") as scratch:
        folder = Path(scratch)
        objects = [folder / f"{i}.o" for i in range(len(paths))]
        for path, obj in zip(paths, objects):
            compile_source(options, path, obj)
        program = link(options, folder, objects)
        (folder / "plain").write_text("\n".join(plain_functions(options.llvm, program)))
        log = folder / "log"
        log.write_text("")
        done = subprocess.run([program], env={**compiler.environment(), "REACH_LOG": str(log), "REACH_PLAIN": str(folder / "plain")},
                              cwd=folder, capture_output=True, text=True, timeout=600)
        ended = done.stdout.strip() if done.stdout.strip().isdigit() else f"status {done.returncode}: 0"
        blocks = [[int(word.split()[0]), *([int(x, 16) for x in pair.split(":")] for pair in word.split()[1:])]
                  for word in set(log.read_text().splitlines())]
        where = symbolise(options.llvm, program, sorted({site for b in blocks for _, site in b[1:]}))
        known = verdicts(options, objects)
        for survived, *frames in blocks:
            for depth, (_, site) in enumerate(frames):
                file, line, column = where.get(site, ("", 0, 0))
                if is_library(file):
                    continue
                stays, leaves = known.get((Path(file).name, line, column), ([], []))
                if stays and not leaves:
                    ran.add((file, line, column))
                    if survived > depth:
                        violations.append(f"{Path(file).name}:{line}:{column}: {stays[0]} is reached after its frame ended")
                break
    for text in sorted(set(violations)):
        print(text)
    print(f"{Path(paths[0]).name}: {len(ran)} sites that do not escape ran, {ended} calls ended early")
    return len(ran), len(set(violations))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="SOURCE")
    for name in ("clangxx", "plugin", "emm", "llvm", "runtime"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--program", action="store_true", help="the sources are one program with a main of its own")
    parser.add_argument("--flag", action="append", default=[], help="a further flag of the compiler")
    parser.add_argument("--floor", type=int, default=1)
    parser.add_argument("--library", action="append", default=[])
    parser.add_argument("-I", dest="include", action="append", default=[])
    options = parser.parse_args()
    ran = violated = 0
    for paths in [options.files] if options.program else [[f] for f in options.files]:
        more, bad = check(options, paths)
        ran, violated = ran + more, violated + bad
    print(f"check-reach: {ran} sites that do not escape ran, {violated} violations")
    return 0 if not violated and ran >= options.floor else 1


if __name__ == "__main__":
    sys.exit(main())
