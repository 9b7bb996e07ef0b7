"""Writes a C source of N pairs of functions that pass pointers on, keep them in a list, and call earlier ones: growth.py N."""

import sys

print("struct N { struct N *n; int *p; int v; };\nint *g;\nvoid use(int *);\nvoid *malloc(unsigned long);")
for i in range(int(sys.argv[1])):
    before = f"g = pass{i - 1}(a, q); work{i - 1}(a, k - 1);" if i % 7 else "g = 0;"
    print(f"""static int *pass{i}(struct N *a, int *b) {{ a->p = b; a->n = a->n->n; return a->n->p; }}
int *work{i}(struct N *a, int k) {{
  struct N x = {{0, 0, 0}}, y = {{&x, 0, 1}};
  int z = k, *q = malloc(16);
  x.n = a;
  pass{i}(&y, &z);
  for (int j = 0; j < k; j++) {{
    q[j & 3] = j;
    if (j == 7) a = a->n;
  }}
  if (k > 3) use(y.p);
  {before}
  return q;
}}""")
