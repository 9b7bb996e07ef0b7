#!/usr/bin/env python3
"""Counts the verdicts of escape analysis in the records of some objects: one row of the tables in escape.md.

    escape-counts.py EMM NAME OBJECT...

A function that several units instantiate is counted once for each distinct finding; `share` is the part of the allocations,
maps and lambdas that were found not to escape.
"""

import json
import subprocess
import sys

KINDS = [
    ("parameters: do not escape", "escape/param", lambda m: m.endswith(" does not escape")),
    ("to the result", "escape/param", lambda m: " to result " in m),
    ("to another's content", "escape/param", lambda m: " to content of " in m),
    ("content leaks", "escape/param", lambda m: m.startswith("leaking param content: ")),
    ("leak", "escape/param", lambda m: m.startswith("leaking param: ")),
    ("addresses of locals that escape", "escape/address", lambda m: True),
    ("maps that escape", "escape/heap", lambda m: m.startswith("map ")),
    ("lambdas that escape", "escape/heap", lambda m: m.startswith("lambda ")),
    ("allocations that escape", "escape/heap", lambda m: True),
    ("maps that do not", "escape/stackable", lambda m: m.startswith("map ")),
    ("lambdas that do not", "escape/stackable", lambda m: m.startswith("lambda ")),
    ("allocations that do not", "escape/stackable", lambda m: True),
    ("left behind", "escape/outlives-frame", lambda m: True),
    ("left behind", "closure/outlives-capture", lambda m: True),
    ("widened", "analysis/gave-up", lambda m: True),
]


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    emm, name, *objects = sys.argv[1:]
    log = subprocess.run([emm, "log", "--format=json", *objects], capture_output=True, text=True, check=True).stdout
    counts = dict.fromkeys((title for title, _, _ in KINDS), 0)
    for line in log.splitlines():
        entry = json.loads(line)
        for title, rule, fits in KINDS:
            if entry["rule"] == rule and fits(entry["message"]):
                counts[title] += 1
                break
    print(name + ": " + ", ".join(f"{title} {count}" for title, count in counts.items()))
    kept = sum(n for title, n in counts.items() if title.endswith("that do not"))
    gone = sum(n for title, n in counts.items() if title in ("maps that escape", "lambdas that escape", "allocations that escape"))
    if kept + gone:
        print(f"{name}: {kept} of {kept + gone} allocations, maps and lambdas do not escape, {100 * kept / (kept + gone):.0f} %")


main()
