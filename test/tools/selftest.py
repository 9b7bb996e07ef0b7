#!/usr/bin/env python3
"""The checks can fail: what the comparing tools must reject, they reject."""

import importlib
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import compile as compiler
from elf import Elf
from expectations import BadSource, read_source
from runs import read_run
from verdicts import count

check_expect = importlib.import_module("check-expect")
check_run = importlib.import_module("check-run")
compare_objects = importlib.import_module("compare-objects")
tally = importlib.import_module("tally")
house = importlib.import_module("house")
CLANG = sys.argv.pop(1) if len(sys.argv) > 1 else "clang"


def read(text, name, reader):
    with tempfile.TemporaryDirectory(prefix="emm-selftest-") as folder:
        path = Path(folder, name)
        path.write_text(text)
        return reader(path)


def source(text):
    return read(text, "unit.cpp", read_source)


def finding(line, rule, message, level=2, steps=()):
    return compiler.Found("unit.cpp", line, 3, level, rule, message, list(steps))


class Expectations(unittest.TestCase):
    def complaints(self, text, *found, debug="g"):
        return check_expect.compare_findings(source(text), list(found), debug)

    def test_exact(self):
        self.assertEqual(self.complaints('m[1]; // want map/nil-write "of m"', finding(1, "map/nil-write", "of m")), [])

    def test_missing_extra_wrong_line_wrong_rule_wrong_text(self):
        text = '\nm[1]; // want map/nil-write "of m"'
        self.assertEqual(len(self.complaints(text)), 1)
        self.assertEqual(len(self.complaints("m[1];", finding(1, "map/nil-write", "of m"))), 1)
        for wrong in (finding(1, "map/nil-write", "of m"), finding(2, "map/no-hint", "of m"),
                      finding(2, "map/nil-write", "of n")):
            self.assertEqual(len(self.complaints(text, wrong)), 2, wrong)

    def test_each_expectation_takes_one_finding(self):
        twice = [finding(1, "map/nil-write", "of m"), finding(1, "map/nil-write", "of m2")]
        self.assertEqual(len(self.complaints('x; // want map/nil-write "m"', *twice)), 1)
        self.assertEqual(self.complaints('x; // want map/nil-write "m" map/nil-write "of m$"', *twice), [])

    def test_notes_are_compared_when_selected(self):
        note = finding(1, "escape/heap", "new int escapes to heap", level=1)
        self.assertEqual(self.complaints("x;", note), [])
        self.assertEqual(len(self.complaints("x; // emm-check: rules=escape/* level=note", note)), 1)

    def test_ledger(self):
        wrong = finding(1, "map/nil-write", "of m")
        self.assertEqual(self.complaints('x; // want-fp map/nil-write "m" aliasing', wrong), [])
        self.assertEqual(len(self.complaints('x; // want-fp map/nil-write "m" aliasing')), 1)
        self.assertEqual(self.complaints("x; // miss map/nil-write aliasing"), [])
        self.assertTrue(self.complaints("x; // miss map/nil-write aliasing", wrong))
        self.assertRaises(BadSource, source, "x; // miss map/nil-write")
        self.assertRaises(BadSource, source, 'x; // want-fp map/nil-write "m"')

    def test_steps(self):
        found = finding(1, "map/nil-write", "m", steps=[("unit.cpp", 2, "made here")])
        text = 'x; // want map/nil-write "m"\ny; // want-note "{}"'
        self.assertEqual(self.complaints(text.format("made here"), found), [])
        self.assertEqual(len(self.complaints(text.format("lost"), found)), 1)

    def test_without_debug_information_the_count_must_agree(self):
        text = '\nm[1]; // want map/nil-write "of m"'
        self.assertEqual(self.complaints(text, finding(0, "map/nil-write", "of arg#0"), debug="none"), [])
        self.assertEqual(len(self.complaints(text, debug="none")), 1)

    def test_go(self):
        text = source('// emm-check: go=escape\nx; // want "escapes" "leaking"')
        both = [("unit.cpp", 2, "new int escapes to heap"), ("unit.cpp", 2, "leaking param: p")]
        self.assertEqual(check_expect.compare_go(text, both), [])
        self.assertEqual(len(check_expect.compare_go(text, both[:1])), 1)
        self.assertEqual(len(check_expect.compare_go(text, both + [("unit.cpp", 3, "p does not escape")])), 1)
        self.assertRaises(BadSource, source, 'x; // want "escapes"')

    def test_finer_than_go(self):
        text = source('// emm-check: go=escape\nx; // want "a escapes" // finer "b escapes" fields are one variable in Go')
        said = [("unit.cpp", 2, "a escapes")]
        self.assertEqual(check_expect.compare_go(text, said), [])
        self.assertTrue(any("known to be wrong" in c for c in check_expect.compare_go(text, said + [("unit.cpp", 2, "b escapes")])))
        self.assertRaises(BadSource, source, 'x; // finer "b escapes"')

    def test_explanations_are_the_same_with_all_flags(self):
        def complaints(text, opt, stdlib, steps):
            explained = check_expect.Explained(source("// emm-check: go=escape\n" + text))
            first = finding(2, "escape/heap", "a escapes", steps=[("", 2, "from A::f(a)"), ("", 2, "flow: b = a:")])
            explained.complaints([first], "0", "libstdc++", "first")
            return len(explained.complaints([finding(2, "escape/heap", "a escapes", steps=steps)], opt, stdlib, "second"))

        same, other = [("", 2, "from A::f(a)"), ("", 2, "flow: b = a:")], [("", 2, "from B::f(a)"), ("", 2, "flow: b = a:")]
        by_library = '// emm-check: by-library="from [AB]" reason="names"'
        self.assertEqual(complaints("", "2", "libc++", same), 0)
        self.assertEqual(complaints("", "2", "libstdc++", other), 2)
        self.assertEqual(complaints("", "0", "libc++", other), 2)
        self.assertEqual(complaints(by_library, "0", "libc++", other), 0)
        self.assertEqual(complaints(by_library, "2", "libstdc++", other), 2)
        self.assertEqual(complaints('// emm-check: explained-by-level="why"', "2", "libstdc++", other), 0)

    def test_bad_sources(self):
        for text in ("x; // want ", 'x; // want map/nil-write', 'x; // want map/nil-write "("', "// emm-check: opt",
                     "// emm-check: optt=2", "// emm-check: level=loud", '// emm-check: by-library="x"'):
            self.assertRaises(BadSource, source, text)


class Runs(unittest.TestCase):
    REPORT = """WARNING: ThreadSanitizer: data race (pid=1)
  Write of size 4 at 0x1 by thread T1:
    #0 std::map<int, int>::f() /usr/include/c++/12/map:9:1 (program+0x1)
    #1 work() /x/unit.{}.cpp:{}:3 (program+0x2)

  Previous read of size 4 at 0x1 by main thread:
    #0 main /x/unit.{}.cpp:7 (program+0x3)

  Thread T1 created by main thread at:
    #0 main /x/unit.{}.cpp:2:3 (program+0x3)
"""

    def complaints(self, verdict, text, *seen):
        def judge(path):
            return check_run.judge(read_run(path), read_source(path), list(seen))
        return read(text, f"unit.{verdict}.cpp", judge)

    def report(self, verdict, line):
        return self.REPORT.format(verdict, line, verdict, verdict), 66

    def test_name_and_run_agree(self):
        racy = '\nx; // want atomic/missing "x"'
        self.assertEqual(self.complaints("race", racy, ("", 0), self.report("race", 2)), [])
        self.assertEqual(self.complaints("norace", "x;", ("", 3)), [])

    def test_name_and_run_differ(self):
        racy = '\nx; // want atomic/missing "x"'
        self.assertEqual(len(self.complaints("race", racy, ("", 0))), 1)
        self.assertEqual(len(self.complaints("norace", "x;", self.report("norace", 2))), 1)
        self.assertEqual(len(self.complaints("race", racy, self.report("race", 5))), 1, "another access")
        self.assertEqual(len(self.complaints("norace", "x;", ("", None))), 1, "stopped")
        self.assertEqual(len(self.complaints("norace", "x;", ("", -11))), 1, "crashed")

    def test_labels_have_to_be_true(self):
        racy = '\nx; // want atomic/missing "x"\n// emm-run: silent luck'
        self.assertEqual(self.complaints("race", racy, ("", 0)), [])
        self.assertEqual(len(self.complaints("race", racy, self.report("race", 2))), 1)
        clean = "x; // emm-run: reports fences"
        self.assertEqual(self.complaints("norace", clean, self.report("norace", 1)), [])
        self.assertEqual(len(self.complaints("norace", clean, ("", 0))), 1)
        dies = '// emm-run: dies="nil map"\nx; // want map/nil-write "x"'
        self.assertEqual(self.complaints("race", dies, ("assignment to nil map", 2)), [])
        self.assertEqual(len(self.complaints("race", dies, ("", 0))), 1)
        self.assertEqual(len(self.complaints("norace", dies, ("assignment to nil map", 2))), 1)

    def test_bad_labels(self):
        for name, text in (("u.race.cpp", "// emm-run: none"), ("u.race.cpp", "// emm-run: reports it"), ("u.cpp", ""),
                           ("u.norace.cpp", "// emm-run: silent it"), ("u.race.cpp", "// emm-run: sanitizer=memory")):
            self.assertRaises(BadSource, read, text, name, read_run)

    def test_counts(self):
        self.assertEqual(read('x; // want atomic/missing "x"', "u.race.cpp", count)["found"], 1)
        self.assertEqual(read("x; // miss atomic/missing deep", "u.race.cpp", count)["found"], 0)
        self.assertEqual(read('x; // want-fp atomic/missing "x" deep', "u.norace.cpp", count)["silent"], 0)
        self.assertRaises(BadSource, read, "x;", "u.race.cpp", count)
        self.assertRaises(BadSource, read, 'x; // want atomic/missing "x"', "u.norace.cpp", count)


class Objects(unittest.TestCase):
    def compile(self, folder, name, text, *flags):
        path = Path(folder, name + ".o")
        # DWARF 4: version 5 has the digest of the text in it.
        subprocess.run([CLANG, "-O2", "-gdwarf-4", "-x", "c", "-", "-c", "-o", str(path), *flags], input=text, text=True,
                       check=True, cwd=folder)
        return Elf(path)

    def test_differences_are_found(self):
        section = '__asm__(".section .emm,\\"{}\\"\\n.byte 1\\n.previous");\n'
        with tempfile.TemporaryDirectory() as folder:
            plain = self.compile(folder, "a", "int f(int x) { return x + 1; }\n")
            with_ = lambda flags, body: self.compile(folder, "b", body + section.format(flags))
            compare = lambda other: compare_objects.compare(plain, other, {".emm"})
            self.assertEqual(compare(with_("e", "int f(int x) { return x + 1; }\n")), [])
            self.assertTrue(compare(plain))
            self.assertTrue(compare(with_("a", "int f(int x) { return x + 1; }\n")))
            self.assertTrue(compare(with_("e", "int f(int x) { return x + 2; }\n")))
            self.assertTrue(compare(with_("e", "int g(int x) { return x + 1; }\n")))
            self.assertTrue(compare(with_("e", "int f(int x) { return x + 1; } int y;\n")))
            self.assertTrue(compare(with_("e", "int f(int y) { return y + 1; }\n")))


class House(unittest.TestCase):
    def test_violations_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "init", "-q", folder], check=True)
            files = {"passes/a.cpp": '#include "reports/html/Page.h"\n', "runtime/a.h": '#include "passes/Analysis.h"\n',
                     "reports/a.cpp": '#include "passes/Analysis.h"\n', "reports/finding/a.h": '#include "reports/text/A.h"\n',
                     "passes/b.cpp": "// TO" "DO\nclass FlowMan" "ager {};\n" + "\n" * 600}
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            self.assertEqual({c.partition(":")[0] for c in house.layering(folder)}, files.keys() - {"passes/b.cpp"})
            self.assertEqual(len(list(house.words(folder))), 2)
            self.assertEqual(len(list(house.size(folder))), 1)


class Tally(unittest.TestCase):
    def test_outcomes(self):
        parse = lambda text: tally.outcome(tally.ElementTree.fromstring(text))
        self.assertEqual(parse('<testcase status="run"/>')[0], "passed")
        self.assertEqual(parse('<testcase status="fail"><failure/></testcase>')[0], "failed")
        self.assertEqual(parse('<testcase status="notrun"/>')[0], "failed")
        self.assertEqual(parse('<testcase><skipped message="why"/></testcase>'), ("skipped", "why"))


if __name__ == "__main__":
    unittest.main()
