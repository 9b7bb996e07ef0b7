#!/usr/bin/env python3
"""Counts the instructions of the escape analysis for a generated unit and for one ten times as large.

    growth.py --clang=... --plugin=... [--limit FACTOR] [N]

Uses valgrind's callgrind, so that the load of the machine does not matter. Prints a table; fails if ten times the unit takes
more than FACTOR times the instructions.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

GENERATOR = Path(__file__).resolve().parent.parent / "plugin" / "Inputs" / "growth.py"


def instructions(options, folder, n):
    source = folder / f"growth{n}.c"
    source.write_text(subprocess.run([sys.executable, GENERATOR, str(n)], capture_output=True, text=True, check=True).stdout)
    run = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out.{n}",
                          "--toggle-collect=emm::analyseEscapes*", options.clang, "-w", "-O1", "-g",
                          f"-fpass-plugin={options.plugin}", "-c", source, "-o", folder / "growth.o"],
                         capture_output=True, text=True)
    # The compiler proper may be a process of its own: the one that did anything counts.
    counts = [int(c.replace(",", "")) for c in re.findall(r"Collected : ([\d,]+)", run.stderr)]
    if run.returncode or not counts or not max(counts):
        sys.exit(f"growth: nothing was counted:\n{run.stderr[-1500:]}")
    return max(counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--limit", type=float, default=10.5)
    parser.add_argument("n", nargs="?", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="emm-growth-") as scratch:
        small, large = (instructions(options, Path(scratch), n) for n in (options.n, 10 * options.n))
    print(f"| pairs of functions | instructions | each |\n|---|---|---|")
    for n, count in ((options.n, small), (10 * options.n, large)):
        print(f"| {n} | {count / 1e6:.1f} M | {count / n / 1e3:.0f} k |")
    print(f"factor {large / small:.2f}")
    return 0 if large <= options.limit * small else 1


if __name__ == "__main__":
    sys.exit(main())
