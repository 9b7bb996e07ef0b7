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

check_expect = importlib.import_module("check-expect")
compare_objects = importlib.import_module("compare-objects")
tally = importlib.import_module("tally")
house = importlib.import_module("house")
CLANG = sys.argv.pop(1) if len(sys.argv) > 1 else "clang"


def source(text):
    folder = tempfile.TemporaryDirectory(prefix="emm-selftest-")
    path = Path(folder.name, "unit.cpp")
    path.write_text(text)
    try:
        return read_source(path)
    finally:
        folder.cleanup()


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

    def test_bad_sources(self):
        for text in ("x; // want ", 'x; // want map/nil-write', 'x; // want map/nil-write "("', "// emm-check: opt",
                     "// emm-check: optt=2", "// emm-check: level=loud"):
            self.assertRaises(BadSource, source, text)


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
