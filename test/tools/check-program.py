#!/usr/bin/env python3
"""Compiles the units of one program, merges them and demands exact findings: check-program.py CLANG CLANGXX PLUGIN EMM FILE

FILE holds the units, each after a line `//--- NAME`. In a line of a unit

  CODE // twin CODE2      stands for CODE in the program and for CODE2 in its twin, of which no finding is expected
  ... // want RULE "REGEX"       the merged log has this warning at this line, with a message that matches
  ... // want-step "REGEX"       a step of such a warning stands at this line
  ... // unit RULE "REGEX"       as want, but the compiler says it of this unit alone, in the twin too

and nothing else: no warning of the families map, atomic and lock is missing, none is extra. Every want is something that
no unit shows alone. The same bytes have to come from any order of the objects, from archives (whole, thin, one inside and
one beside), from what `ld -r` made of them, from a directory, and from the records below EMM_OUT. Each at -O0 and at -O2."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MARK = re.compile(r'\s*//\s*(twin|want-step|want|unit)\b')
FAMILIES = ("map/", "atomic/", "lock/")
QUIET = "lock/leaked-reference"


class Unit:
    def __init__(self, name):
        self.name, self.lines, self.twin = name, [], []
        self.wants, self.steps, self.unit = [], [], []

    def add(self, line):
        parts = MARK.split(line)
        code = twin = parts[0]
        number = len(self.lines) + 1
        for kind, text in zip(parts[1::2], parts[2::2]):
            text = text.strip()
            if kind == "twin":
                twin = text
            elif kind == "want-step":
                self.steps.append((number, text[1:-1]))
            else:
                rule, _, regex = text.partition(" ")
                (self.wants if kind == "want" else self.unit).append((number, rule, regex.strip()[1:-1]))
        self.lines.append(code)
        self.twin.append(twin)


def units(path):
    found = []
    for line in Path(path).read_text().splitlines():
        if line.startswith("//--- "):
            found.append(Unit(line[6:].strip()))
        elif found:
            found[-1].add(line)
    return found


def run(command, cwd, env=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


class Checker:
    def __init__(self, clang, clangxx, plugin, emm):
        self.clang, self.clangxx, self.plugin, self.emm = clang, clangxx, plugin, emm
        self.tools = os.path.dirname(clang)
        self.failures = []

    def fail(self, text):
        self.failures.append(text)

    def compile(self, folder, all_units, level, twin):
        for unit in all_units:
            (folder / unit.name).write_text("\n".join(unit.twin if twin else unit.lines) + "\n")
        objects = []
        for unit in all_units:
            path = Path(unit.name)
            if path.suffix == ".h":
                continue
            compiler = [self.clang, "-std=c11"] if path.suffix == ".c" else [self.clangxx, "-std=c++20"]
            compiler += [level, "-g", f"-fpass-plugin={self.plugin}", "-c", unit.name]
            run(compiler + ["-o", path.stem + ".o"], folder)
            run(compiler + ["-o", "/dev/null"], folder, dict(os.environ, EMM_OUT=str(folder / "records")))
            objects.append(path.stem + ".o")
        return objects

    def log(self, folder, inputs):
        return run([self.emm, "log", "--format=json", "--level=warning", "--only=map,atomic,lock", *inputs], folder)

    def same(self, folder, objects, text, name):
        for order in itertools.islice(itertools.permutations(objects), 0, None, 7):
            if self.log(folder, order) != text:
                self.fail(f"{name}: another order, another result: {' '.join(order)}")
                return
        shutil.rmtree(folder / "tree", ignore_errors=True)
        (folder / "tree").mkdir()
        for o in objects:
            shutil.copy(folder / o, folder / "tree")
        run([f"{self.tools}/llvm-ar", "rcs", "whole.a", *objects], folder)
        run([f"{self.tools}/llvm-ar", "rcs", "--thin", "thin.a", *objects], folder)
        run([f"{self.tools}/llvm-ar", "rcs", "first.a", objects[0]], folder)
        run(["ld.lld", "-r", *objects, "-o", "whole.ro"], folder)
        for inputs in (["tree"], ["whole.a"], ["thin.a"], ["whole.ro"], ["first.a", *objects], ["whole.a", "first.a", *objects]):
            if self.log(folder, inputs) != text:
                self.fail(f"{name}: {' '.join(inputs)}: not the result of the objects:\n{self.log(folder, inputs)}{text}")
        if self.log(folder, ["records"]) != text:
            self.fail(f"{name}: the records below EMM_OUT: not the result of the objects:\n{self.log(folder, ['records'])}{text}")

    def check(self, folder, all_units, level, twin):
        name = f"{level}{' twin' if twin else ''}"
        objects = self.compile(folder, all_units, level, twin)
        text = self.log(folder, objects)
        found = [f for f in map(json.loads, text.splitlines()) if f["rule"].startswith(FAMILIES) and f["rule"] != QUIET]
        alone = [f for o in objects for f in map(json.loads, self.log(folder, [o]).splitlines())]
        wants = [(u.name, *w) for u in all_units for w in u.unit + ([] if twin else u.wants)]
        left = list(found)
        for file, line, rule, regex in wants:
            hit = next((f for f in left if f["file"] == file and f["line"] == line and f["rule"] == rule and re.search(regex, f["message"])), None)
            if hit:
                left.remove(hit)
            else:
                self.fail(f"{name}: not found: {file}:{line}: {rule} \"{regex}\"")
        for f in left:
            self.fail(f"{name}: not expected: {f['file']}:{f['line']}: {f['message']} [{f['rule']}]")
        steps = [s for f in found for s in f["steps"]]
        for unit in all_units:
            for line, regex in ([] if twin else unit.steps):
                if not any(s.get("file") == unit.name and s.get("line") == line and re.search(regex, s["message"]) for s in steps):
                    self.fail(f"{name}: no such step: {unit.name}:{line}: \"{regex}\"")
            for line, rule, regex in unit.wants:
                if any(f["file"] == unit.name and f["line"] == line and f["rule"] == rule and re.search(regex, f["message"]) for f in alone):
                    self.fail(f"{name}: {unit.name}:{line}: one unit shows {rule} alone")
        if not twin:
            self.same(folder, objects, text, name)

    def run(self, path):
        all_units = units(path)
        if not any(u.wants or u.unit for u in all_units):
            self.fail("expects nothing")
        for level in ("-O0", "-O2"):
            for twin in (False, True):
                with tempfile.TemporaryDirectory() as folder:
                    self.check(Path(folder), all_units, level, twin)
        for failure in self.failures:
            print(f"{Path(path).name}: {failure}")
        return 1 if self.failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    sys.exit(Checker(*sys.argv[1:5]).run(sys.argv[5]))
