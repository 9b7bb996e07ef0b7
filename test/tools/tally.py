#!/usr/bin/env python3
"""Adds up test runs and compares them with the list of suites: tally.py test/suites BUILD:JUNIT...

BUILD is a build folder in which ctest ran with --output-junit JUNIT. A suite is a folder of test/, told by a test's
label (or else by its name up to the first dot). The cases of a lit suite are taken from lit's own report. A suite that
did not run, ran fewer cases than the list demands, or is not listed, counts as one failure each, and so does a skip
whose reason the list does not allow. The last line is `N passed, N failed, N skipped`.
"""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from pathlib import Path


def read_list(path):
    """Demands per preset ({preset: {suite: minimum}}) and allowed reasons for a skip."""
    demands, skips = defaultdict(dict), []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        words = line.partition("#")[0].split(maxsplit=2)
        if not words:
            continue
        if words[0] == "skip":
            skips.append(line.split(maxsplit=1)[1])
        elif len(words) == 3 and words[1].isdigit():
            for preset in words[2].split():
                demands[preset][words[0]] = int(words[1])
        else:
            sys.exit(f"emm: error: {path}:{number}: neither `SUITE MINIMUM PRESET...` nor `skip REGEX`")
    return demands, skips


def labels(build):
    """The suite of each ctest test."""
    show = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, capture_output=True, text=True, check=True)
    folders = {p.name for p in Path(__file__).resolve().parent.parent.iterdir() if p.is_dir()}
    suites = {}
    for test in json.loads(show.stdout)["tests"]:
        named = [label for p in test.get("properties", []) if p["name"] == "LABELS" for label in p["value"]]
        suites[test["name"]] = next((n for n in named if n in folders), test["name"].split(".")[0])
    return suites


def outcome(case):
    """passed, failed or skipped, with the reason of a skip."""
    skipped = case.find("skipped")
    if skipped is not None:
        return "skipped", skipped.get("message", "") or "no reason given"
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed", ""
    status = case.get("status", "run")
    return ("passed", "") if status == "run" else ("failed", f"status {status}")


def cases(build, junit):
    """(suite, name, outcome, reason) of everything that ran."""
    suites = labels(build)
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        name = case.get("name")
        suite = suites.get(name, name.split(".")[0])
        report = Path(build, "test", name.replace("lit.", "lit-", 1) + ".xml")
        if not name.startswith("lit.") or not report.exists():
            yield suite, name, *outcome(case)
            continue
        inner = [(suite, f"{c.get('classname')}/{c.get('name')}", *outcome(c))
                 for c in ElementTree.parse(report).getroot().iter("testcase")]
        yield from inner
        if outcome(case)[0] == "failed" and not any(c[2] == "failed" for c in inner):
            yield suite, name, "failed", "lit failed"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    demands, allowed = read_list(sys.argv[1])
    total, complaints = Counter(), []
    for argument in sys.argv[2:]:
        build, _, junit = argument.rpartition(":")
        preset = Path(build).name
        counts = defaultdict(Counter)
        for suite, name, result, reason in cases(build, junit):
            counts[suite][result] += 1
            total[result] += 1
            if result == "failed":
                print(f"{preset}: FAILED {name} {reason}")
            if result == "skipped" and not any(re.fullmatch(a, reason.strip()) for a in allowed):
                complaints.append(f"{preset}: {name} was skipped: {reason}")
        for suite, minimum in demands[preset].items():
            if counts[suite].total() < minimum:
                complaints.append(f"{preset}: suite {suite} ran {counts[suite].total()} cases, {minimum} are expected")
        for suite in sorted(counts):
            row = counts[suite]
            print(f"{preset:8} {suite:10} {row['passed']:5} passed {row['failed']:4} failed {row['skipped']:4} skipped")
            if suite not in demands[preset]:
                complaints.append(f"{preset}: suite {suite} is not listed in {sys.argv[1]}")
    for complaint in complaints:
        print(complaint)
    failed = total["failed"] + len(complaints)
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped")
    return 1 if failed or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
