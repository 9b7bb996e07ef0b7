"""JUnit's XML as Jenkins, GitLab and GitHub read it: elements, attributes and counts. There is no standard; these are the
names that the schema of Jenkins' xUnit plugin and of pytest's `xunit2` share, and `file` and `line`, which GitLab and
CircleCI read. `check(text)` raises AssertionError."""

import re
import xml.etree.ElementTree as xml

NUMBER, SECONDS, TEXT = r"\d+\Z", r"\d+(\.\d+)?\Z", r"(?s).*\Z"
COUNTS = {"tests": NUMBER, "failures": NUMBER, "errors": NUMBER, "skipped": NUMBER, "time": SECONDS}
# Element: (required attributes, {attribute: pattern}, children in this order)
ELEMENTS = {
    "testsuites": ((), {"name": TEXT, **COUNTS}, ("testsuite",)),
    "testsuite": (("name", "tests"), {"name": TEXT, **COUNTS, "timestamp": TEXT, "hostname": TEXT}, ("testcase",)),
    "testcase": (("name", "classname"), {"name": TEXT, "classname": TEXT, "time": SECONDS, "file": TEXT, "line": NUMBER},
                 ("skipped", "error", "failure")),
    "failure": ((), {"message": TEXT, "type": TEXT}, ()),
    "error": ((), {"message": TEXT, "type": TEXT}, ()),
    "skipped": ((), {"message": TEXT}, ()),
}


def element(node):
    required, known, children = ELEMENTS[node.tag]
    for name in required:
        assert node.get(name), f"{node.tag} lacks {name}"
    for name, text in node.attrib.items():
        assert name in known and re.match(known[name], text), f"{node.tag}: {name}={text!r}"
    for child in node:
        assert child.tag in children, f"{child.tag} in {node.tag}"
        element(child)


def check(text):
    root = xml.fromstring(text)
    assert root.tag == "testsuites"
    element(root)
    for suite in root:
        for attribute, path in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error"),
                                ("skipped", "testcase/skipped")):
            assert int(suite.get(attribute, 0)) == len(suite.findall(path)), f"{attribute} is not the number of {path}"
    return root
