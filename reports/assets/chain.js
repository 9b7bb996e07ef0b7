// The steps of a finding shown in the code: while a row or its word has the pointer or the focus, its steps mark their
// lines with their numbers and their words with a highlight, the two accesses of a race in two colours; arrows between them are drawn on demand.
emm.chain = main => {
  const canMark = globalThis.CSS?.highlights && globalThis.Highlight;
  let shown = null, lines = [];

  const steps = row => [...row.querySelectorAll('.steps > li')].map((li, i) => {
    const a = li.querySelector('a[data-l]');
    const prefix = row.closest('[data-prefix]')?.dataset.prefix || '';
    return {number: i + 1, a, role: li.className, line: a && document.getElementById(prefix + 'L' + a.dataset.l)};
  }).filter(s => s.line && s.line.closest('ol'));

  // The word of a step: data-c units from the start of the line's text, data-w units long.
  const wordRange = s => {
    if (!s.a.dataset.w) return null;
    const range = document.createRange();
    let skip = +s.a.dataset.c, left = +s.a.dataset.w, begun = false;
    const walk = document.createTreeWalker(s.line, NodeFilter.SHOW_TEXT, n =>
      n.parentElement.closest('.f, .d, .more, .lazy') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (!begun && skip >= n.length) { skip -= n.length; continue; }
      if (!begun) { range.setStart(n, skip); begun = true; } else skip = 0;
      if (skip + left <= n.length) { range.setEnd(n, skip + left); return range; }
      left -= n.length - skip;
      skip = 0;
    }
    return null;
  };

  const hide = () => {
    for (const l of lines) { delete l.dataset.step; delete l.dataset.role; }
    lines = [];
    shown = null;
    if (canMark) for (const name of ['emm-step', 'emm-self', 'emm-other']) CSS.highlights.delete(name);
  };
  const show = row => {
    if (row === shown) return;
    hide();
    if (!row) return;
    shown = row;
    const ranges = {step: [], self: [], other: []};
    for (const s of steps(row)) {
      s.line.dataset.step = s.line.dataset.step ? s.line.dataset.step + ',' + s.number : String(s.number);
      if (s.role && !['self', 'other'].includes(s.line.dataset.role)) s.line.dataset.role = s.role;
      lines.push(s.line);
      const r = canMark && wordRange(s);
      if (r) ranges[s.role in ranges ? s.role : 'step'].push(r);
    }
    for (const [name, list] of Object.entries(ranges))
      if (list.length) CSS.highlights.set('emm-' + name, new Highlight(...list));
  };
  // The marked word of a finding stands for its row.
  const rowOf = e => {
    const word = e.target.closest?.('mark[data-f]');
    return word ? document.getElementById('F' + word.dataset.f) : e.target.closest?.('.src .f');
  };
  main.addEventListener('click', e => {
    const row = e.target.closest?.('mark[data-f]') && getSelection().isCollapsed && rowOf(e);
    if (row) row.open = !row.open;
  });
  main.addEventListener('mouseover', e => show(rowOf(e) || document.activeElement?.closest?.('.src .f')));
  main.addEventListener('focusin', e => show(rowOf(e)));

  // Arrows: one layer over the article, redrawn when what lies under it moves.
  let layer = null, source = null;
  const erase = () => { layer?.remove(); layer = source = null; };
  const draw = () => {
    if (!source?.isConnected) return erase();
    const article = source.closest('.src');
    const box = article.getBoundingClientRect();
    const points = steps(source).map(s => {
      const r = (wordRange(s) || s.line).getBoundingClientRect();
      return {x: Math.min(r.right - box.left, box.width - 60), y: r.top - box.top + 10};
    });
    const ns = 'http://www.w3.org/2000/svg';
    const make = (tag, attrs) => {
      const e = document.createElementNS(ns, tag);
      for (const [k, v] of Object.entries(attrs)) e.setAttribute(k, v);
      return e;
    };
    layer?.remove();
    layer = make('svg', {class: 'arrows', 'aria-hidden': 'true', width: box.width, height: box.height});
    const head = make('marker', {id: 'head', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto'});
    head.append(make('path', {d: 'M0 0L8 4L0 8z', class: 'tip'}));
    layer.append(head);
    for (let i = 1; i < points.length; ++i) {
      const a = points[i - 1], b = points[i];
      if (a.x === b.x && a.y === b.y) continue;
      const bend = Math.min(box.width - 8, Math.max(a.x, b.x) + 50 + 14 * i);
      layer.append(make('path', {class: 'line', 'marker-end': 'url(#head)',
                                 d: `M${a.x + 2} ${a.y} C${bend} ${a.y} ${bend} ${b.y} ${b.x + 3} ${b.y}`}));
    }
    article.append(layer);
  };
  const addButton = row => {
    const list = row.querySelector('.steps');
    if (!list || row.querySelector('.draw') || steps(row).length < 2) return;
    const b = emm.make('button', {type: 'button', class: 'draw', 'aria-pressed': 'false', text: 'Draw arrows'});
    b.addEventListener('click', () => {
      const on = source !== row;
      erase();
      for (const other of document.querySelectorAll('.draw')) other.setAttribute('aria-pressed', 'false');
      if (!on) return;
      source = row;
      b.setAttribute('aria-pressed', 'true');
      draw();
    });
    list.after(b);
  };
  main.addEventListener('toggle', e => {
    if (e.target.matches?.('.f') && e.target.open) { addButton(e.target); show(e.target); }
    if (source) requestAnimationFrame(draw);
  }, true);
  for (const row of document.querySelectorAll('.src .f[open]')) addButton(row);
  addEventListener('resize', () => { if (source) draw(); });
  main.addEventListener('contentvisibilityautostatechange', () => { if (source) requestAnimationFrame(draw); }, true);
};
