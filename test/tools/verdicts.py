"""Recall and precision of the labelled pairs, per topic: the folder that a pair stands in.

The suite demands that the plugin says exactly what the programs expect, so what these expect is what it says: a racy
program is found unless it has a `miss`, a clean one is silent unless it has a `want-fp`. The runs (runs.py) say whether
the names of the programs are right.
"""

from collections import Counter

from expectations import BadSource, read_source
from runs import has_verdict, read_run

COLUMNS = ("racy found", "clean silent", "recall", "precision", "run as named", "known to differ", "not run")


def count(path):
    """What one program adds to its topic."""
    source, run, row = read_source(path), read_run(path), Counter()
    wants, wrong, missed = (sum(1 for e in source.of_kind(kind) if e.rule) for kind in ("want", "want-fp", "miss"))
    if run.racy and not wants + missed:
        raise BadSource(f"{path}: a racy program expects no warning")
    if not run.racy and wants + missed:
        raise BadSource(f"{path}: a clean program expects a warning that is right")
    if run.racy:
        row.update({"racy": 1, "found": int(not missed)})
    else:
        row.update({"clean": 1, "silent": int(not wrong)})
    row.update({"right": wants, "wrong": wrong, {"": "agree", "none": "unrun"}.get(run.known, "differ"): 1})
    return row


def percent(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def cells(row):
    return (f"{row['found']}/{row['racy']}", f"{row['silent']}/{row['clean']}", percent(row["found"], row["racy"]),
            percent(row["right"], row["right"] + row["wrong"]), str(row["agree"]), str(row["differ"]), str(row["unrun"]))


def table(paths):
    """Lines of the table, and after it what the runs do not confirm, each with its reason."""
    topics, known = {}, []
    for path in filter(has_verdict, paths):
        topics.setdefault(path.parent.name, Counter()).update(count(path))
        run = read_run(path)
        if run.known:
            known.append(f"  {run.path.parent.name}/{run.path.name}: {run.known}: {run.reason}")
    if not topics:
        return []
    rows = [(name, cells(row)) for name, row in sorted(topics.items())]
    rows.append(("all", cells(sum(topics.values(), Counter()))))
    lines = [f"  {'pairs':12}" + "".join(f"{title:>17}" for title in COLUMNS)]
    lines += [f"  {name:12}" + "".join(f"{cell:>17}" for cell in row) for name, row in rows]
    return [*lines, f"runs: {len(known)} programs that a sanitizer does not confirm", *known]
