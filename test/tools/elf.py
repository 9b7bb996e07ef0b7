"""A reader of 64-bit little-endian ELF relocatable files and executables, as far as comparing them needs.

Only headers, symbols and groups are interpreted; a section is its name, type, flags and bytes. Source: the System V
ABI, chapters 4 and 5, and the gABI's group sections.
"""

import struct
from dataclasses import dataclass

SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_REL, SHT_GROUP, SHT_SYMTAB_SHNDX = 2, 4, 8, 9, 17, 18
SHF_ALLOC, SHF_EXCLUDE = 0x2, 0x80000000
SHN_LORESERVE, SHN_XINDEX = 0xFF00, 0xFFFF


class NotElf(Exception):
    pass


@dataclass
class Section:
    index: int
    name: str
    type: int
    flags: int
    align: int
    entsize: int
    link: int
    info: int
    size: int
    data: bytes


class Elf:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise NotElf(f"{path}: not a 64-bit little-endian ELF file")
        offset, entry, count, names = struct.unpack_from("<Q10xHHH", self.bytes, 0x28)
        raw = [self.header(offset + i * entry) for i in range(count or 1)]
        if count == 0:  # more than 65279 sections: the real number stands in the first header
            count = raw[0][5]
            raw = [self.header(offset + i * entry) for i in range(count)]
        if names == SHN_XINDEX:
            names = raw[0][6]
        self.names = names  # index of the table of section names
        table = self.contents(raw[names])
        self.sections = [Section(i, self.string(table, h[0]), h[1], h[2], h[8], h[9], h[6], h[7], h[5], self.contents(h))
                         for i, h in enumerate(raw)]

    def header(self, at):
        return struct.unpack_from("<IIQQQQIIQQ", self.bytes, at)

    def contents(self, header):
        return b"" if header[1] in (0, SHT_NOBITS) else self.bytes[header[4]:header[4] + header[5]]

    @staticmethod
    def string(table, at):
        return table[at:table.index(b"\0", at)].decode("utf-8", "replace")

    def symbols(self, table):
        """Symbols of a table as (name, info, other, section name or reserved number, value, size)."""
        names = self.sections[table.link].data
        extended = next((s.data for s in self.sections if s.type == SHT_SYMTAB_SHNDX and s.link == table.index), b"")
        result = []
        for i in range(len(table.data) // 24):
            name, info, other, where, value, size = struct.unpack_from("<IBBHQQ", table.data, i * 24)
            if where == SHN_XINDEX:
                where, = struct.unpack_from("<I", extended, i * 4)
            elif where >= SHN_LORESERVE:
                result.append((self.string(names, name), info, other, where, value, size))
                continue
            result.append((self.string(names, name), info, other, self.sections[where].name, value, size))
        return result

    def group(self, section):
        """Flags, signature symbol and member names of a section group."""
        words = struct.unpack(f"<{len(section.data) // 4}I", section.data)
        signature = self.symbols(self.sections[section.link])[section.info]
        return words[0], signature, [self.sections[w].name for w in words[1:]]
