// The source page: addresses in the hash, jumping between findings, rows on demand, copying.
emm.starts.source = () => {
  const main = document.querySelector('main');
  const search = emm.make('input', {type: 'search', class: 'find', placeholder: 'Filter findings', autocomplete: 'off',
                                    'aria-label': 'Filter the findings on this page'});
  document.querySelector('.fams fieldset')?.append(search);

  // Rows on demand: data-k is SHARD.INDEX within the article's shards. A shard begins with the phrases that DEL and a letter
  // stand for in the pieces.
  const unpacked = new Map();
  const loadRows = name => {
    if (!unpacked.has(name))
      unpacked.set(name, emm.load(name).then(([phrases, ...pieces]) =>
        pieces.map(p => p.replace(/\x7f(.)/g, (_, letter) => phrases[letter.charCodeAt(0) - 65]))));
    return unpacked.get(name);
  };
  const fetchRows = async button => {
    if (button.rows) return button.rows;
    const [shard, index] = button.dataset.k.split('.');
    const pieces = await loadRows(button.closest('[data-shard]').dataset.shard + '-' + shard);
    button.rows = emm.make('div', {class: 'lazy'}, emm.adopt(pieces[+index]));
    button.closest('.lazy, li').append(button.rows);
    return button.rows;
  };
  const setOpen = async (button, open) => {
    const rows = await fetchRows(button);
    rows.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    return rows;
  };

  // Addresses: #L10, #L10-L20, in a single file #f3.L10, and #F0123456789abcdef.
  let marked = [];
  const clear = () => { for (const e of marked) e.classList.remove('on'); marked = []; };
  const mark = e => { e.classList.add('on'); marked.push(e); };
  const reveal = e => {
    for (let d = e; d; d = d.parentElement) {
      if (d.tagName === 'DETAILS') d.open = true;
      if (d.classList.contains('lazy') && d.hidden) d.hidden = false;
    }
  };
  const goTo = (e, how = 'center') => {
    e.scrollIntoView({block: how});
    // Chunks on the way were of estimated height until now; once more when they are laid out.
    requestAnimationFrame(() => requestAnimationFrame(() => e.scrollIntoView({block: how})));
  };
  // Opens the piece with a key; if its button is itself in a piece, that one first.
  const openPiece = async (prefix, key, shards) => {
    const find = () => [...document.querySelectorAll(`[data-shard="${prefix}"] button[data-k="${key}"]`)][0];
    if (!find())
      for (const [n, pieces] of shards.entries()) {
        const parent = pieces.findIndex(p => p.includes(`data-k="${key}"`));
        if (parent >= 0) { await openPiece(prefix, n + '.' + parent, shards); break; }
      }
    const button = find();
    if (button) await setOpen(button, true);
  };
  const findLazy = async id => {
    for (const article of document.querySelectorAll('[data-shard]')) {
      const prefix = article.dataset.shard, shards = [];
      const count = 1 + Math.max(-1, ...[...article.querySelectorAll('button[data-k]')].map(b => +b.dataset.k.split('.')[0]));
      for (let n = 0; n < count; ++n) {
        shards[n] = await loadRows(prefix + '-' + n);
        const i = shards[n].findIndex(p => p.includes(`id="${id}"`));
        if (i < 0) continue;
        // Parents come after their parts.
        for (let m = n + 1; m < count && !article.querySelector(`button[data-k="${n}.${i}"]`); ++m) shards[m] = await loadRows(prefix + '-' + m);
        await openPiece(prefix, n + '.' + i, shards);
        return document.getElementById(id);
      }
    }
    return null;
  };
  const select = (row, scroll = true) => {
    clear();
    reveal(row);
    mark(row);
    if (scroll) goTo(row);
    row.querySelector('summary').focus({preventScroll: true});
    current = row;
  };
  let current = null;
  const parseLines = hash => /^#((?:f\d+\.)?)L(\d+)(?:-L?(\d+))?$/.exec(hash);
  const arrive = async () => {
    const hash = location.hash;
    const lines = parseLines(hash);
    if (lines) {
      clear();
      const from = +lines[2], to = Math.min(Math.max(from, +(lines[3] || from)), from + 5000);
      const first = document.getElementById(lines[1] + 'L' + from);
      for (let l = from; l <= to; ++l) {
        const e = document.getElementById(lines[1] + 'L' + l);
        if (e) mark(e);
      }
      if (first) goTo(first, to - from > 20 ? 'start' : 'center');
      else emm.say('Line ' + from + ' is not in this file.');
      return;
    }
    const f = /^#(F[0-9a-f]+)$/.exec(hash);
    if (!f) return;
    const row = document.getElementById(f[1]) || await findLazy(f[1]);
    if (location.hash !== hash) return;
    if (row) select(row);
    else emm.say('This finding is not in this report: it is fixed, or belongs to another build.');
  };
  addEventListener('hashchange', arrive);
  arrive();
  // The browser's own jump to the fragment comes with the load event and takes the focus away.
  addEventListener('load', () => { if (current && location.hash === '#' + current.id) select(current); });

  const setHash = hash => {
    if (location.hash === hash) return;
    history.pushState(null, '', hash);
  };

  // A click in the gutter selects a line, with Shift a range.
  const gutterLine = e => {
    const li = e.target.closest?.('.c > ol > li');
    if (!li || e.target !== li) return null;
    return e.clientX - li.getBoundingClientRect().left < parseFloat(getComputedStyle(li).paddingLeft) ? li : null;
  };
  main.addEventListener('click', async e => {
    const li = gutterLine(e);
    if (li) {
      const [, prefix, line] = parseLines('#' + li.id);
      const before = parseLines(location.hash);
      let hash = '#' + li.id;
      if (e.shiftKey && before && before[1] === prefix) {
        const a = Math.min(+before[2], +line), b = Math.max(+before[2], +line);
        hash = `#${prefix}L${a}-L${b}`;
        getSelection().removeAllRanges();
      }
      setHash(hash);
      const y = scrollY;
      await arrive();
      scrollTo(0, y);
      requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, y)));
      return;
    }
    const button = e.target.closest('button[data-k]');
    if (button) setOpen(button, button.getAttribute('aria-expanded') !== 'true');
  });
  main.addEventListener('mousedown', e => { if (e.shiftKey && gutterLine(e)) e.preventDefault(); });

  // Opening a row puts it into the address, so that the address can be sent at any time.
  main.addEventListener('toggle', e => {
    const row = e.target;
    if (!row.matches?.('.f') || !row.open) return;
    current = row;
    if (row.id && !emm.quiet) history.replaceState(null, '', '#' + row.id);
  }, true);

  // Next and previous in document order from the current row, else from the top of the view.
  const rows = filter => [...document.querySelectorAll('.src .f')].filter(f =>
    f.matches(filter) && !f.parentElement.closest('details:not([open])') && f.checkVisibility());
  const step = (direction, filter) => {
    const all = rows(filter);
    if (!all.length) return emm.say(filter === '*' ? 'No findings are shown.' : 'No new findings are shown.');
    let i;
    if (current?.isConnected) {
      const after = all.findIndex(f => current.compareDocumentPosition(f) & Node.DOCUMENT_POSITION_FOLLOWING);
      const at = all.indexOf(current);
      i = direction > 0 ? (after < 0 ? all.length : after) : (at >= 0 ? at : after < 0 ? all.length : after) - 1;
    } else {
      const below = all.findIndex(f => f.getBoundingClientRect().top > 80);
      i = direction > 0 ? (below < 0 ? all.length : below) : (below < 0 ? all.length : below) - 1;
    }
    if (i < 0 || i >= all.length) return emm.say(direction > 0 ? 'No further finding on this page.' : 'This is the first finding on this page.');
    select(all[i]);
    if (all[i].id) history.replaceState(null, '', '#' + all[i].id);
  };
  const follow = rel => {
    const a = document.querySelector('a[rel=' + rel + ']');
    if (a) a.click(); else emm.say(rel === 'next' ? 'This is the last file.' : 'This is the first file.');
  };

  // Filter by text.
  const applySearch = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const miss = e => words.length > 0 && !words.every(w => e.textContent.toLowerCase().includes(w));
    for (const e of document.querySelectorAll('.src .f')) e.classList.toggle('hide', miss(e));
    for (const e of document.querySelectorAll('.src .d, .src .more'))
      e.classList.toggle('hide', words.length > 0 && (e.tagName === 'BUTTON' ? miss(e) : !e.querySelector('.f:not(.hide)')));
  };
  search.addEventListener('input', applySearch);
  search.addEventListener('keydown', e => {
    if (e.key !== 'Enter') return;
    search.blur();
    current = null;
    scrollTo(0, 0);
    step(1, '*');
  });

  // Families that were switched off stay off on the next page.
  for (const box of document.querySelectorAll('.fams input[data-family]')) {
    const key = 'family.' + box.dataset.family;
    const saved = emm.prefs.get(key);
    if (saved) box.checked = saved === 'on';
    box.addEventListener('change', () => emm.prefs.set(key, box.checked ? 'on' : 'off'));
  }

  // Copied code is code: what stands under and beside the lines stays out when a selection spans several lines.
  document.addEventListener('copy', e => {
    const s = getSelection();
    if (!s.rangeCount || s.isCollapsed || emm.typing(e.target)) return;
    const r = s.getRangeAt(0);
    const line = n => (n.nodeType === 1 ? n : n.parentElement)?.closest('.c > ol > li');
    const outside = n => (n.nodeType === 1 ? n : n.parentElement)?.closest('.f, .d, .more, .lazy');
    if (!line(r.startContainer) || outside(r.startContainer)) return;
    const copy = r.cloneContents();
    if (!copy.querySelector('li')) {
      if (!copy.querySelector('.f, .d, .more, .lazy')) return; // inside one line: the browser is right
    }
    for (const x of copy.querySelectorAll('.f, .d, .more, .lazy')) x.remove();
    e.clipboardData.setData('text/plain', copy.textContent);
    e.preventDefault();
  });

  addEventListener('beforeprint', () => {
    emm.quiet = true;
    for (const d of document.querySelectorAll('.src details')) d.open = true;
    emm.quiet = false;
  });

  emm.key('/', 'filter the findings on this page', () => { search.focus(); search.select(); });
  emm.key('j', 'next finding', () => step(1, '*'));
  emm.key('k', 'previous finding', () => step(-1, '*'));
  emm.key('n', 'next new finding', () => step(1, '.new'));
  emm.key('p', 'previous new finding', () => step(-1, '.new'));
  if (!emm.single) {
    emm.key(']', 'next file', () => follow('next'));
    emm.key('[', 'previous file', () => follow('prev'));
  }
  emm.key('o', 'open or close the finding', () => { if (current) current.open = !current.open; });
  emm.key('y', 'copy a link to the finding or line', () => emm.copy(location.href));
  emm.chain(main);
  emm.colours();
};
