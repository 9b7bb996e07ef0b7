"""How a labelled program is run, and what its run has to show.

The verdict of a program is in its name: `NAME.race.cpp` does what its expectations warn of, `NAME.norace.cpp` does not.
Every program is run. One without main, or with undefined names, has a driver `Inputs/NAME.cpp` beside it that both twins
share: it is compiled with the program in front of it, and with RACE defined for the racy one.

    // emm-run: arguments="1 2"          what main is given
    // emm-run: sanitizer=address        instead of thread: for what is used after its end
    // emm-run: stdlib=libc++            where the race is inside libstdc++.so, which has no instructions for the sanitizer
    // emm-run: dies="regex"             the racy one ends with this message: no sanitizer is needed
    // emm-run: silent REASON            racy, and the sanitizer says nothing
    // emm-run: reports REASON           clean, and the sanitizer reports
    // emm-run: none REASON              cannot be run

The last three are the ledger of disagreements and of what is not validated.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from expectations import BadSource

DIRECTIVE = re.compile(r"//\s*emm-run:\s*(.*)$")
VERDICT = re.compile(r"\.(race|norace)\.(?:c|cpp)$")
SANITIZERS = ("thread", "address")


@dataclass
class Run:
    path: Path
    racy: bool
    sanitizer: str = "thread"  # empty: none
    arguments: tuple = ()
    stdlib: str = ""
    dies: str = ""
    known: str = ""  # silent, reports or none
    reason: str = ""

    @property
    def driver(self):
        """The driver that belongs to this program, or None."""
        name = VERDICT.sub("", self.path.name)
        found = self.path.parent / "Inputs" / (name + self.path.suffix)
        return found if found.exists() else None


def has_verdict(path):
    return VERDICT.search(Path(path).name) is not None


def read_run(path):
    path = Path(path).resolve()
    verdict = VERDICT.search(path.name)
    if not verdict:
        raise BadSource(f"{path}: the name says neither race nor norace")
    run = Run(path, verdict[1] == "race")
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if directive := DIRECTIVE.search(text):
            read_directive(run, directive[1].strip(), f"{path}:{number}")
    return run


def read_directive(run, text, where):
    word, _, reason = text.partition(" ")
    if word in ("silent", "reports", "none"):
        if not reason.strip():
            raise BadSource(f"{where}: `{word}` needs a reason")
        if word != "none" and (word == "silent") != run.racy:
            raise BadSource(f"{where}: `{word}` is no disagreement with the name of the program")
        run.known, run.reason = word, reason.strip()
        return
    for part in shlex.split(text):
        key, equals, value = part.partition("=")
        if key == "sanitizer" and value in SANITIZERS:
            run.sanitizer = value
        elif key == "arguments" and equals:
            run.arguments = tuple(value.split())
        elif key == "stdlib" and value in ("libstdc++", "libc++"):
            run.stdlib = value
        elif key == "dies" and value:
            run.sanitizer, run.dies = "", value
        else:
            raise BadSource(f"{where}: `{part}` is not understood")
