#!/usr/bin/env python3
"""Compiles sources with and without the plugin and demands the same program:

    same-code.py --clang=... --clangxx=... --plugin=... [-O 0,1,2,3] [--link] [--flag=...] FILE...

Objects must agree as compare-objects.py defines it, and with --link the executables made from them byte for byte. A
compile that fails without the plugin is an error of the test; one that fails with it breaks invariant 3.
"""

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from compile import environment
from elf import Elf

compare = importlib.import_module("compare-objects").compare


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment(), **options)


def check(options, source, opt, scratch):
    """Complaints about one source at one level."""
    is_c = source.suffix in (".c", ".ll")
    base = [options.clang if is_c else options.clangxx, f"-O{opt}", *options.flag]
    if source.suffix == ".cpp":
        base.append("-std=c++20")
    # One output name for both: it would otherwise be a difference in the debug information of -gsplit-dwarf.
    output, objects = scratch / "unit.o", []
    for extra in ([], [f"-fpass-plugin={options.plugin}"]):
        compile_ = run([*base, *extra, "-c", source.name, "-o", str(output)], cwd=source.parent)
        if compile_.returncode != 0:
            return [f"compile failed {'with' if extra else 'without'} the plugin: {compile_.stderr.strip()}"]
        kept = scratch / ("with.o" if extra else "without.o")
        output.rename(kept)
        objects.append(kept)
    complaints = compare(Elf(objects[0]), Elf(objects[1]), {".emm"})
    if options.link:
        programs = []
        for object_ in objects:
            object_.rename(output)
            link = run([options.clang if is_c else options.clangxx, str(output), "-o", str(scratch / "program"),
                        *options.link_flag])
            if link.returncode != 0:
                return complaints + [f"link failed: {link.stderr.strip()}"]
            programs.append((scratch / "program").read_bytes())
        if programs[0] != programs[1]:
            complaints.append("linked programs differ")
        if b".emm\0" in programs[1]:
            complaints.append("the linked program has a section .emm")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--clangxx", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("-O", dest="opt", default="0,1,2,3")
    parser.add_argument("--flag", action="append", default=[])
    parser.add_argument("--link", action="store_true")
    parser.add_argument("--link-flag", action="append", default=[])
    options = parser.parse_args()
    failed = runs = 0
    for source in options.files:
        for opt in options.opt.split(","):
            with tempfile.TemporaryDirectory(prefix="emm-same-") as scratch:
                complaints = check(options, source.resolve(), opt, Path(scratch))
            runs += 1
            for complaint in complaints:
                print(f"{source}: -O{opt}: {complaint}")
                failed = 1
    print(f"{runs} compiles compared")
    return failed


if __name__ == "__main__":
    sys.exit(main())
