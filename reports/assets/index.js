// The index page: search, facets and a windowed table over all findings, with its state in the hash.
emm.starts.index = async () => {
  const section = document.getElementById('findings');
  const list = section.querySelector('.rows');
  if (!list) return;
  const group = n => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
  const {make} = emm;

  const search = make('input', {type: 'search', id: 'q', autocomplete: 'off', spellcheck: 'false', 'aria-label': 'Search all findings',
                                placeholder: 'Search sentences, files, functions, rules'});
  const sort = make('select', {id: 'sort', 'aria-label': 'Order'});
  for (const [value, text] of [['severity', 'most severe first'], ['place', 'by place'], ['rule', 'by rule'],
                               ['seen', 'most often seen']])
    sort.append(make('option', {value, text}));
  const count = make('p', {class: 'count', role: 'status', 'aria-live': 'polite', text: 'Loading…'});
  const facets = make('div', {class: 'facets', role: 'group', 'aria-label': 'Filters'});
  const body = make('div', {class: 'tbody', role: 'rowgroup'});
  const titles = [['lv', 'Level'], ['m', 'Finding'], ['r', 'Rule'], ['p', 'Place'], ['g', 'Function']];
  const head = make('div', {class: 'thead', role: 'rowgroup'},
                    make('div', {class: 'row', role: 'row', 'aria-rowindex': '1'},
                         ...titles.map(([c, text]) => make('span', {class: c, role: 'columnheader', text}))));
  const grid = make('div', {class: 'grid', role: 'table', 'aria-label': 'Findings'}, head, body);
  const tools = make('div', {class: 'query'}, search, sort, count);

  let table;
  try {
    table = await emm.Table.load();
  } catch (e) {
    section.querySelector('h2').after(make('p', {class: 'banner', text: e.message + ' The first findings are listed; all others are on the pages of the files.'}));
    return;
  }
  if (table.h) sort.append(make('option', {value: 'hotness', text: 'hottest first'}));
  section.querySelector('h2').after(tools);
  const panes = make('div', {class: 'panes'}, facets, grid);
  list.nextElementSibling?.matches('.n') && list.nextElementSibling.remove();
  list.replaceWith(panes);
  section.classList.add('live');

  // State <-> hash. Lists are comma-separated; an empty state leaves the address alone.
  const lists = ['level', 'state', 'family', 'rule', 'fn'];
  const empty = () => ({q: '', path: '', sort: 'severity', level: [], state: [], family: [], rule: [], fn: []});
  let state = empty(), result = {rows: []}, current = -1;
  const read = () => {
    const s = empty();
    if (!location.hash.includes('=')) return s;
    const p = new URLSearchParams(location.hash.slice(1));
    for (const k of ['q', 'path']) s[k] = p.get(k) || '';
    s.sort = [...sort.options].some(o => o.value === p.get('sort')) ? p.get('sort') : 'severity';
    for (const k of lists) s[k] = p.getAll(k).filter(Boolean);
    return s;
  };
  const write = push => {
    const p = new URLSearchParams();
    if (state.q) p.set('q', state.q);
    for (const k of lists) for (const v of state[k]) p.append(k, v);
    if (state.path) p.set('path', state.path);
    if (state.sort !== 'severity') p.set('sort', state.sort);
    const hash = p.size ? '#' + p : '';
    if (hash === location.hash || (!hash && !location.hash.includes('='))) return;
    history[push ? 'pushState' : 'replaceState'](null, '', hash || location.pathname + location.search);
  };

  // Facets.
  const facet = (title, options) => {
    if (!options.length) return '';
    const box = make('section', {class: 'facet'}, make('h3', {text: title}));
    for (const o of options) {
      const b = make('button', {type: 'button', 'aria-pressed': String(!!o.on), class: o.class ?? null, title: o.title ?? null},
                     ...(o.icon ? [make('span', {class: 'ic', 'aria-hidden': 'true', text: o.icon})] : []),
                     make('span', {class: 't', text: o.text}),
                     ...(o.count === undefined ? [] : [make('span', {class: 'n', text: group(o.count)})]));
      b.addEventListener('click', o.run);
      b.dataset.key = title + ':' + o.text;
      box.append(b);
    }
    return box;
  };
  const toggle = (key, value) => () => {
    state[key] = state[key].includes(value) ? state[key].filter(v => v !== value) : [...state[key], value];
    update(true);
  };
  const pathOptions = counts => {
    const here = state.path, sums = new Map();
    table.files.forEach((f, i) => {
      if (!counts[i + 1] || (here && !emm.under(f, here))) return;
      if (f === here) return;
      const rest = here ? f.slice(here.length + (here.endsWith('/') ? 0 : 1)) : f;
      const cut = rest.indexOf('/', rest.startsWith('/') ? 1 : 0);
      const name = cut < 0 ? rest : rest.slice(0, cut);
      const key = name + (cut < 0 ? '' : '/');
      sums.set(key, (sums.get(key) || 0) + counts[i + 1]);
    });
    const options = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 12).map(([name, n]) => ({
      text: name, count: n,
      run: () => { state.path = (here ? here + (here.endsWith('/') ? '' : '/') : '') + name.replace(/\/$/, ''); update(true); },
    }));
    if (here) options.unshift({text: here, on: true, class: 'chosen', title: 'Up',
                               run: () => { state.path = here.includes('/') ? here.slice(0, here.lastIndexOf('/')) : ''; update(true); }});
    return options;
  };
  const functionOptions = counts => {
    const order = [...counts.keys()].filter(i => i && (counts[i] || state.fn.includes(table.functions[i])));
    order.sort((a, b) => state.fn.includes(table.functions[b]) - state.fn.includes(table.functions[a]) || counts[b] - counts[a] || a - b);
    return order.slice(0, 8).map(i => ({text: table.functions[i], title: table.functions[i], count: counts[i],
                                        on: state.fn.includes(table.functions[i]), run: toggle('fn', table.functions[i])}));
  };
  const ruleOptions = counts => {
    const options = [], seen = new Map();
    table.rules.forEach(([id], i) => {
      const family = table.families[i];
      if (!seen.has(family)) seen.set(family, {text: family, count: 0, rules: []});
      const f = seen.get(family);
      f.count += counts[i];
      if (counts[i] || state.rule.includes(id)) f.rules.push({text: id, count: counts[i], on: state.rule.includes(id),
                                                             class: 'sub', title: table.rules[i][1] || null, run: toggle('rule', id)});
    });
    for (const [family, f] of seen) {
      const on = state.family.includes(family);
      if (!f.count && !on && !f.rules.length) continue;
      options.push({text: family, count: f.count, on, class: 'fam', run: toggle('family', family)});
      if (f.rules.length > 1 || f.rules.some(r => r.on)) options.push(...f.rules.slice(0, 12));
    }
    return options;
  };
  const drawFacets = counts => {
    const focus = document.activeElement?.dataset?.key;
    const used = (all, size) => [...Array(size).keys()].reverse().filter(all);
    const any = state.q || state.path || lists.some(k => state[k].length);
    facets.replaceChildren(
      ...(any ? [make('button', {type: 'button', class: 'reset', text: 'Clear all filters',
                                 on: {click: () => { const s = state.sort; state = empty(); state.sort = s; update(true); }}})] : []),
      facet('Level', used(i => counts.level[i] || state.level.includes(emm.levels[i]), 4).map(i => ({
        text: emm.levels[i], icon: emm.icons[i], class: emm.levels[i], count: counts.level[i],
        on: state.level.includes(emm.levels[i]), run: toggle('level', emm.levels[i])}))),
      facet('State', used(i => emm.states[i] && (counts.state[i] || state.state.includes(emm.states[i])), 6).reverse().map(i => ({
        text: emm.states[i], count: counts.state[i], on: state.state.includes(emm.states[i]), run: toggle('state', emm.states[i])}))),
      facet('Rule', ruleOptions(counts.rule)),
      facet('Path', pathOptions(counts.path)),
      facet('Function', functionOptions(counts.fn)));
    if (focus) [...facets.querySelectorAll('button')].find(b => b.dataset.key === focus)?.focus();
  };

  // The window: rows in view exist, each at its own offset. Browsers cap the height of an element.
  let height = 47;
  const maxRows = () => Math.floor(15e6 / height);
  const drawn = new Map();
  const place = row => {
    const f = table.f[row];
    return f ? table.files[f - 1] + (table.l[row] ? ':' + table.l[row] : '') : 'position unknown';
  };
  const address = row => {
    const f = table.f[row];
    return f ? table.pages[f - 1].replace(/#.*/, '') + '#F' + table.id(row) : null;
  };
  const makeRow = at => {
    const row = result.rows[at], v = table.v[row], text = table.words[table.m[row]];
    const href = address(row);
    const s = emm.states[table.s[row]];
    const many = (table.u?.[row] ?? 1) > 1 || (table.k?.[row] ?? 1) > 1;
    const e = make('div', {class: 'row ' + emm.levels[v] + (s ? ' ' + s : ''), role: 'row', 'aria-rowindex': at + 2},
      make('span', {class: 'lv', role: 'cell'}, make('span', {class: 'ic', 'aria-hidden': 'true', text: emm.icons[v]}), emm.levels[v]),
      make('span', {class: 'm', role: 'cell'},
           ...(s && s !== 'unchanged' ? [make('span', {class: 'st', text: s}), ' '] : []),
           href ? make('a', {href, text, title: text}) : make('span', {text}),
           ...(many ? [' ', make('span', {class: 'n', text: `×${group((table.u?.[row] ?? 1) * (table.k?.[row] ?? 1))}`,
                                          title: `${table.u[row]} units, ${table.k[row]} instances`})] : [])),
      make('span', {class: 'r', role: 'cell', text: table.rules[table.r[row]][0]}),
      make('span', {class: 'p', role: 'cell', title: place(row), text: place(row)}),
      make('span', {class: 'g', role: 'cell', title: table.functions[table.g[row]], text: table.functions[table.g[row]]}));
    e.style.transform = `translateY(${at * height}px)`;
    e.at = at;
    return e;
  };
  const draw = () => {
    const total = Math.min(result.rows.length, maxRows());
    const top = body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / height) - 8);
    const last = Math.min(total, Math.ceil((innerHeight - top) / height) + 8);
    for (const [at, e] of drawn) if (at < first || at >= last) { e.remove(); drawn.delete(at); }
    for (let at = first; at < last; ++at) {
      if (drawn.has(at)) continue;
      const e = makeRow(at);
      let next = null;
      for (const child of body.children) if (child.at > at) { next = child; break; }
      body.insertBefore(e, next);
      drawn.set(at, e);
    }
    for (const [at, e] of drawn) e.classList.toggle('on', at === current);
  };
  const measure = () => {
    height = parseFloat(getComputedStyle(grid).getPropertyValue('--row')) || 47;
    body.style.height = Math.min(result.rows.length, maxRows()) * height + 'px';
    for (const e of drawn.values()) e.remove();
    drawn.clear();
    draw();
  };
  const update = push => {
    write(push);
    result = table.filter(state);
    current = -1;
    if (search.value !== state.q) search.value = state.q;
    sort.value = state.sort;
    const shown = Math.min(result.rows.length, maxRows());
    count.textContent = result.rows.length === table.total ? `${group(table.total)} findings`
      : `${group(result.rows.length)} of ${group(table.total)} findings`;
    if (shown < result.rows.length) count.textContent += `, the first ${group(shown)} are listed`;
    grid.setAttribute('aria-rowcount', result.rows.length + 1);
    drawFacets(result.counts);
    measure();
  };
  const move = (direction, test = () => true) => {
    let at = current + direction;
    while (at >= 0 && at < result.rows.length && !test(result.rows[at])) at += direction;
    if (at < 0 || at >= Math.min(result.rows.length, maxRows())) return emm.say(direction > 0 ? 'No further finding.' : 'This is the first finding.');
    current = at;
    const y = body.getBoundingClientRect().top + at * height;
    if (y < 120 || y + height > innerHeight - 40) scrollBy(0, y - innerHeight / 2);
    draw();
    drawn.get(at)?.querySelector('a')?.focus({preventScroll: true});
  };

  search.addEventListener('input', () => { state.q = search.value; update(false); });
  sort.addEventListener('change', () => { state.sort = sort.value; update(true); });
  addEventListener('hashchange', () => { if (location.hash.includes('=') || !location.hash) { state = read(); update(false); } });
  addEventListener('popstate', () => { if (location.hash.includes('=') || !location.hash) { state = read(); update(false); } });
  addEventListener('scroll', draw, {passive: true});
  addEventListener('resize', measure);
  if (!emm.single) {
    emm.key('/', 'search all findings', () => { search.focus(); search.select(); });
    emm.key('j', 'next row', () => move(1));
    emm.key('k', 'previous row', () => move(-1));
    emm.key('n', 'next new finding', () => move(1, r => table.s[r] === 1));
    emm.key('p', 'previous new finding', () => move(-1, r => table.s[r] === 1));
    emm.key('o', 'open the finding in its source', () => drawn.get(current)?.querySelector('a')?.click());
    emm.key('y', 'copy a link to this view', () => emm.copy(location.href));
  }
  state = read();
  update(false);
  if (location.hash.includes('=')) section.scrollIntoView();
  document.documentElement.dataset.ready = '1';
};
