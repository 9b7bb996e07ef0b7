// The index page's data: columns of all findings, filtering and counting. No DOM.
emm.Table = class {
  static async load(onProgress) {
    const t = new emm.Table();
    Object.assign(t, await emm.load('i'));
    const n = t.total;
    for (const [name, type] of [['f', Uint32Array], ['l', Uint32Array], ['c', Uint32Array], ['r', Uint16Array],
                                ['v', Uint8Array], ['s', Uint8Array], ['g', Uint32Array], ['m', Uint32Array]])
      t[name] = new type(n);
    t.u = t.k = t.h = null;
    t.words = [];
    t.ids = [];
    let at = 0;
    const chunks = Array.from({length: t.chunks}, (_, i) => emm.load('i-' + i));
    for (const promise of chunks) {
      const c = await promise;
      const rows = c.f.length, base = t.words.length;
      for (const name of ['f', 'c', 'r', 'v', 's', 'g']) t[name].set(c[name], at);
      let line = 0;
      for (let i = 0; i < rows; ++i) {
        t.l[at + i] = line += c.l[i];
        t.m[at + i] = base + c.m[i];
      }
      for (const [name, usual] of [['u', 1], ['k', 1], ['h', 0]]) {
        if (!c[name]) continue;
        t[name] ??= new Float64Array(n).fill(usual);
        t[name].set(c[name], at);
      }
      for (const w of c.w) t.words.push(w);
      t.ids.push({at, text: c.i});
      at += rows;
      onProgress?.(at);
    }
    t.families = t.rules.map(r => r[0].split('/')[0]);
    return t;
  }
  id(row) {
    const chunk = this.ids.findLast(c => c.at <= row);
    return chunk.text.substr((row - chunk.at) * 16, 16);
  }
  // Small decisions sort behind other notes.
  decision(row) { return this.v[row] < 2 && /^(?!escape|closure|map|atomic|lock|analysis)/.test(this.families[this.r[row]]); }

  lower(name) {
    this.cache ??= {};
    return this.cache[name] ??= this[name].map(s => (Array.isArray(s) ? s[0] : s).toLowerCase());
  }
  // For each word of the query: which strings contain it. A row matches when each word is in one of its strings.
  search(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return null;
    const has = (name, w) => Uint8Array.from(this.lower(name), s => s.includes(w) ? 1 : 0);
    const masks = words.map(w => ({m: has('words', w), f: has('files', w), g: has('functions', w), r: has('rules', w), w}));
    return row => masks.every(k => k.m[this.m[row]] || (this.f[row] && k.f[this.f[row] - 1]) || k.g[this.g[row]] ||
                                   k.r[this.r[row]] || (k.w.length >= 4 && this.id(row).startsWith(k.w)));
  }

  // state: {q, level[], state[], family[], rule[], path, fn[]}. Counts of a facet leave its own choice out.
  filter(state) {
    const n = this.total;
    const set = (size, all, test) => Uint8Array.from({length: size}, (_, i) => all || test(i) ? 1 : 0);
    const level = set(4, !state.level.length, i => state.level.includes(emm.levels[i]));
    const status = set(6, !state.state.length, i => state.state.includes(emm.states[i]));
    const rule = set(this.rules.length, !state.rule.length && !state.family.length,
                     i => state.rule.includes(this.rules[i][0]) || state.family.includes(this.families[i]));
    const file = set(this.files.length + 1, !state.path, i => i > 0 && emm.under(this.files[i - 1], state.path));
    const fn = set(this.functions.length, !state.fn.length, i => i > 0 && state.fn.includes(this.functions[i]));
    const matches = this.search(state.q);
    const counts = {level: new Uint32Array(4), state: new Uint32Array(6), rule: new Uint32Array(this.rules.length),
                    path: new Uint32Array(this.files.length + 1), fn: new Uint32Array(this.functions.length)};
    const rows = new Uint32Array(n);
    let kept = 0;
    for (let i = 0; i < n; ++i) {
      const a = level[this.v[i]], b = status[this.s[i]], c = rule[this.r[i]], d = file[this.f[i]], e = fn[this.g[i]];
      const passed = a + b + c + d + e;
      if (passed < 4 || (matches && !matches(i))) continue;
      if (passed === 5) rows[kept++] = i;
      if (passed === 5 || !a) counts.level[this.v[i]]++;
      if (passed === 5 || !b) counts.state[this.s[i]]++;
      if (passed === 5 || !c) counts.rule[this.r[i]]++;
      if (passed === 5 || !d) counts.path[this.f[i]]++;
      if (passed === 5 || !e) counts.fn[this.g[i]]++;
    }
    return {rows: this.sort(rows.subarray(0, kept), state.sort), counts};
  }

  sort(rows, by) {
    if (by === 'place') return rows;
    if (by === 'rule') return this.buckets(rows, this.rules.length, i => this.r[i]);
    if (by === 'seen' || by === 'hotness') {
      const key = by === 'hotness' ? i => this.h?.[i] ?? 0 : i => (this.u?.[i] ?? 1) * (this.k?.[i] ?? 1);
      return rows.slice().sort((a, b) => key(b) - key(a) || a - b);
    }
    // Severity: open before fixed and suppressed, new before known, high before low, findings before decisions.
    const decision = Uint8Array.from(this.families, f => emm.families.includes(f) ? 0 : 1);
    return this.buckets(rows, 32, i => (this.s[i] >= 4 ? 16 : 0) + (3 - this.v[i]) * 4 +
                                       (this.v[i] < 2 && decision[this.r[i]] ? 2 : 0) + (this.s[i] === 1 ? 0 : 1));
  }
  buckets(rows, n, key) {
    const start = new Uint32Array(n + 1), out = new Uint32Array(rows.length);
    for (const i of rows) start[key(i) + 1]++;
    for (let b = 0; b < n; ++b) start[b + 1] += start[b];
    for (const i of rows) out[start[key(i)]++] = i;
    return out;
  }
};
emm.levels = ['off', 'note', 'warning', 'error'];
emm.icons = ['○', '○', '▲', '✖'];
emm.states = ['', 'new', 'unchanged', 'changed', 'fixed', 'suppressed'];
emm.families = ['escape', 'closure', 'map', 'atomic', 'lock', 'analysis'];
emm.under = (file, path) => file === path || file.startsWith(path.endsWith('/') ? path : path + '/');
