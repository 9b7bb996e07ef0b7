#!/usr/bin/env python3
"""Compares what emm says about test sources with what the sources expect, exactly.

    check-expect.py --clang=... --clangxx=... --plugin=... [--emm=...] [-I DIR]... FILE...
    check-expect.py --ledger DIR...

Every finding that a source selects must be expected by the line it stands on, and every expectation must be met, at
each optimisation level, debug level and standard library that the source names; what escape/ and closure/ explain must be
the same with all of them, step by step, in sources that ask for them. See expectations.py for the notation.
`--other CLANG CLANGXX PLUGIN` compares only that, with what the plugin of another LLVM version says.
`--ledger` compiles nothing: it counts the expectations, per folder and for the lines of -m per topic, lists the known
false alarms and misses with their reasons, and prints recall and precision of the pairs per topic (verdicts.py).
"""

import argparse
import itertools
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import compile as compiler
from expectations import LEVELS, SUFFIXES, BadSource, read_source
from verdicts import table


NOTHING_ASKED = 77  # the exit code where every source is for absent libraries: a test that is skipped


def same_file(found, expectation):
    path = Path(found)
    return path == expectation.file or path.name == expectation.file.name


def match_findings(found, wanted, fits):
    """A largest matching of findings to expectations; returns the findings and the expectations left over."""
    owner = {}

    def assign(index, tried):
        for number, want in enumerate(wanted):
            if number in tried or not fits(found[index], want):
                continue
            tried.add(number)
            if number not in owner or assign(owner[number], tried):
                owner[number] = index
                return True
        return False

    unexpected = [f for i, f in enumerate(found) if not assign(i, set())]
    return unexpected, [w for n, w in enumerate(wanted) if n not in owner]


def compare_findings(source, found, debug):
    """Complaints about one configuration. Without full debug information names are poorer, without any positions are:
    then rules are compared by line, or by count."""
    def at(f, e):
        return debug == "none" or (f.line == e.line and same_file(f.file, e))

    def fits(f, e):
        return f.rule == e.rule and at(f, e) and (debug != "g" or re.search(e.regex, f.message))

    selected = [f for f in found if source.selects(f.rule, f.level, f.message)]
    complaints = []
    for miss in [e for e in source.of_kind("miss") if e.rule]:
        for f in selected:
            if debug == "g" and at(f, miss) and f.rule == miss.rule and re.search(miss.regex, f.message):
                complaints.append(f"no longer missed, make it a want: {f}")
    wanted = [e for e in source.of_kind("want", "want-fp") if e.rule]
    unexpected, unmet = match_findings(selected, wanted, fits)
    complaints += [f"not expected: {f}" for f in unexpected]
    complaints += [f"not found: {e}" for e in unmet]
    if debug == "g":
        steps = [s for f in selected for s in f.steps]
        for e in source.of_kind("want-note"):
            if not any(line == e.line and same_file(file, e) and re.search(e.regex, text) for file, line, text in steps):
                complaints.append(f"no such step: {e}")
    return complaints


def compare_go(source, messages):
    """Go's contract: every regex matches a message of its line, every message is matched by a regex of its line."""
    wanted = source.of_kind("want-go") + [e for e in source.of_kind("want-fp") if not e.rule]
    missed = [e for e in source.of_kind("miss") if not e.rule]
    here = lambda m, e: m[1] == e.line and same_file(m[0], e)
    complaints = [f"not printed: {e}" for e in wanted
                  if not any(here(m, e) and re.search(e.regex, m[2]) for m in messages)]
    complaints += [f"not expected: {Path(f).name}:{line}: {text}" for f, line, text in messages
                   if not any(here((f, line, text), e) and re.search(e.regex, text) for e in wanted)]
    complaints += [f"no longer missed, make it a want: {e}" for e in missed
                   if any(here(m, e) and re.search(e.regex, m[2]) for m in messages)]
    complaints += [f"said, as Go says it, where it is known to be wrong: {e}" for e in source.of_kind("finer")
                   if any(here(m, e) and re.search(e.regex, m[2]) for m in messages)]
    return complaints


def explanations(found):
    """What the families that explain themselves say, with every step and its position."""
    return sorted((f.line, f.column, f.rule, f.message, tuple((line, text) for _, line, text in f.steps))
                  for f in found if f.rule.startswith(("escape/", "closure/")))


def explains(source):
    asked = {"escape", "closure"} & set(source.go_families.split(","))
    return asked or source.selects("escape/outlives-frame", LEVELS["warning"], "")


def without(found, regex):
    """The explanations without what the regex matches in their texts; a step that it matches as a whole is left out."""
    if not regex:
        return found
    cut = lambda text: re.sub(regex, "_", text)
    return sorted((line, column, rule, cut(message), tuple((at, cut(text)) for at, text in steps if not re.fullmatch(regex, text)))
                  for line, column, rule, message, steps in found)


def compare_explanations(here, there, where):
    """Complaints about verdicts that are explained in another way than with the flags of `where`."""
    def show(e):
        return f"{e[0]}:{e[1]}: {e[3]} [{e[2]}]" + "".join(f"\n    {line}: {text}" for line, text in e[4])

    return ([f"explained so only with {where}: {show(e)}" for e in there if e not in here]
            + [f"not explained so with {where}: {show(e)}" for e in here if e not in there])


def configurations(source, diagonal):
    """Every combination, or each value once: as many as the longest list has, the shorter ones repeated."""
    lists = source.opt, source.debug, source.stdlib
    if not diagonal:
        return list(itertools.product(*lists))
    return [tuple(values[i % len(values)] for values in lists) for i in range(max(map(len, lists)))]


def unnamed_library(source, absent):
    """One more run for a source that names no library but uses it: what it explains is compared there too."""
    compared = explains(source) and source.includes_library and source.stdlib == [""] and "libc++" not in absent
    return [(source.opt[0], "g", "libc++")] if compared else []


class Explained:
    """What was explained first; what other flags make of it is compared with that."""

    def __init__(self, source):
        self.source = source
        self.first = {}

    def complaints(self, found, opt, stdlib, label):
        if not explains(self.source):
            return []
        here = explanations(found)
        # Where the levels differ, for a reason that the source gives, the libraries are compared at each of them.
        there, library, where = self.first.setdefault(opt if self.source.explained_by_level else "", (here, stdlib, label))
        cut = self.source.by_library if library != stdlib else ""
        return compare_explanations(without(here, cut), without(there, cut), where)


def compare_versions(tools, other, path):
    """Prints where the explanations of one source differ between two LLVM versions; returns whether they do not. Levels and
    libraries are compared within one version."""
    source = read_source(path)
    if not explains(source) or source.explained_by_version:
        return True
    clean = True
    with tempfile.TemporaryDirectory(prefix="emm-check-") as scratch:
        output = Path(scratch) / (source.path.stem + ".o")
        stdlib = "libstdc++" if "libstdc++" in source.stdlib else ""
        for opt in source.opt if source.explained_by_level else source.opt[:1]:
            said = [explanations(compiler.findings(t, source, opt, "g", stdlib, output)[0]) for t in (tools, other)]
            for complaint in compare_explanations(*said, f"{other.clang} -O{opt}"):
                print(f"{source.path}: {complaint}")
                clean = False
    return clean


def check(tools, path, absent, diagonal=False):
    """Prints the complaints about one source; returns whether there were none, or None if it asks for nothing but standard
    libraries of absent: those that are not installed for this compiler."""
    source = read_source(path)
    left_out = [s for s in source.stdlib if s in absent]
    if source.stdlib == left_out:
        print(f"{source.path.name}: for {', '.join(left_out)} only, which is not installed for this compiler")
        return None
    source.stdlib = [s for s in source.stdlib if s not in absent]
    clean, runs, explained = True, 0, Explained(source)
    with tempfile.TemporaryDirectory(prefix="emm-check-") as scratch:
        output = Path(scratch) / (source.path.stem + ".o")
        for opt, debug, stdlib in configurations(source, diagonal) + unnamed_library(source, absent):
            label = " ".join(filter(None, [f"-O{opt}", *compiler.DEBUG[debug], stdlib]))
            runs += 1
            try:
                found, messages = compiler.findings(tools, source, opt, debug, stdlib, output)
                complaints = compare_findings(source, found, debug) if stdlib in source.stdlib else []
                if source.go_families and debug == "g" and stdlib in source.stdlib:
                    complaints += compare_go(source, messages)
                if debug == "g" and tools.emm:
                    complaints += explained.complaints(found, opt, stdlib, label)
            except compiler.CompileError as error:
                complaints = [str(error)]
            for complaint in complaints:
                print(f"{source.path}: {label}: {complaint}")
                clean = False
    counts = Counter(e.kind for e in source.expectations)
    print(f"{source.path.name}: {runs} runs, {counts['want'] + counts['want-go'] + counts['want-note']} expected, "
          f"{counts['want-fp']} known false alarms, {counts['miss']} known misses"
          + (f"; not with {', '.join(left_out)}, which is not installed for this compiler" if left_out else ""))
    return clean


def ledger(folders):
    """Counts per top folder and rule family and per topic of the lines of -m, then every known false alarm and miss."""
    total, rows, topics, known, sources = Counter(), {}, {}, [], []
    for folder in folders:
        for path in sorted(p for p in Path(folder).rglob("*") if p.suffix in SUFFIXES and "Inputs" not in p.parts):
            sources.append(path)
            for e in read_source(path).expectations:
                if e.file != path.resolve():
                    continue
                family = e.rule.split("/")[0] if e.rule else "-m"
                rows.setdefault((path.relative_to(folder).parts[0], family), Counter())[e.kind] += 1
                if family == "-m":
                    topics.setdefault(path.stem, Counter())[e.kind] += 1
                total[e.kind] += 1
                if e.reason and e.kind != "finer":
                    known.append(f"{e} {e.reason}")
    for (folder, family), row in sorted(rows.items()):
        print(f"  {folder:12} {family:10} {row['want'] + row['want-go']:5} right {row['want-fp']:4} known false alarms "
              f"{row['miss']:4} known misses")
    print(f"  {'topic':24} agree  more precise than Go  known misses  known false alarms")
    for topic, row in sorted(topics.items()):
        print(f"  {topic:24} {row['want-go']:5} {row['finer']:21} {row['miss']:13} {row['want-fp']:19}")
    right, wrong, missed = total["want"] + total["want-go"], total["want-fp"], total["miss"]
    print(f"ledger: {right} right, {total['finer']} more precise than Go, {wrong} known false alarms, {missed} known misses")
    for line in known:
        print(f"  {line}")
    for line in table(sources):
        print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--ledger", action="store_true")
    parser.add_argument("--clang", default="clang")
    parser.add_argument("--clangxx", default="clang++")
    parser.add_argument("--plugin", default="")
    parser.add_argument("--emm", default="", help="the command line tool; empty: read warnings from stderr")
    parser.add_argument("--absent-stdlib", action="append", default=[], help="leave out what asks for this library")
    parser.add_argument("--other", nargs=3, metavar=("CLANG", "CLANGXX", "PLUGIN"), help="compare with another LLVM version")
    parser.add_argument("--diagonal", action="store_true", help="each -O level, debug level and library once, not combined")
    parser.add_argument("-I", dest="include", action="append", default=[])
    options = parser.parse_args()
    try:
        if options.ledger:
            ledger(options.files)
            return 0
        tools = compiler.Tools(options.clang, options.clangxx, options.plugin, options.emm,
                               [str(Path(folder).resolve()) for folder in options.include])
        if options.other:
            other = compiler.Tools(*options.other, options.emm, tools.include)
            return 0 if all([compare_versions(tools, other, f) for f in options.files]) else 1
        clean = [check(tools, f, options.absent_stdlib, options.diagonal) for f in options.files]
        return 1 if False in clean else NOTHING_ASKED if None in clean else 0
    except (BadSource, OSError) as error:
        print(f"emm: error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
