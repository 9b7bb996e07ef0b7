#!/usr/bin/env python3
"""Compares the counts of `emm atomics --format=json` with what grep finds in llvm-objdump's text: atomics-judge.py EMM
OBJDUMP MINIMUM OBJECT...

Knows nothing of the tool's insides: every operation is a pattern over a printed line. Of a function with several names
the tool shows one, the judge takes whichever that is. MINIMUM functions with an operation have to be among them."""

import json
import re
import subprocess
import sys

HEAD = re.compile(r"^([0-9a-f]+) <(.*)>:$")
LINE = re.compile(r"^\s*([0-9a-f]+):\s+(\S.*)$")
ORDER = r"a?l?[bh]?"
ARM = {
    "compareExchange": rf"casp?{ORDER}\b",
    "exchange": rf"swpp?{ORDER}\b",
    "readModifyWrite": rf"(ld|st)(add|clr|eor|set|smax|smin|umax|umin){ORDER}\b",
    "fence": r"d[ms]b\b",
    "exclusiveLoad": r"lda?x[rp][bh]?\b",
    "exclusiveStore": r"stl?x[rp][bh]?\b",
    "acquireLoad": r"lda(r|pr|pur)[bh]?\b",
    "releaseStore": r"stl(r|ur)[bh]?\b",
}
KEYS = ["instructions", "lock", "exchange", "compareExchange", "readModifyWrite", "fence", "exclusiveLoad", "exclusiveStore",
        "acquireLoad", "releaseStore"]


def functions(objdump, path):
    """Yields (label, section, address, lines)."""
    text = subprocess.run([objdump, "-d", "--no-show-raw-insn", path], capture_output=True, text=True, check=True).stdout
    member, section, label, body = path, "", None, []
    for line in text.splitlines():
        if (head := HEAD.match(line)):
            if label:
                yield member, label, body
            label, body = head[2], []
        elif line.startswith("Disassembly of section") or ":\tfile format" in line:
            if label:
                yield member, label, body
            label, body = None, []
            if ":\tfile format" in line:
                member = line.split(":\tfile format")[0]
        elif (at := LINE.match(line)) and label:
            body.append(at[2].split("//")[0].strip())
    if label:
        yield member, label, body


def count(lines, x86):
    got = dict.fromkeys(KEYS, 0)
    lock = False
    for line in lines:
        if x86:
            if line == "lock":
                lock = True
                continue
            got["instructions"] += 1
            got["lock"] += lock
            word, _, operands = line.partition("\t")
            memory = "(" in operands or re.match(r"xchg", word) and re.search(r"(^|, )(%[c-g]s:)?0x", operands)
            if re.match(r"xchg", word) and memory:
                got["exchange"] += 1
            elif lock and re.match(r"cmpxchg", word):
                got["compareExchange"] += 1
            elif lock and re.match(r"(or|add)[bwlq]\s+\$0x0, [-0-9a-fx]*\(%rsp", line):
                got["fence"] += 1
            elif lock:
                got["readModifyWrite"] += 1
            elif word in ("mfence", "lfence", "sfence"):
                got["fence"] += 1
            lock = False
        elif not line.startswith((".word", ".long", ".short", ".byte", "<unknown>")):
            got["instructions"] += 1
            for key, pattern in ARM.items():
                got[key] += bool(re.match(pattern, line))
    return got


def main():
    emm, objdump, minimum = sys.argv[1], sys.argv[2], int(sys.argv[3])
    compared = busy = wrong = 0
    for path in sys.argv[4:]:
        census = json.loads(subprocess.run([emm, "atomics", "--format=json", path], capture_output=True, check=True).stdout)
        x86 = census["architecture"] == "x86_64"
        judged = {}
        for member, label, body in functions(objdump, path):
            judged.setdefault((member, label), []).append(count(body, x86))
        for function in census["functions"]:
            given = judged.get((function["object"], function["symbol"]))
            if not given:
                continue
            own = {key: function["own"].get(key, 0) for key in KEYS}
            compared += 1
            # What objdump shows behind a function's end, up to the next label, is padding: it changes instructions only.
            same = any(all(own[key] == g[key] for key in KEYS[1:]) and 0 <= g["instructions"] - own["instructions"] < 16
                       for g in given)
            busy += any(own[key] for key in KEYS[1:])
            if not same:
                wrong += 1
                print(f"{path}: {function['symbol']}: emm {own}, objdump {given}")
    print(f"compared {compared} functions, {busy} with operations, {wrong} differ")
    if wrong or busy < minimum:
        sys.exit(1)


if __name__ == "__main__":
    main()
