// Long texts: when a chunk of lines comes near the view, its colours are fetched and its buttons completed.
emm.colours = () => {
  const tags = ['b', 'i', 'u', 'var', 'samp'];
  const paint = (chunk, runs) => {
    const walk = document.createTreeWalker(chunk, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, n =>
      n.nodeType === 1 && n.matches('.f, .d, .more, .lazy') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const nodes = [];
    while (walk.nextNode()) if (walk.currentNode.nodeType === 3) nodes.push(walk.currentNode);
    let base = 0, r = 0, begin = 0, end = 0, tag = null;
    const next = () => {
      if (r >= runs.length) { begin = end = Infinity; return; }
      begin = end + (runs[r] >> 3);
      tag = tags[runs[r] & 7];
      end = begin + runs[r + 1];
      r += 2;
    };
    next();
    for (const node of nodes) {
      const text = node.data, limit = base + text.length;
      if (begin < limit) {
        const parts = [];
        let at = base;
        while (begin < limit) {
          const from = Math.max(begin, base), to = Math.min(end, limit);
          if (from > at) parts.push(text.slice(at - base, from - base));
          parts.push(emm.make(tag, {text: text.slice(from - base, to - base)}));
          at = to;
          if (end > limit) break; // goes on in the next node
          next();
        }
        if (at < limit) parts.push(text.slice(at - base));
        node.replaceWith(...parts);
      }
      base = limit;
    }
  };
  for (const article of document.querySelectorAll('article[data-colours]')) {
    const per = +article.dataset.colours;
    const chunks = [...article.querySelectorAll('.c')];
    const watch = new IntersectionObserver(entries => {
      for (const e of entries) {
        if (!e.isIntersecting) continue;
        watch.unobserve(e.target);
        for (const b of e.target.querySelectorAll('button.d:not([aria-expanded])')) b.setAttribute('aria-expanded', 'false');
        if (!per) continue;
        const i = chunks.indexOf(e.target);
        emm.load(article.dataset.shard + '-c' + Math.floor(i / per)).then(all => paint(e.target, all[i % per]), () => {});
      }
    }, {rootMargin: '800px'});
    for (const c of chunks) watch.observe(c);
  }
};
