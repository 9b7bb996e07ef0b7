#!/usr/bin/env python3
"""Checks what other tools demand of the formats: check-formats.py EMM RECORD. Prints what it saw."""

import json
import subprocess
import sys
import xml.etree.ElementTree as xml


def emm(*args):
    return subprocess.run([sys.argv[1], "log", *args, sys.argv[2]], check=True, capture_output=True).stdout


def sarif():
    document = json.loads(emm("--format=sarif"))
    assert document["version"] == "2.1.0"
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
    root = xml.fromstring(emm("--format=junit"))
    suite = root.find("testsuite")
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
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
