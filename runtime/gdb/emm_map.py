"""gdb support for the map runtime: `source runtime/gdb/emm_map.py`.

A pretty-printer for emm::map<K, V>, and three commands on any expression that is an emm::map or an emm_hmap:
  emm-map MAP           header, growth, and the entries in bucket order
  emm-map-chains MAP    every non-empty chain: tophash states, overflow buckets
  emm-map-watch MAP     stops when the map starts or ends a growth (hardware watchpoint on oldbuckets)
Reads memory only; runs nothing in the program. For an emm_hmap, whose types are not known, entries show their tophash byte only.
"""
import re

import gdb

SLOTS, DATA, MIN_TOPHASH, SAME_SIZE = 8, 8, 5, 8
STATES = {0: "--", 1: "..", 2: "X", 3: "Y", 4: "e"}


def header_of(value):
    """The emm_hmap of a map expression, with its element layout or None."""
    t = value.type.strip_typedefs()
    if t.code in (gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_REF):
        value = value.dereference() if t.code == gdb.TYPE_CODE_PTR else value.referenced_value()
        t = value.type.strip_typedefs()
    if t.name and t.name.startswith("emm::map<"):
        return value["s_"].cast(gdb.lookup_type("emm_hmap")), Layout(t)
    return value, None


class Layout:
    """Where keys and elements stand; the rules of detail/shape.hpp, read from the program's own constants."""

    def __init__(self, map_type):
        self.key, self.elem = map_type.template_argument(0), map_type.template_argument(1)
        self.key_slot, self.key_indirect = self.slot(self.key)
        self.elem_slot, self.elem_indirect = self.slot(self.elem)
        self.size = DATA + SLOTS * (self.key_slot + self.elem_slot) + 8

    @staticmethod
    def slot(t):
        # An empty class has no fields; a type is indirect when large or strictly aligned. What is indirect because moving it may throw
        # is known to the program only: its constant is read where the debugger can find it.
        u = t.strip_typedefs()
        if u.code == gdb.TYPE_CODE_STRUCT and u.sizeof == 1 and not u.fields():
            return 0, False
        try:
            indirect = bool(gdb.parse_and_eval("emm::detail::slot_of<%s>::indirect" % t))
        except gdb.error:
            indirect = u.sizeof > 128 or u.alignof > 8
        return (8, True) if indirect else (u.sizeof, False)

    def at(self, bucket, i, offset, slot, indirect, t):
        address = bucket + offset + i * slot
        if indirect:
            address = int(gdb.Value(address).cast(gdb.lookup_type("long").pointer()).dereference())
        return gdb.Value(address).cast(t.pointer()).dereference()

    def entry(self, bucket, i):
        return (self.at(bucket, i, DATA, self.key_slot, self.key_indirect, self.key),
                self.at(bucket, i, DATA + SLOTS * self.key_slot, self.elem_slot, self.elem_indirect, self.elem))


def memory(address, n):
    return bytes(gdb.selected_inferior().read_memory(address, n))


def chains(h, size):
    """(array name, index, [bucket addresses]) of every chain that has not moved."""
    def chain(address):
        while address:
            yield address
            word = int.from_bytes(memory(address + size - 8, 8), "little")
            address = 0 if word & 1 else word

    B = int(h["B"])
    old = int(h["oldbuckets"])
    if old:
        n = 1 << (B if int(h["flags"]) & SAME_SIZE else B - 1)
        for i in range(int(h["nevacuate"]), n):
            if memory(old + i * size, 1)[0] not in (2, 3, 4):
                yield "old", i, list(chain(old + i * size))
    new = int(h["buckets"])
    for i in range(1 << B if new else 0):
        yield "new", i, list(chain(new + i * size))


def entries(h, layout):
    for _, _, buckets in chains(h, layout.size):
        for b in buckets:
            for i, top in enumerate(memory(b, SLOTS)):
                if top >= MIN_TOPHASH:
                    yield layout.entry(b, i)


def summary(h):
    text = "count %d, B %d, flags %#x, noverflow %d" % (int(h["count"]), int(h["B"]), int(h["flags"]), int(h["noverflow"]))
    if int(h["oldbuckets"]):
        same = int(h["flags"]) & SAME_SIZE
        n = 1 << (int(h["B"]) if same else int(h["B"]) - 1)
        text += ", growing (%s): %d of %d old buckets moved" % ("same size" if same else "doubling", int(h["nevacuate"]), n)
    return text


class MapPrinter:
    def __init__(self, value):
        self.h, self.layout = header_of(value)

    def to_string(self):
        return "emm::map, " + summary(self.h)

    def children(self):
        for n, (k, v) in enumerate(entries(self.h, self.layout)):
            yield "k%d" % n, k
            yield "v%d" % n, v

    def display_hint(self):
        return "map"


class MapCommand(gdb.Command):
    """emm-map MAP: header, growth, and the entries in bucket order."""

    def __init__(self):
        super().__init__("emm-map", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, text, from_tty):
        h, layout = header_of(gdb.parse_and_eval(text))
        print(summary(h))
        if layout:
            for k, v in entries(h, layout):
                print("  %s: %s" % (k.format_string(), v.format_string()))


class ChainsCommand(gdb.Command):
    """emm-map-chains MAP: every non-empty chain with its tophash states."""

    def __init__(self):
        super().__init__("emm-map-chains", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, text, from_tty):
        h, layout = header_of(gdb.parse_and_eval(text.split("/")[0]))
        size = layout.size if layout else int(gdb.parse_and_eval(text.split("/")[1]))
        for array, index, buckets in chains(h, size):
            words = [memory(b, SLOTS) for b in buckets]
            if any(any(w) for w in words):
                print("%s %d: %s" % (array, index, " ".join(
                    "[" + " ".join(STATES.get(top, "%02x" % top) for top in w) + "]" for w in words)))


class GrowthWatch(gdb.Breakpoint):
    def __init__(self, address):
        super().__init__("*(void **)%d" % address, gdb.BP_WATCHPOINT, gdb.WP_WRITE, internal=False)
        self.address = address

    def stop(self):
        old = int(gdb.parse_and_eval("*(unsigned long *)%d" % self.address))
        print("emm-map: growth %s" % ("begins" if old else "ends"))
        return True


class WatchCommand(gdb.Command):
    """emm-map-watch MAP: stops when the map starts or ends a growth."""

    def __init__(self):
        super().__init__("emm-map-watch", gdb.COMMAND_BREAKPOINTS, gdb.COMPLETE_EXPRESSION)

    def invoke(self, text, from_tty):
        h, _ = header_of(gdb.parse_and_eval(text))
        GrowthWatch(int(h["oldbuckets"].address))


def printer(value):
    t = value.type.strip_typedefs()
    if t.code == gdb.TYPE_CODE_STRUCT and t.name and re.match(r"emm::map<.*>$", t.name):
        return MapPrinter(value)
    return None


gdb.pretty_printers.append(printer)
MapCommand()
ChainsCommand()
WatchCommand()
