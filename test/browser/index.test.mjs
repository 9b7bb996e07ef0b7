// The index page with one of everything: what stands first, counts, filters and their address, keys, links to findings.
import assert from 'node:assert/strict';
import test from 'node:test';
import {fixture, inventory, open, settled} from './harness.mjs';

const small = fixture('small');
const count = page => page.locator('.count').textContent();

test('the verdict is first, then what is incomplete, new, changed and fixed', async () => {
  const page = await open(small.url('index.html'));
  const order = await page.evaluate(() => [...document.querySelector('.front').children].map(e => e.id || e.className.split(' ')[0]));
  assert.deepEqual(order, ['verdict', 'problems', 'new', 'changed', 'fixed', 'findings', 'totals']);
  assert.match(await page.locator('.verdict').textContent(), /Gate failed.*1 new warning/s);
  assert.match(await page.locator('.problems').textContent(), /obj\/tool\.o: no record/);
  await page.clean();
});

test('every finding is counted and each address leads to its row', async () => {
  const page = await open(small.url('index.html'));
  const all = await inventory(page);
  assert.equal(all.length, small.total);
  assert.equal(await count(page), `${small.total} findings`);
  const seen = new Set();
  for (let y = 0; y < 3000; y += 300) {
    await page.evaluate(y => scrollTo(0, y), y);
    await settled(page);
    for (const i of await page.locator('.tbody .row').evaluateAll(r => r.map(e => e.getAttribute('aria-rowindex')))) seen.add(+i);
  }
  assert.equal(seen.size, small.total);
  await page.clean();
  for (const f of all) {
    const target = await open(small.url(`${f.page}#F${f.id}`));
    await settled(target);
    const state = await target.evaluate(id => {
      const e = document.getElementById('F' + id);
      return e && {seen: e.checkVisibility(), marked: e.classList.contains('on'), text: e.querySelector('.m').textContent,
                   focus: document.activeElement === e.querySelector('summary')};
    }, f.id);
    assert.deepEqual(state, {seen: true, marked: true, text: f.message, focus: true}, f.message);
    await target.clean();
  }
});

test('search, facets and order are in the address and come back from it', async () => {
  const page = await open(small.url('index.html'));
  await page.fill('#q', 'hits prices');
  assert.equal(await count(page), `0 of ${small.total} findings`);
  await page.fill('#q', 'cache::price');
  const found = await count(page);
  assert.match(found, /^[1-9]\d* of /);
  await page.click('.facet button:has-text("warning")');
  const narrowed = await count(page);
  assert.notEqual(narrowed, found);
  await page.selectOption('#sort', 'place');
  const address = page.url();
  for (const part of ['q=cache', 'level=warning', 'sort=place']) assert.ok(address.includes(part), address);

  const again = await open(address);
  assert.equal(await count(again), narrowed);
  assert.equal(await again.inputValue('#q'), 'cache::price');
  assert.equal(await again.locator('.facet button[aria-pressed=true]').count(), 1);
  await again.clean();

  await page.goBack();
  await settled(page);
  assert.ok(!page.url().includes('sort=place'));
  await page.goBack();
  await settled(page);
  assert.equal(await count(page), found);
  await page.click('.reset');
  assert.equal(await count(page), `${small.total} findings`);
  await page.clean();
});

test('search reaches files, functions, rules and ids', async () => {
  const page = await open(small.url('index.html'));
  const all = await inventory(page);
  const one = all.find(f => f.rule === 'map/no-hint');
  for (const q of [one.id, 'changed.cpp', 'no-hint', 'grows loop', 'GROWS LOOP']) {
    await page.fill('#q', q);
    const texts = await page.locator('.tbody .row .m a').allTextContents();
    assert.ok(texts.includes(one.message), `${q}: ${texts}`);
  }
  await page.clean();
});

test('facet counts say what a choice would show', async () => {
  const page = await open(small.url('index.html'));
  const buttons = page.locator('.facet button:has(.n)');
  const n = await buttons.count();
  assert.ok(n > 15);
  for (let i = 0; i < n; ++i) {
    const b = page.locator('.facet button:has(.n)').nth(i);
    const expected = await b.locator('.n').textContent();
    const name = await b.textContent();
    await b.click();
    const shown = (await count(page)).split(' ')[0];
    assert.equal(shown, expected, name);
    await page.click('.reset');
  }
  await page.clean();
});

test('keys work, not in fields, and can be switched off', async () => {
  const page = await open(small.url('index.html'));
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.row').getAttribute('aria-rowindex')), '3');
  await page.keyboard.press('k');
  assert.equal(await page.locator('.row.on').getAttribute('aria-rowindex'), '2');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('jkntop?');
  assert.equal(await page.inputValue('#q'), 'jkntop?');
  await page.fill('#q', '');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  assert.match(await page.locator('.row.on').textContent(), /new/);
  await page.keyboard.press('t');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  await page.keyboard.press('?');
  assert.ok(await page.locator('dialog').isVisible());
  await page.locator('#keys-on').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  await page.reload();
  await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
  await page.keyboard.press('j');
  assert.equal(await page.locator('.row.on').count(), 0);
  await page.getByRole('button', {name: 'Keys'}).click();
  await page.locator('#keys-on').check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await Promise.all([page.waitForURL(/f\/.*#F/), page.keyboard.press('o')]);
  await page.clean();
});

test('the rules page explains every rule and counts it', async () => {
  const page = await open(small.url('rules.html#map/concurrent-write'));
  assert.match(await page.locator('[id="map/concurrent-write"]').textContent(), /1 finding/);
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('.rule')].every(r => r.querySelector('p:not(.meta)')?.textContent.length > 20)), true);
  await page.click('[id="map/concurrent-write"] .meta a');
  await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
  assert.equal(await count(page), `1 of ${small.total} findings`);
  await page.clean();
});
