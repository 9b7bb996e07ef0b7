#!/usr/bin/env python3
"""Says whether two objects hold the same program: compare-objects.py WITHOUT WITH [--only .emm]

Invariant 2 of the product: with and without the plugin each section with code, data, relocations, unwind or debug
information is byte-identical. WITH may have the sections named by --only (.emm by default) and nothing else besides;
they must be excluded from linking. Symbol and group tables are compared with sections named instead of numbered, and
the table of section names not at all: an extra section shifts nothing else. Everything else, including order, type,
flags, alignment and string tables, must be the same to the byte.
"""

import argparse
import sys

from elf import SHF_ALLOC, SHF_EXCLUDE, SHT_GROUP, SHT_REL, SHT_RELA, SHT_SYMTAB, SHT_SYMTAB_SHNDX, Elf, NotElf


def shape(elf, section):
    """What must agree, with section numbers resolved."""
    name = lambda number: elf.sections[number].name if number < len(elf.sections) else number
    if section.type == SHT_SYMTAB:
        content, info = elf.symbols(section), section.info
    elif section.type == SHT_GROUP:
        content, info = elf.group(section), None
    elif section.type == SHT_SYMTAB_SHNDX or section.index == elf.names:
        content, info = None, None  # LLVM keeps symbol and section names in one table: symbols are compared by name
    elif section.type in (SHT_RELA, SHT_REL):
        content, info = section.data, name(section.info)
    else:
        content, info = section.data, section.info
    size = section.size if content is section.data else None
    return (section.name, section.type, section.flags, section.align, section.entsize, name(section.link), info, size,
            content)


def compare(without, with_, only):
    """Complaints; empty if the objects are the same program."""
    complaints = []
    extra = [s for s in with_.sections if s.name in only]
    if not extra:
        complaints.append(f"no section {' or '.join(sorted(only))}: was the plugin loaded?")
    for s in extra:
        if not s.flags & SHF_EXCLUDE or s.flags & SHF_ALLOC:
            complaints.append(f"section {s.name} has flags {s.flags:#x}: it must be excluded from linking and not loaded")
    if any(s.name in only for s in without.sections):
        complaints.append("the object made without the plugin has the plugin's section")
    left = [shape(without, s) for s in without.sections[1:]]
    right = [shape(with_, s) for s in with_.sections[1:] if s.name not in only]
    if [s[0] for s in left] != [s[0] for s in right]:
        complaints.append(f"sections differ: {sorted({s[0] for s in left} ^ {s[0] for s in right}) or 'in order or number'}")
        return complaints
    parts = ("name", "type", "flags", "alignment", "entry size", "link", "info", "size", "contents")
    for a, b in zip(left, right):
        complaints += [f"section {a[0]}: {part} differ{'' if part == 'contents' else 's'}"
                       for part, x, y in zip(parts, a, b) if x != y]
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("without")
    parser.add_argument("with_", metavar="with")
    parser.add_argument("--only", action="append")
    options = parser.parse_args()
    try:
        complaints = compare(Elf(options.without), Elf(options.with_), set(options.only or [".emm"]))
    except (NotElf, OSError) as error:
        print(f"emm: error: {error}", file=sys.stderr)
        return 2
    for complaint in complaints:
        print(f"{options.with_}: {complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
