// Strings that try to break out of wherever they stand are shown as text, in every page and in the single file.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fixture, inventory, open, settled} from './harness.mjs';

const hostile = fixture('hostile');
const pages = () => fs.readdirSync(path.join(hostile.dir, 'f')).sort();
const bidi = /[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

// What only markup from a hostile string could have made.
const foreign = page => page.evaluate(() => {
  const bad = [];
  for (const e of document.querySelectorAll('*')) {
    if (['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'STYLE', 'BASE'].includes(e.tagName) && !e.closest('form.fams, dialog')) bad.push(e.outerHTML);
    if (e.tagName === 'SCRIPT' && !/^((\.\.\/)?report|(\.\.\/)?shard\/[a-z0-9-]+)\.js$/.test(e.getAttribute('src') || '')) bad.push(e.outerHTML);
    for (const a of e.attributes) {
      if (/^on/i.test(a.name) || (a.name === 'style' && !e.closest('.tbody'))) bad.push(e.outerHTML.slice(0, 200));
      if (['href', 'src'].includes(a.name) && /^\s*(javascript:|data:text|vbscript:|\/|https?:)/i.test(a.value)) bad.push(e.outerHTML.slice(0, 200));
    }
  }
  return bad;
});

test('page names are injective, also where case is folded, and stay below f/', () => {
  const names = pages();
  assert.equal(names.length, 7);
  assert.equal(new Set(names.map(n => n.toLowerCase())).size, 7);
  for (const n of names) {
    assert.match(n, /^[A-Za-z0-9=][A-Za-z0-9._=+~-]*\.html$/);
    assert.ok(n.length <= 210, n);
  }
});

test('no page holds anything but its own markup', async () => {
  for (const name of ['index.html', 'rules.html', ...pages().map(n => 'f/' + encodeURIComponent(n))]) {
    const page = await open(hostile.url(name));
    await settled(page);
    assert.deepEqual(await foreign(page), [], name);
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    assert.ok(!bidi.test(text), name + ': ' + JSON.stringify(bidi.exec(text)));
    assert.match(await page.title(), /<\/title><script>alert\('title'\)<\/script>$/);
    await page.clean();
  }
});

test('source text is shown as it is', async () => {
  const odd = pages().find(n => n.includes('onerror'));
  const page = await open(hostile.url('f/' + encodeURIComponent(odd)));
  const line = n => page.evaluate(l => {
    const li = document.getElementById('L' + l).cloneNode(true);
    for (const e of li.querySelectorAll('.f, .d, .more, .lazy')) e.remove();
    return li.textContent;
  }, n);
  assert.equal(await line(1), "// </pre></li></ol><script>alert('comment')</script>\n");
  assert.equal(await line(2), 'const char *S = "</script><!--"; // [U+202E] reversed [U+2066]\n');
  assert.equal(await line(3), 'int été = 1; /* \ufffd\ufffd not UTF-8 */ int 😀x = 2;\n');
  assert.match(await line(4), /^\[U\+0001\]\[U\+001B\]\[31mcolour\[U\+007F\]/);
  assert.equal(await page.locator('#L2 .cc').count(), 2);
  assert.equal(await page.locator('#L3 mark').textContent(), 'té');
  assert.equal(await page.locator('h1').textContent(), `a/"><img src=x onerror=alert(1)>&amp;#'.cpp`);
  await page.clean();
});

test('messages, functions, steps, reasons and rules are text', async () => {
  const odd = pages().find(n => n.includes('onerror'));
  const page = await open(hostile.url('f/' + encodeURIComponent(odd)));
  const text = await page.locator('.src').textContent();
  for (const part of ["in file 0 <script>alert('x')</script>", "step <script>alert('x')</script> [U+202E]", '"onmouseover="alert(1)',
                      "reason <script>alert('x')</script>", 'pass"><script>alert(2)</script>/N', 'f<"\'&>', 'beyond the last line',
                      'bidi [U+202E][U+2067] \ufffd\ufffd and nul-ish [U+0001]'])
    assert.ok(text.includes(part), part);
  await page.clean();
});

test('the table and its search show text', async () => {
  const page = await open(hostile.url('index.html'));
  assert.equal((await inventory(page)).length, hostile.total);
  await page.fill('#q', '<script>alert');
  assert.match(await page.locator('.count').textContent(), /^(8|9|10) of/);
  assert.deepEqual(await foreign(page), []);
  await page.fill('#q', 'nowhere');
  assert.equal(await page.locator('.tbody .row a').count(), 0);
  assert.match(await page.locator('.tbody .row').textContent(), /position unknown/);
  await page.clean();
});

test('a single file is as closed', async () => {
  const single = fixture('hostile', '--single');
  const page = await open(single.url());
  await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
  const scripts = await page.evaluate(() => [...document.scripts].map(s => s.type + ':' + s.id));
  assert.ok(scripts.every(s => s === ':' || /^text\/plain:shard-[a-z0-9-]+$/.test(s)), scripts.join(' '));
  assert.equal(scripts.filter(s => s === ':').length, 1);
  assert.equal(await page.evaluate(() => document.querySelectorAll('main img, main style, main iframe, [onmouseover], [onerror]').length), 0);
  assert.ok(!bidi.test(await page.evaluate(() => document.body.outerHTML)));
  await page.clean();
});
