#!/usr/bin/env python3
"""Feeds damaged records to every command that reads some: hostile.py EMM WORK RECORD... Prints how many were tried.

Each RECORD (an object, an archive, YAML, a bitstream) is cut short in many places and has bytes overwritten at random,
from a fixed seed, so that every run tries the same. A command may accept what is left (0, or 1 from the gate), call it
incomplete (3) or refuse it: then the exit code is 2, there is one line `emm: error: FILE: reason`, and no output. None may
end by a signal or take long.
"""

import random
import re
import struct
import subprocess
import sys
from pathlib import Path

CUTS, MUTATIONS = 4, 24
LINE = re.compile(r"emm: (error|warning|note): [^\n]+\Z")


def commands(work, record):
    out = str(work / "out")
    yield ["log", record]
    yield ["log", "--format=sarif", record]
    yield ["report", record, "-o", out, "--no-source"]
    yield ["annotate", "unit.cpp", record]
    yield ["gate", record]
    yield ["baseline", record, "-o", out + ".tsv"]
    yield ["diff", record, record]
    yield ["atomics", record]


def run(emm, command, what):
    result = subprocess.run([emm, *command], capture_output=True, timeout=60, check=False)
    code, lines = result.returncode, result.stderr.decode(errors="backslashreplace").splitlines()
    if code not in (0, 1, 2, 3) or code == 1 and command[0] != "gate":
        sys.exit(f"exit code {code}: {what}: {command}: {lines}")
    # Verdict and count of gate and baseline go to the standard error as well.
    bad = [line for line in lines if not LINE.match(line) and not line.startswith((f"emm {command[0]}: ",))]
    if bad:
        sys.exit(f"no line of emm: {bad[0]}: {what}: {command}")
    if code == 2:
        errors = [line for line in lines if line.startswith("emm: error: ")]
        if len(errors) != 1 or result.stdout:
            sys.exit(f"{len(errors)} lines and {len(result.stdout)} bytes of output with exit code 2: {what}: {command}: {lines}")
    return code


def endless_symbols(data):
    """An ELF object for 64 bits whose symbol table says that it is larger than any file; else nothing."""
    if data[:6] != b"\x7fELF\x02\x01":
        return
    copy = bytearray(data)
    table, = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    for at in range(table, table + size * count, size):
        if struct.unpack_from("<I", data, at + 4)[0] == 2:  # SHT_SYMTAB
            struct.pack_into("<Q", copy, at + 0x20, 24 << 56)
            yield "cut off symbols", bytes(copy)


def damaged(data, source):
    yield from endless_symbols(data)
    for i in range(1, CUTS + 1):
        at = len(data) * i // (CUTS + 1)
        yield f"cut at {at}", data[:at]
    for i in range(MUTATIONS):
        copy = bytearray(data)
        for _ in range(source.choice((1, 2, 8, 64))):
            copy[source.randrange(len(copy))] = source.choice((0, 0xFF, 0x7F, source.randrange(256)))
        yield f"mutation {i}", bytes(copy)


def main():
    emm, work = sys.argv[1], Path(sys.argv[2])
    tried, codes = 0, {}
    for name in map(Path, sys.argv[3:]):
        source = random.Random(1)
        for number, (what, data) in enumerate(damaged(name.read_bytes(), source)):
            record = work / ("damaged-" + name.name)
            record.write_bytes(data)
            # All commands read by the same readers: each sees every cut, mutations go round.
            for turn, command in enumerate(commands(work, str(record))):
                if what.startswith("cut") or turn in (0, number % 8):
                    code = run(emm, command, f"{name.name}: {what}")
                    codes[code] = codes.get(code, 0) + 1
                    tried += 1
    if codes.get(2, 0) < tried // 5:
        sys.exit(f"only {codes.get(2, 0)} of {tried} refused: is the damage any?")
    print(f"tried {tried}")


if __name__ == "__main__":
    main()
