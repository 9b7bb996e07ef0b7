// The annotated source: addresses, keys, chains, copying, folding, and being right about the text.
import assert from 'node:assert/strict';
import test from 'node:test';
import {fixture, inView, open, settled} from './harness.mjs';

const small = fixture('small');
const cache = 'f/src+cache.cpp.html';
const marked = page => page.evaluate(() => [...document.querySelectorAll('.c > ol > li.on')].map(e => e.id));
// The code of a line, without what stands under and beside it.
const code = (page, line) => page.evaluate(l => {
  const li = document.getElementById('L' + l).cloneNode(true);
  for (const e of li.querySelectorAll('.f, .d, .more, .lazy')) e.remove();
  return li.textContent;
}, line);

test('lines and ranges are addresses, cold, on change and through the history', async () => {
  const page = await open(small.url(cache + '#L30-L32'));
  await settled(page);
  assert.deepEqual(await marked(page), ['L30', 'L31', 'L32']);
  assert.equal(await inView(page, '#L30'), 'yes');
  await page.evaluate(() => { location.hash = '#L5'; });
  await settled(page);
  assert.deepEqual(await marked(page), ['L5']);
  await page.goBack();
  await settled(page);
  assert.deepEqual(await marked(page), ['L30', 'L31', 'L32']);
  await page.goForward();
  await settled(page);
  assert.deepEqual(await marked(page), ['L5']);
  await page.evaluate(() => { location.hash = '#L4000'; });
  await settled(page);
  assert.match(await page.locator('.toast').textContent(), /not in this file/);
  await page.clean();
});

test('a click in the gutter selects a line, with shift a range', async () => {
  const page = await open(small.url(cache));
  await page.locator('#L10').click({position: {x: 40, y: 8}});
  assert.ok(page.url().endsWith('#L10'));
  await page.locator('#L13').click({position: {x: 40, y: 8}, modifiers: ['Shift']});
  assert.ok(page.url().endsWith('#L10-L13'), page.url());
  await settled(page);
  assert.deepEqual(await marked(page), ['L10', 'L11', 'L12', 'L13']);
  await page.clean();
});

test('an unknown finding is said to be gone', async () => {
  const page = await open(small.url(cache + '#Fffffffffffffffff'));
  await page.waitForFunction(() => document.querySelector('.toast').textContent !== '');
  assert.match(await page.locator('.toast').textContent(), /not in this report/);
  await page.clean();
});

test('the steps of a finding lead to their words', async () => {
  const page = await open(small.url(cache));
  const row = page.locator('.f.map').first();
  await row.locator('summary').click();
  const badges = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('li[data-step]')].map(e => [e.id, e.dataset.step])));
  assert.deepEqual(badges, {L16: '1', L23: '2', L25: '3', L27: '5', L33: '4'});
  const words = name => page.evaluate(n => [...CSS.highlights.get(n)].map(r => r.toString()), name);
  assert.deepEqual(await words('emm-step'), ['Prices', 'Loader', 'Loader']);
  assert.deepEqual(await words('emm-self'), ['Prices']);
  assert.deepEqual(await words('emm-other'), ['Prices']);
  const roles = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('li[data-role]')].map(e => [e.id, e.dataset.role])));
  assert.deepEqual(roles, {L16: 'decl', L23: 'start', L25: 'self', L33: 'other'});
  assert.match(await row.locator('.steps').textContent(), /declared here.*started here.*holding Lock/s);
  await row.getByRole('button', {name: 'Draw arrows'}).click();
  assert.equal(await page.locator('.arrows .line').count(), 4);
  await row.getByRole('button', {name: 'Draw arrows'}).click();
  assert.equal(await page.locator('.arrows').count(), 0);
  await row.locator('.steps a').nth(3).click();
  await settled(page);
  assert.deepEqual(await marked(page), ['L33']);
  assert.equal(await row.locator('.help').getAttribute('href'), '../rules.html#map/concurrent-write');
  await page.clean();
});

test('pointing at the word of a finding shows its chain, a click unfolds it', async () => {
  const page = await open(small.url(cache));
  await page.locator('#L25 mark.w').hover();
  assert.equal(await page.locator('li[data-step]').count(), 5);
  await page.locator('#L31 mark.w').hover();
  assert.deepEqual(await page.locator('li[data-step]').evaluateAll(l => l.map(e => e.id)), ['L20', 'L31']);
  await page.locator('#L25 mark.w').click();
  assert.ok(await page.locator('.f.map').first().locator('.steps').isVisible());
  await page.clean();
});

test('a chain leads into files without findings of their own', async () => {
  const page = await open(small.url(cache));
  await page.locator('.f.map').first().locator('summary').click();
  await page.locator('.f.map').first().locator('.steps a').last().click();
  assert.match(page.url(), /include\+hash\.h\.html#L2$/);
  assert.match(await page.locator('#L2').textContent(), /inline int hash/);
  assert.deepEqual(await marked(page), ['L2']);
  await page.clean();
});

test('the word a finding is about is marked, the code stays whole', async () => {
  const page = await open(small.url(cache));
  assert.equal(await page.locator('#L25 mark.w').textContent(), 'Prices');
  assert.equal(await page.locator('#L39 mark.w').textContent(), '&');
  assert.equal(await page.locator('#L31 mark.w').textContent(), 'Hits');
  assert.equal(await code(page, 31), '\t++Hits[Article];\n');
  assert.equal(await code(page, 40), '  const char *Text = R"(raw "text" with // no comment)";\n');
  const painted = (line, tag) => page.locator(`#L${line} ${tag}`).allTextContents();
  assert.deepEqual(await painted(40, 'u'), ['R"(raw "text" with // no comment)"']);
  assert.deepEqual(await painted(44, 'i'), ['/* A block comment']);
  assert.deepEqual(await painted(45, 'i'), ['   over two lines. */']);
  assert.deepEqual(await painted(46, 'b'), ['struct', 'final']);
  assert.deepEqual(await painted(47, 'b'), ['int']);
  assert.deepEqual(await painted(47, 'var'), ["0'1"]);
  assert.deepEqual(await painted(3, 'samp'), ['#include']);
  assert.deepEqual(await painted(3, 'u'), ['<mutex>']);
  await page.clean();
});

test('keys jump, open, copy and change files', async () => {
  const page = await open(small.url(cache));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const current = () => page.evaluate(() => document.querySelector('.f.on .m')?.textContent);
  await page.keyboard.press('j');
  const first = await current();
  await page.keyboard.press('j');
  const second = await current();
  assert.notEqual(first, second);
  await page.keyboard.press('k');
  assert.equal(await current(), first);
  await page.keyboard.press('n');
  assert.match(await current(), /^map Prices is written/);
  await page.keyboard.press('p');
  assert.match(await page.locator('.toast').textContent(), /first finding/);
  const open1 = await page.evaluate(() => document.querySelector('.f.on').open);
  await page.keyboard.press('o');
  assert.equal(await page.evaluate(() => document.querySelector('.f.on').open), !open1);
  await page.keyboard.press('y');
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /src\+cache\.cpp\.html#F[0-9a-f]{16}$/);
  await page.keyboard.press('/');
  await page.keyboard.type('jnot[]?');
  assert.equal(await page.inputValue('.find'), 'jnot[]?');
  await page.fill('.find', 'Prices written');
  assert.equal(await page.locator('.src .f.note:visible').count(), 0);
  await page.fill('.find', '');
  await page.keyboard.press('Escape');
  await Promise.all([page.waitForURL(/cache\.h\.html/), page.keyboard.press(']')]);
  await Promise.all([page.waitForURL(/cache\.cpp\.html/), page.keyboard.press('[')]);
  await page.clean();
});

test('a very busy line folds its tail, and nothing is lost', async () => {
  const page = await open(small.url(cache));
  const line = page.locator('li:has(> .more)');
  assert.equal(await line.count(), 1);
  assert.match(await line.locator('.more > summary').textContent(), /^\+3 more/);
  assert.equal(await line.locator('.f').count(), 9);
  await page.clean();
});

test('decisions are folded at the end of their line and can be left out', async () => {
  const page = await open(small.url(cache));
  assert.equal(await page.locator('#L25 > .d > summary').textContent(), '2 inlined · 1 not inlined');
  await page.locator('#L25 > .d > summary').click();
  assert.equal(await page.locator('#L25 > .d .f').count(), 3);
  assert.match(await page.locator('#L25 > .d').textContent(), /cost 410 exceeds threshold 225/);
  await page.locator('#L25 > .d .f').filter({hasText: 'cost 410'}).locator('summary').click();
  assert.match(await page.locator('#L25 > .d .stack').textContent(), /start.*line 25/s);
  await page.locator('#fam-inline').uncheck();
  assert.equal(await page.locator('.d:visible').count(), 0);
  await page.reload();
  assert.equal(await page.locator('.d:visible').count(), 0);
  await page.locator('#fam-inline').check();
  await page.locator('#fam-only').check();
  assert.equal(await page.locator('.src .f.note:visible').count(), 0);
  assert.ok(await page.locator('.src .f.warning:visible').count() >= 3);
  await page.clean();
});

test('copied lines are code alone', async () => {
  const page = await open(small.url(cache));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const lines = [];
  for (let l = 22; l <= 28; ++l) lines.push(await code(page, l));
  await page.evaluate(() => {
    const s = getSelection();
    s.setBaseAndExtent(document.getElementById('L22'), 0, document.getElementById('L29'), 0);
    document.execCommand('copy');
  });
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), lines.join(''));
  await page.clean();
});

test('a changed, a missing and an unverified file are told apart', async () => {
  let page = await open(small.url('f/src+changed.cpp.html'));
  assert.match(await page.locator('.banner').textContent(), /has changed since it was compiled/);
  assert.equal(await page.getByText('return 0').count(), 0);
  assert.match(await page.locator('#L7').textContent(), /map Orders grows/);
  await page.clean();
  page = await open(small.url('f/src+gone.cpp.html#L12'));
  assert.match(await page.locator('.banner').textContent(), /not shown: not found/);
  assert.match(await page.locator('#L12').textContent(), /copies a map/);
  await page.clean();
  page = await open(small.url('f/src+plain.c.html'));
  assert.match(await page.locator('.banner').textContent(), /does not say which version/);
  assert.match(await page.locator('#L3').textContent(), /return a \+ b/);
  await page.clean();
});

test('states are words: changed says what was, suppressed why, fixed stands apart', async () => {
  const page = await open(small.url(cache));
  assert.match(await page.locator('.f.changed').textContent(), /changed.*Before: address of Count escapes/s);
  assert.match(await page.locator('.f.suppressed').textContent(), /suppressed.*Why suppressed: the lock is taken/s);
  assert.match(await page.locator('.whole').textContent(), /Gone since.*fixed.*shared variable Total/s);
  assert.equal(await page.locator('.c .f.fixed').count(), 0);
  const header = await open(small.url('f/src+cache.h.html'));
  assert.match(await header.locator('.f.escape').textContent(), /in 3 units, 12 instances/);
  await header.clean();
  await page.clean();
});

test('without sources only the text is missing', async () => {
  const bare = fixture('small', '--no-sources');
  const page = await open(bare.url(cache));
  assert.equal(await page.getByText('Prices.find').count(), 0);
  assert.match(await page.locator('#L25').textContent(), /map Prices is written/);
  await page.clean();
});
