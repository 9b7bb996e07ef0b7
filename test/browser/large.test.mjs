// 100,000 findings and a source of 50,000 lines: nothing is lost, and the page stays small. Times are bench.mjs's.
import assert from 'node:assert/strict';
import test from 'node:test';
import {fixture, inventory, inView, open, settled} from './harness.mjs';

const large = fixture('large');
const count = async page => +(await page.locator('.count').textContent()).split(' ')[0].replaceAll(',', '');

test('the table holds every finding and few elements', async () => {
  const page = await open(large.url('index.html'));
  assert.equal(await count(page), large.total);
  assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), String(large.total + 1));
  assert.ok(await page.evaluate(() => document.querySelectorAll('*').length) < 3000);
  await page.evaluate(() => scrollTo(0, document.querySelector('.tbody').getBoundingClientRect().top + 47 * 99000));
  await settled(page);
  const indexes = await page.locator('.tbody .row').evaluateAll(r => r.map(e => +e.getAttribute('aria-rowindex')));
  assert.ok(indexes.length < 80 && indexes.every((v, i) => !i || v === indexes[i - 1] + 1), indexes.join());
  await page.clean();
});

test('filters agree with a plain count', async () => {
  const page = await open(large.url('index.html'));
  const all = await inventory(page);
  const expect = async (hash, wanted) => {
    await page.evaluate(h => { location.hash = h; }, hash);
    await settled(page);
    assert.equal(await count(page), all.filter(wanted).length, hash);
  };
  await expect('#level=warning', f => f.level === 'warning');
  await expect('#q=function12+cost%3D3', f => f.message.includes('function12') && f.message.includes('cost=3'));
  await expect('#rule=escape/heap&rule=inline/can', f => ['escape/heap', 'inline/can'].includes(f.rule));
  await expect('#family=inline&path=src/dir105', f => f.rule.startsWith('inline/') && f.page.includes('dir105%2B') || f.rule.startsWith('inline/') && f.page.includes('dir105+'));
  await page.clean();
});

test('50,000 lines are there for find-in-page, anchors and marks', async () => {
  const page = await open(large.url('f/big.c.html#L49000'));
  await settled(page);
  assert.equal(await inView(page, '#L49000'), 'yes');
  assert.equal(await page.locator('.c > ol > li').count(), 50000);
  assert.equal(await page.evaluate(() => { scrollTo(0, 0); getSelection().removeAllRanges(); return window.find('compute48994'); }), true);
  await settled(page);
  assert.equal(await page.evaluate(() => getSelection().toString()), 'compute48994');
  assert.equal(await inView(page, '#L48994'), 'yes');
  assert.ok(await page.evaluate(() => document.querySelectorAll('*').length) < 200000);
  await page.clean();
});

test('colours arrive with the view', async () => {
  const page = await open(large.url('f/big.c.html#L49000'));
  await page.waitForSelector('#L49000 b');
  const line = page.locator('#L49000');
  assert.deepEqual(await line.locator('b').allTextContents(), ['struct', 'int', 'const', 'char']);
  assert.deepEqual(await line.locator('i').allTextContents(), ['/* block 49000 */']);
  assert.deepEqual(await line.locator('u').allTextContents(), ['"n"']);
  assert.deepEqual(await line.locator('var').allTextContents(), ['49000']);
  assert.equal(await page.locator('#L20000 b').count(), 0);
  await page.clean();
});

test('findings beyond the budget of rows are fetched, by address and by click', async () => {
  const page = await open(large.url('index.html'));
  const all = await inventory(page);
  await page.clean();
  const big = all.filter(f => f.page.endsWith('big.c.html'));
  assert.ok(big.length > 33000, String(big.length));
  const crowd = big.filter(f => f.rule === 'gvn/LoadClobbered');
  assert.equal(crowd.length, 1300);
  for (const f of [crowd[0], crowd[700], crowd[1299], big[0], big[1234], big[20000], big.at(-1), big.find(f => f.level === 'warning' && f.line > 40000)]) {
    const target = await open(large.url(`${f.page}#F${f.id}`));
    await target.waitForSelector('#F' + f.id);
    await settled(target);
    await settled(target);
    assert.equal(await inView(target, '#F' + f.id), 'yes', JSON.stringify(f));
    assert.equal(await target.evaluate(id => document.getElementById('F' + id).closest('.c > ol > li').id, f.id), 'L' + f.line);
    assert.equal(await target.locator(`#F${f.id} .m`).textContent(), f.message);
    await target.clean();
  }
  const target = await open(large.url('f/big.c.html'));
  await target.locator('#L40 button.d.other').click();
  await target.waitForSelector('#L40 .lazy .f');
  assert.equal(await target.locator('#L40 .lazy .f').count(), 500);
  await target.locator('#L40 .lazy button').click();
  await target.waitForFunction(() => document.querySelectorAll('#L40 .lazy .f').length === 1000);
  assert.match(await target.locator('#L40 .lazy button').last().textContent(), /300 more/);
  const button = target.locator('#L40 > button.d.other');
  assert.equal(await target.locator('.lazy .f:visible').count(), 1000);
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  await button.click();
  assert.equal(await target.locator('.lazy .f:visible').count(), 0);
  await target.clean();
});
