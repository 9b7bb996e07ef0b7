"""What a test source says about itself.

An expectation stands at the end of the line it is about:

    m[k] = v;             // want map/concurrent-write "map 'm'"
    int *p = new int(1);  // want escape/heap "new int escapes" closure/capture "by ref: m"
    return &x;            // want-fp escape/outlives-frame "x" the caller copies it before the frame ends
    g = m.begin();        // miss map/invalidated iterators kept in globals are not followed
    std::thread t(work);  // want-note "started in a thread"
    keep(p);              // want "leaking param: p" "new int escapes to heap"
    sink = pair.a;        // finer "address of j escapes" fields are one variable in Go

`want RULE "regex"` is one finding; `want "regex"` without a rule is about the lines that `-m` prints and follows the
contract of Go's own tests (each regex matches at least one message of the line, no message is left over). `want-fp` is
a finding (or, without a rule, a line of -m) that is known to be wrong and `miss` one that is known to be missing, each with
its reason: the two columns of the ledger. `finer "regex" reason` is what Go says and emm rightly does not, in the words of emm.
`want-note` is a step of some finding.

Directives, anywhere in the file, values quoted as in a shell:

    // emm-check: rules=escape/*,closure/* level=note      which findings are compared; several lines add up,
    // emm-check: rules=map/* level=warning match="map "   the default is every rule at level warning
    // emm-check: go=escape,closure match="map "           which lines of -m are compared; m=2 for -m -m
    // emm-check: opt=0,2 debug=g,line-tables,none stdlib=libstdc++,libc++
    // emm-check: std=c++17 flags="-pthread -DN=3"
    // emm-check: explained-by-level="why"                 the steps of some finding differ between levels, for this reason
    // emm-check: explained-by-version="why"               the same between LLVM versions
    // emm-check: by-library="regex" reason="why"          what the regex matches is not compared between standard libraries
"""

import fnmatch
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

LEVELS = {"off": 0, "note": 1, "warning": 2, "error": 3}
KEYWORD = re.compile(r"(?://|;)\s*(want-fp|want-note|want|miss|finer)(?=\s)")
DIRECTIVE = re.compile(r"(?://|;)\s*emm-check:\s*(.*)$")
RULE = re.compile(r"[a-z]+/[a-z-]+\b")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`')
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
LIBRARY = re.compile(r"^\s*#\s*include\s+<[a-z_]+>")  # a header of the C++ standard library
SUFFIXES = (".c", ".cc", ".cpp", ".h", ".hpp", ".ll")


class BadSource(Exception):
    """The test source itself is wrong; the message names file and line."""


@dataclass
class Expectation:
    kind: str  # want, want-fp, want-note, want-go, miss, finer
    file: Path
    line: int
    rule: str
    regex: str
    reason: str = ""

    def __str__(self):
        what = " ".join(filter(None, [self.rule, f'"{self.regex}"' if self.regex else ""]))
        return f"{self.file.name}:{self.line}: {self.kind.replace('want-go', 'want')} {what}"


@dataclass
class Selection:
    rules: list
    level: int
    match: str = ""

    def takes(self, rule, level, message):
        return (level >= self.level and any(fnmatch.fnmatchcase(rule, g) for g in self.rules)
                and re.search(self.match, message) is not None)


@dataclass
class Source:
    path: Path
    expectations: list = field(default_factory=list)
    selections: list = field(default_factory=list)
    go_families: str = ""
    go_match: str = ""
    go_verbosity: int = 1
    opt: list = field(default_factory=lambda: ["0", "1", "2", "3"])
    debug: list = field(default_factory=lambda: ["g"])
    stdlib: list = field(default_factory=lambda: [""])
    std: str = ""
    explained_by_level: str = ""
    explained_by_version: str = ""
    by_library: str = ""
    includes_library: bool = False
    flags: list = field(default_factory=list)

    def selects(self, rule, level, message):
        selections = self.selections or [Selection(["*"], LEVELS["warning"])]
        return any(s.takes(rule, level, message) for s in selections)

    def of_kind(self, *kinds):
        return [e for e in self.expectations if e.kind in kinds]


def read_source(path):
    """The expectations and directives of a source and of the headers beside it that it includes in quotes."""
    source = Source(Path(path).resolve())
    seen, todo = set(), [source.path]
    while todo:
        file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{file}:{number}"
            if include := INCLUDE.match(text):
                header = (file.parent / include[1]).resolve()
                if header.exists():
                    todo.append(header)
            source.includes_library |= LIBRARY.match(text) is not None
            if directive := DIRECTIVE.search(text):
                read_directive(source, directive[1], where)
            else:
                read_line(source, file, number, text, where)
    if source.of_kind("want-go") and not source.go_families:
        raise BadSource(f'{source.path}: `want "..."` without a rule needs a directive `// emm-check: go=FAMILIES`')
    if source.debug != ["g"] and any(s.match for s in source.selections):
        raise BadSource(f"{source.path}: match= needs the names that only debug=g has")
    source.expectations.sort(key=lambda e: (str(e.file), e.line))
    return source


def read_directive(source, text, where):
    values = {}
    for word in shlex.split(text):
        key, equals, value = word.partition("=")
        if not equals:
            raise BadSource(f"{where}: `{word}` is not KEY=VALUE")
        values[key] = value
    if values.keys() & {"rules", "level"}:
        level = values.pop("level", "note")
        if level not in LEVELS:
            raise BadSource(f"{where}: no level `{level}`")
        rules = values.pop("rules", "*").split(",")
        source.selections.append(Selection(rules, LEVELS[level], values.pop("match", "")))
    if "go" in values:
        source.go_families = values.pop("go")
        source.go_match = values.pop("match", "")
        source.go_verbosity = int(values.pop("m", "1"))
    for key in ("opt", "debug", "stdlib"):
        if key in values:
            setattr(source, key, values.pop(key).split(","))
    source.std = values.pop("std", source.std)
    source.explained_by_level = values.pop("explained-by-level", source.explained_by_level)
    source.explained_by_version = values.pop("explained-by-version", source.explained_by_version)
    if "by-library" in values:
        source.by_library = values.pop("by-library")
        if not values.pop("reason", ""):
            raise BadSource(f"{where}: `by-library` needs a reason")
    source.flags += shlex.split(values.pop("flags", ""))
    if values:
        raise BadSource(f"{where}: unknown key `{min(values)}`")


def read_line(source, file, number, text, where):
    marks = list(KEYWORD.finditer(text))
    for mark, following in zip(marks, marks[1:] + [None]):
        kind = mark[1]
        tail = text[mark.end():following.start() if following else len(text)].strip()
        add = lambda rule, regex, reason="": source.expectations.append(
            Expectation("want-go" if kind == "want" and not rule else kind, file, number, rule, regex, reason))
        if kind in ("want-fp", "miss", "finer"):
            rule = RULE.match(tail)
            rest = tail[rule.end():].strip() if rule else tail
            regex = TEXT.match(rest)
            reason = rest[regex.end():].strip() if regex else rest
            if not regex and not (rule and kind == "miss"):
                raise BadSource(f"{where}: `{kind}` needs a {'regex' if rule else 'rule or a regex'}")
            if not reason:
                raise BadSource(f"{where}: `{kind}` needs a reason")
            add(rule[0] if rule else "", unquote(regex, where) if regex else "", reason)
            continue
        before = len(source.expectations)
        while tail:
            rule = RULE.match(tail) if kind == "want" else None
            rest = tail[rule.end():].lstrip() if rule else tail
            regex = TEXT.match(rest)
            if not regex:
                raise BadSource(f"{where}: cannot read `{tail}`")
            add(rule[0] if rule else "", unquote(regex, where))
            tail = rest[regex.end():].lstrip()
        if len(source.expectations) == before:
            raise BadSource(f"{where}: `{kind}` says nothing")


def unquote(match, where):
    text = match[2] if match[2] is not None else match[1].replace('\\"', '"')
    try:
        re.compile(text)
    except re.error as error:
        raise BadSource(f"{where}: regex `{text}`: {error}") from None
    return text
