"""blocks.py PARALLEL SEQUENTIAL: the text of each source is one unbroken block, and the blocks are equal."""

import sys


def blocks(path):
    """The log cut where the source named first in a block of lines changes; a source may come once."""
    result, current = {}, None
    for line in open(path, encoding="utf-8"):
        name = line.split(":", 1)[0]
        if not name.endswith("-racy.cpp"):
            name = current  # a step in a header belongs to the block it stands in
        if name != current:
            if name in result:
                sys.exit(f"{path}: the lines of {name} are torn apart")
            current = name
            result[name] = []
        result[current].append(line)
    return result


parallel, sequential = blocks(sys.argv[1]), blocks(sys.argv[2])
if len(sequential) < 5:
    sys.exit(f"only {len(sequential)} units said anything")
if parallel != sequential:
    sys.exit("the blocks differ: " + ", ".join(k for k in sequential if sequential[k] != parallel.get(k)))
