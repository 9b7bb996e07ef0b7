// Shared by all pages: the one door for markup, preferences, theme, shards, keys.
// A page is complete without this script; nothing here may be needed to read it.
'use strict';
const emm = {};

// Everything that turns a string into markup or a script address passes here. Markup comes only from shards, which the
// report's writer escaped like the page itself; text from the table is set with textContent.
emm.door = (() => {
  const rules = {
    createHTML: s => s,
    createScriptURL: s => {
      if (!/^(\.\.\/)?shard\/[a-z0-9-]+\.js$/.test(s)) throw new TypeError('not a shard: ' + s);
      return s;
    },
  };
  return globalThis.trustedTypes ? trustedTypes.createPolicy('emm', rules) : rules;
})();
emm.adopt = markup => {
  const t = document.createElement('template');
  t.innerHTML = emm.door.createHTML(markup);
  return t.content;
};

// file: pages share one storage, so keys carry a prefix and only preferences are kept.
emm.prefs = {
  get(key) { try { return localStorage.getItem('emm.' + key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem('emm.' + key, value); } catch { /* private mode */ } },
};

emm.make = (tag, props = {}, ...children) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (k === 'text') e.textContent = v;
    else if (k === 'on') for (const [type, fn] of Object.entries(v)) e.addEventListener(type, fn);
    else if (v !== null && v !== undefined) e.setAttribute(k, v);
  }
  e.append(...children);
  return e;
};

// Theme: the system's until the reader chooses. Set before the body is parsed, so that nothing flashes.
emm.theme = {
  names: ['system', 'light', 'dark'],
  get current() { return emm.prefs.get('theme') || 'system'; },
  apply() {
    const t = this.current;
    if (t === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = t;
  },
  next() {
    const t = this.names[(this.names.indexOf(this.current) + 1) % 3];
    emm.prefs.set('theme', t);
    this.apply();
    emm.say('Theme: ' + t);
  },
};
document.documentElement.classList.add('js');
emm.theme.apply();

// Shards: a classic script that calls emmShard, the only way to load data from disk; or a data block of a single file.
emm.waiting = new Map();
function emmShard(name, base64) {
  const w = emm.waiting.get(name);
  if (w) w.resolve(base64);
}
emm.unpack = async base64 => {
  if (!globalThis.DecompressionStream) throw new Error('This browser cannot unpack the data of the report.');
  const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(base64)
                                      : Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
};
emm.loaded = new Map();
emm.load = name => {
  if (emm.loaded.has(name)) return emm.loaded.get(name);
  const p = (async () => {
    const block = document.getElementById('shard-' + name);
    if (block) return JSON.parse(await emm.unpack(block.textContent));
    const base64 = await new Promise((resolve, reject) => {
      emm.waiting.set(name, {resolve});
      const s = document.createElement('script');
      s.src = emm.door.createScriptURL(emm.root + 'shard/' + name + '.js');
      s.onerror = () => reject(new Error('shard/' + name + '.js cannot be loaded.'));
      document.head.append(s);
    });
    emm.waiting.delete(name);
    return JSON.parse(await emm.unpack(base64));
  })();
  emm.loaded.set(name, p);
  return p;
};

// What happened, for eyes and for screen readers.
emm.say = text => {
  emm.live.textContent = text;
  clearTimeout(emm.live.timer);
  emm.live.timer = setTimeout(() => { emm.live.textContent = ''; }, 4000);
};

emm.copy = text => {
  const shown = () => emm.say('Link: ' + text);
  if (!navigator.clipboard) return shown();
  navigator.clipboard.writeText(text).then(() => emm.say('Link copied'), shown);
};

// Keys. One listener; a page adds its own with emm.key(). Off in fields, with modifiers, and when switched off.
emm.keys = [];
emm.key = (keys, label, run) => emm.keys.push({keys: [].concat(keys), label, run});
emm.keysOn = () => emm.prefs.get('keys') !== 'off';
emm.typing = t => t instanceof Element && (t.matches('textarea, select, [contenteditable]') ||
                                           (t.matches('input') && !t.matches('[type=checkbox]')));
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
  if (emm.typing(e.target)) {
    if (e.key === 'Escape') e.target.blur();
    return;
  }
  if (!emm.keysOn() || document.querySelector('dialog[open]')) return;
  const k = emm.keys.find(k => k.keys.includes(e.key));
  if (!k) return;
  e.preventDefault();
  k.run();
});

emm.help = () => {
  let d = document.getElementById('keys');
  if (!d) {
    const box = emm.make('input', {type: 'checkbox', id: 'keys-on'});
    box.checked = emm.keysOn();
    box.addEventListener('change', () => emm.prefs.set('keys', box.checked ? 'on' : 'off'));
    const list = emm.make('dl');
    for (const k of emm.keys) {
      const dt = emm.make('dt');
      for (const key of k.keys) dt.append(emm.make('kbd', {text: key}), ' ');
      list.append(emm.make('div', {}, dt, emm.make('dd', {text: k.label})));
    }
    d = emm.make('dialog', {id: 'keys', 'aria-labelledby': 'keys-title'},
                 emm.make('h2', {id: 'keys-title', text: 'Keys'}), list,
                 emm.make('label', {}, box, ' single-key shortcuts are on'),
                 emm.make('form', {method: 'dialog'}, emm.make('button', {text: 'Close'})));
    document.body.append(d);
  }
  d.showModal();
};

emm.starts = {};
document.addEventListener('DOMContentLoaded', () => {
  const page = document.body.dataset.page;
  emm.root = page === 'source' ? '../' : '';
  emm.single = document.body.dataset.single === '1';
  emm.live = emm.make('div', {class: 'toast', role: 'status', 'aria-live': 'polite'});
  const tools = emm.make('div', {class: 'tools'},
    emm.make('button', {type: 'button', title: 'Theme (t)', text: 'Theme', on: {click: () => emm.theme.next()}}),
    emm.make('button', {type: 'button', title: 'Keys (?)', text: 'Keys', on: {click: () => emm.help()}}));
  document.querySelector('.bar').append(tools);
  document.querySelector('main').append(emm.live);
  if (emm.starts[page]) emm.starts[page]();
  if (emm.single) emm.starts.source();
  emm.key('t', 'theme: system, light, dark', () => emm.theme.next());
  emm.key('?', 'this list', () => emm.help());
});
