#!/usr/bin/env python3
"""Checks the habits of the house over the files that git tracks: house.py layering|size|words ROOT

layering  data flows one way: passes/ and reports/ share reports/finding/ alone, runtime/ stands by itself, tools/ holds
          thin mains
size      a file is questioned above 300 lines and split above 500; test/house/large-files lists the agreed exceptions
words     nothing unfinished, nothing that points outside the tree, no names that say nothing
"""

import re
import subprocess
import sys
from pathlib import Path

SOURCE = {".h", ".hpp", ".c", ".cpp", ".def"}
TEXT = SOURCE | {".py", ".js", ".mjs", ".css", ".md", ".yaml", ".txt", ".cmake", ".in", ".test", ".html", ".sh", ""}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
RUNTIME_INCLUDE = re.compile(r'^\s*#\s*include\s+[<"](passes|reports|tools|llvm|clang|yaml-cpp)/')

# What a folder may include of the project, by the first components of the path.
MAY_INCLUDE = {
    "passes": ("passes/", "reports/finding/"),
    "reports/finding": ("reports/finding/",),
    "reports": ("reports/",),
    "runtime": ("runtime/", "emm/"),
}

MAX_LINES, QUESTIONED_LINES, MAX_TOOL_LINES = 500, 300, 200

# Spelled in pieces, so that this file does not find itself.
FORBIDDEN = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "unfinished"),
    (re.compile(r"\b(place" r"holder(?!\s*[:=)'])|not (yet )?imple" r"mented|for n" r"ow\b|temp" r"orarily)", re.I), "unfinished"),
    (re.compile(r"/work/(shared|main|\.library)|\.\./shared"), "a path outside the tree"),
    (re.compile(r"\bissue #?\d+\b", re.I), "an issue number"),
    (re.compile(r"https?://(deb|registry|security)\.[a-z]"), "a package server"),
]
EMPTY_NAMES = re.compile(r"\b(class|struct|namespace|enum class)\s+\w*(Man" r"ager|Ut" r"ils?|Hel" r"pers?)\b")


def tracked(root):
    names = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           capture_output=True, check=True)
    for name in sorted(n for n in names.stdout.decode().split("\0") if n):
        path = Path(root, name)
        if path.is_file() and not path.is_symlink():
            yield name, path


def lines(path):
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def layering(root):
    for name, path in tracked(root):
        if path.suffix not in SOURCE:
            continue
        rule = next((r for r in sorted(MAY_INCLUDE, key=len, reverse=True) if name.startswith(r + "/")), None)
        for number, text in enumerate(lines(path), 1):
            include = INCLUDE.match(text)
            if include and rule and "/" in include[1]:
                mine = include[1].startswith(("passes/", "reports/", "runtime/", "tools/", "test/", "emm/"))
                if mine and not include[1].startswith(MAY_INCLUDE[rule]):
                    yield f"{name}:{number}: {rule}/ must not include {include[1]}"
            if rule == "runtime" and RUNTIME_INCLUDE.match(text):
                yield f"{name}:{number}: runtime/ depends on libc alone"
        if name.startswith("tools/emm/") and len(lines(path)) > MAX_TOOL_LINES:
            yield f"{name}: {len(lines(path))} lines: tools/ holds thin mains"


def size(root):
    agreed = {}
    if (listed := Path(root, "test/house/large-files")).exists():
        rows = [line.partition("#")[0].split(maxsplit=2) for line in lines(listed)]
        agreed = {row[0]: int(row[1]) for row in rows if len(row) == 3}
    for name, path in tracked(root):
        if path.suffix in SOURCE | {".py", ".js", ".mjs", ".css"} and not name.startswith("test/"):
            count, limit = len(lines(path)), agreed.pop(name, MAX_LINES)
            if count > limit:
                yield f"{name}: {count} lines, {limit} at most: split it"
            elif limit != MAX_LINES and count <= MAX_LINES:
                yield f"{name}: {count} lines: no longer an exception, take it off test/house/large-files"
            elif count > QUESTIONED_LINES:
                print(f"note: {name}: {count} lines")
    for name in agreed:
        yield f"test/house/large-files: there is no {name}"


def words(root):
    for name, path in tracked(root):
        if (path.suffix not in TEXT and path.parent.name != "tools") or name in ("LICENSE", "test/tools/house.py"):
            continue
        if path.name == "package-lock.json":
            continue
        for number, text in enumerate(lines(path), 1):
            for pattern, what in FORBIDDEN:
                if pattern.search(text):
                    yield f"{name}:{number}: {what}: {text.strip()[:90]}"
            if EMPTY_NAMES.search(text):
                yield f"{name}:{number}: a name that says nothing: {text.strip()[:90]}"


def main():
    checks = {"layering": layering, "size": size, "words": words}
    if len(sys.argv) != 3 or sys.argv[1] not in checks:
        sys.exit(__doc__)
    seen = list(tracked(sys.argv[2]))
    complaints = list(checks[sys.argv[1]](sys.argv[2]))
    for complaint in complaints:
        print(complaint)
    print(f"{sys.argv[1]}: {len(seen)} files, {len(complaints)} complaints")
    return 1 if complaints or len(seen) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
