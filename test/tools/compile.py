"""Compiles a test source with the plugin and returns what was said about it.

Findings come from the record in the object, read by `emm log --format=json`; the warnings on stderr must be the same
ones. Without the command line tool (EMM_CLI empty) stderr alone is the source, and only warnings are seen.
"""

import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from expectations import LEVELS

CLANG_LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<level>warning|error|note): "
                        r"(?P<message>.*?)(?: \[(?P<rule>[a-z]+/[a-z-]+)\])?$")
GO_LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?:(?P<column>\d+):)? (?!(?:warning|error|note|remark): )(?P<message>.+)$")
DEBUG = {"g": ["-g"], "line-tables": ["-gline-tables-only"], "none": []}


@dataclass
class Found:
    file: str
    line: int
    column: int
    level: int
    rule: str
    message: str
    steps: list = field(default_factory=list)  # (file, line, message)

    def __str__(self):
        return f"{Path(self.file).name}:{self.line}:{self.column}: {self.message} [{self.rule}]"


@dataclass
class Tools:
    clang: str
    clangxx: str
    plugin: str
    emm: str = ""
    include: list = field(default_factory=list)


class CompileError(Exception):
    pass


def environment(emm=""):
    """The caller's environment without what would change the compile or the colours."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("EMM", "CCC_", "CCACHE")) and k not in ("CLICOLOR_FORCE", "CPATH", "SOURCE_DATE_EPOCH")}
    env.update(LC_ALL="C", NO_COLOR="1")
    if emm:
        env["EMM"] = emm
    return env


def command(tools, source, opt, debug, stdlib, output):
    is_cxx = source.path.suffix not in (".c", ".ll")
    flags = [f"-O{opt}", *DEBUG[debug], f"-fpass-plugin={tools.plugin}", *(f"-I{d}" for d in tools.include)]
    if is_cxx:
        flags.append(f"-std={source.std or 'c++20'}")
        if stdlib:
            flags.append(f"-stdlib={stdlib}")
    elif source.std:
        flags.append(f"-std={source.std}")
    driver = tools.clangxx if is_cxx else tools.clang
    return [driver, *flags, *source.flags, "-c", source.path.name, "-o", str(output)]


def compile_source(tools, source, opt, debug, stdlib, output, emm=""):
    """Runs the compiler in the directory of the source; returns its stderr."""
    run = subprocess.run(command(tools, source, opt, debug, stdlib, output), cwd=source.path.parent,
                         env=environment(emm), capture_output=True, text=True, encoding="utf-8", errors="replace")
    if run.returncode != 0:
        raise CompileError(f"the compiler failed with {run.returncode}:\n{run.stderr}")
    if b".emm\0" not in Path(output).read_bytes():
        raise CompileError("the object has no section .emm: the plugin did not record anything")
    return run.stderr


def findings(tools, source, opt, debug, stdlib, output):
    """Every finding of the source under one set of flags, and the lines of -m that the source asks for."""
    once = bool(tools.emm) and source.go_verbosity == 1  # the record tells the families of -m's lines apart
    stderr = compile_source(tools, source, opt, debug, stdlib, output, emm="-m" if source.go_families and once else "")
    printed = from_stderr(stderr)
    wants_go = source.go_families and debug == "g"
    if not tools.emm:
        return printed, go_messages(tools, source, opt, debug, stdlib, output) if wants_go else []
    log = subprocess.run([tools.emm, "log", "--format=json", str(output)], env=environment(), capture_output=True,
                         text=True, encoding="utf-8")
    if log.returncode != 0:
        raise CompileError(f"emm log failed with {log.returncode}: {log.stderr.strip()}")
    recorded = from_json(log.stdout)
    key = lambda f: (f.line, f.column, f.rule, f.message)
    shown = Counter(key(f) for f in recorded if f.level >= LEVELS["warning"])
    said = Counter(key(f) for f in printed)
    if debug != "none" and shown != said:
        raise CompileError("stderr and record disagree:\n"
                           + "".join(f"  only on stderr: {k}\n" for k in sorted((said - shown).elements()))
                           + "".join(f"  only in the record: {k}\n" for k in sorted((shown - said).elements())))
    if not wants_go:
        return recorded, []
    if not once:
        return recorded, go_messages(tools, source, opt, debug, stdlib, output)
    families = source.go_families.split(",")
    known = {(f.line, f.message): f.rule.split("/")[0] for f in recorded}
    messages = go_lines(source, stderr)
    if unrecorded := [m for m in messages if (m[1], m[2]) not in known]:
        raise CompileError(f"printed by -m but not recorded: {unrecorded}")
    return recorded, [m for m in messages if known[m[1], m[2]] in families]


def from_stderr(text):
    found = []
    for line in text.splitlines():
        match = CLANG_LINE.match(line)
        if not match:
            continue
        if match["level"] == "note":
            if found:
                found[-1].steps.append((match["file"], int(match["line"]), match["message"]))
        elif match["rule"]:
            found.append(Found(match["file"], int(match["line"]), int(match["column"]), LEVELS[match["level"]],
                               match["rule"], match["message"]))
    return found


def from_json(text):
    found = []
    for line in text.splitlines():
        entry = json.loads(line)
        if entry.get("state") == "suppressed":
            continue
        steps = [(s.get("file", ""), s.get("line", 0), s["message"]) for s in entry.get("steps", [])]
        found.append(Found(entry.get("file", ""), entry.get("line", 0), entry.get("column", 0), LEVELS[entry["level"]],
                           entry["rule"], entry["message"], steps))
    return found


def go_messages(tools, source, opt, debug, stdlib, output):
    """The lines that EMM="-m" prints for the families the source asks for: (file, line, message)."""
    emm = " ".join(["-m"] * source.go_verbosity + [f"--only={source.go_families}"])
    return go_lines(source, compile_source(tools, source, opt, debug, stdlib, output, emm))


def go_lines(source, stderr):
    matches = filter(None, map(GO_LINE.match, stderr.splitlines()))
    return [(m["file"], int(m["line"]), m["message"].strip()) for m in matches
            if re.search(source.go_match, m["message"].strip())]
