#!/usr/bin/env python3
"""Checks what other tools demand of the formats: check-formats.py EMM RECORD [ARGUMENTS...]. Prints what it saw.

RECORD is read in every format. Each further ARGUMENTS, split at blanks, is given to `emm log` and checked as SARIF and as
JUnit only."""

import copy
import json
import subprocess
import sys

import junit as junit_rules
import sarif as sarif_rules


def emm(*args, inputs=None):
    return subprocess.run([sys.argv[1], "log", *args, *(inputs or [sys.argv[2]])], check=True, capture_output=True).stdout


def can_fail(document):
    """The checker is no use if it passes everything."""
    def spoil(change):
        spoilt = copy.deepcopy(document)
        change(spoilt, spoilt["runs"][0], spoilt["runs"][0]["results"][0])
        try:
            sarif_rules.check(spoilt)
        except AssertionError:
            return
        sys.exit("the checker accepts what it must not")
    spoil(lambda log, run, result: log.pop("version"))
    spoil(lambda log, run, result: run.update(invented=1))
    spoil(lambda log, run, result: result.pop("message"))
    spoil(lambda log, run, result: result.update(level="warn"))
    spoil(lambda log, run, result: result.update(ruleIndex=1 if result["ruleIndex"] == 0 else 0))
    spoil(lambda log, run, result: result["locations"][0]["physicalLocation"]["region"].update(startLine=0))
    spoil(lambda log, run, result: result["locations"][0]["physicalLocation"]["artifactLocation"].update(uri="a b"))


def sarif():
    document = json.loads(emm("--format=sarif"))
    sarif_rules.check(document)
    can_fail(document)
    run, = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["name"] != rule["id"] and rule["shortDescription"]["text"].endswith(".")
        assert rule["id"].startswith("quantum/") or rule["help"]["markdown"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].endswith(".")
        assert result["level"] in ("error", "warning", "note")
        assert len(result["partialFingerprints"]["emmId/v1"]) == 16
        for location in result["locations"]:
            place = location.get("physicalLocation")
            if place:
                assert place["artifactLocation"]["uriBaseId"] == "SRCROOT"
                assert not place["artifactLocation"]["uri"].startswith("/")
                assert place["region"]["startLine"] >= 1
    flow = run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    stack = run["results"][0]["stacks"][0]["frames"]
    print("sarif:", len(run["results"]), "results,", len(rules), "rules,", len(flow), "steps,", len(stack), "frames")


def gitlab():
    document = json.loads(emm("--format=gitlab"))
    assert len({issue["fingerprint"] for issue in document}) == len(document)
    for issue in document:
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1 and not issue["location"]["path"].startswith(("/", "./"))
    print("gitlab:", [issue["check_name"] for issue in document])


def junit():
    suite = junit_rules.check(emm("--format=junit")).find("testsuite")
    print("junit:", suite.get("tests"), "tests,", suite.get("failures"), "failures,",
          suite.find("testcase/failure").get("message").encode("ascii", "backslashreplace").decode())


def rdjson():
    document = json.loads(emm("--format=rdjson"))
    for diagnostic in document["diagnostics"]:
        assert diagnostic["severity"] in ("ERROR", "WARNING", "INFO")
        assert "path" in diagnostic["location"]
    print("rdjson:", len(document["diagnostics"]), "diagnostics,", len(document["diagnostics"][0]["related_locations"]), "related")


def github():
    lines = emm("--format=github").decode().splitlines()
    assert all(line.startswith("::") for line in lines)
    print("github:", lines[0].encode("ascii", "backslashreplace").decode())


for check in (sarif, gitlab, junit, rdjson, github):
    check()
for arguments in sys.argv[3:]:
    document = json.loads(emm("--format=sarif", inputs=arguments.split()))
    sarif_rules.check(document)
    root = junit_rules.check(emm("--format=junit", "--level=note", inputs=arguments.split()))
    results = document["runs"][0]["results"]
    states = sorted({r.get("baselineState", "suppressed" if "suppressions" in r else "none") for r in results})
    print("more:", len(results), "results,", root.find("testsuite").get("tests"), "tests,", ", ".join(states))
