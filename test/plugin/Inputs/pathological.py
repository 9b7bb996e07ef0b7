"""Writes a C or C++ source that is hard on an analysis: pathological.py KIND."""

import sys


def cycle():
    """Pointers that are assigned in a circle, each from an address of its own."""
    n = 400
    yield "int *sink; int pick(int);"
    yield "int cycle(int k) {"
    yield from (f"  int x{i} = k;" for i in range(n))
    yield from (f"  int *p{i} = &x{i};" for i in range(n))
    yield "  while (pick(k)) {"
    yield from (f"    if (pick({i})) p{i} = p{(i + 1) % n};" for i in range(n))
    yield "  }"
    yield "  return *p0;\n}"


def switch():
    """A switch of many cases, each with a call and an address."""
    yield "int *sink; void use(int *);"
    yield "int decide(int k, int *p) {\n  int x = k;\n  switch (k) {"
    yield from (f"  case {i}: use({'p' if i % 2 else '&x'}); break;" for i in range(8000))
    yield "  }\n  return x;\n}"


def chain():
    """Calls 10 000 deep, from the last function to the first."""
    yield "int *sink;\nint *call0(int *p) { return p; }"
    yield from (f"int *call{i}(int *p) {{ return call{i - 1}(p); }}" for i in range(1, 10000))
    yield "void keeps(void) { int x; sink = call9999(&x); }"


def ring():
    """Functions that call one another in a ring and pass a pointer on, a little further each time."""
    n = 300
    yield "int *sink;"
    yield from (f"int *turn{i}(int *p, int *q, int k);" for i in range(n))
    yield from (f"int *turn{i}(int *p, int *q, int k) {{ return k ? turn{(i + 1) % n}(q, p + 1, k - 1) : p; }}" for i in range(n))


def templates():
    """An instantiation that nests 500 deep."""
    yield "int *sink;"
    yield "template <int N> struct Deep { int *p; int *get(int *q) { Deep<N - 1> d; d.p = q; return d.get(p = q); } };"
    yield "template <> struct Deep<0> { int *p; int *get(int *q) { return q; } };"
    yield "void keeps() { int x; Deep<500> d; sink = d.get(&x); }"


def behind():
    """Many addresses that stay behind, and a table of 300 000 rows with readers at unknown places."""
    n, rows, readers = 30000, 300000, 500
    yield f"int *kept[{n}];\nvoid leave(void) {{"
    yield from (f"  int x{i}; kept[{i}] = &x{i};" for i in range(n))
    yield "}\nstruct row { int key, next; const char *name; };"
    yield "static const struct row table[] = {" + ",".join(f"{{{i},{i + 1},0}}" for i in range(rows)) + "};"
    yield from (f"const char *name{i}(int k) {{ const struct row *r = &table[k]; return r->name; }}" for i in range(readers))


print("\n".join({f.__name__: f for f in (cycle, switch, chain, ring, templates, behind)}[sys.argv[1]]()))
