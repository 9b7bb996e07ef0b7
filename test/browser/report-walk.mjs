// Drives the report of a program in the browser; for lit tests, which build the program. EMM_REPORT is the report's folder,
// EMM_LOG a file with `emm log --format=json` of the same objects.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import {pathToFileURL} from 'node:url';
import {inventory, inView, open, settled} from './harness.mjs';

const findings = fs.readFileSync(process.env.EMM_LOG, 'utf8').split('\n').filter(Boolean).map(l => JSON.parse(l));
const url = page => pathToFileURL(process.env.EMM_REPORT).href + '/' + page;
const warnings = findings.filter(f => f.level === 'warning');

test('the index lists the files and holds what the log holds', async () => {
  assert.ok(findings.length && warnings.length);
  const page = await open(url('index.html'));
  const files = new Set(findings.map(f => f.file));
  for (const file of files) assert.equal(await page.locator('#files').getByRole('link', {name: file, exact: true}).count(), 1, file);
  assert.deepEqual((await inventory(page)).map(f => f.id).sort(), findings.map(f => f.id).sort());
  await page.clean();
});

test('each warning is reached from the index and stands open under its line', async () => {
  for (const f of warnings) {
    const page = await open(url('index.html#level=warning'));
    const link = page.locator(`.tbody .m a[href$="#F${f.id}"]`);
    assert.equal(await link.textContent(), f.message);
    await link.click();
    await page.waitForURL(/\/f\//);
    await settled(page);
    assert.ok(page.url().endsWith(`/f/${f.file}.html#F${f.id}`), page.url());
    assert.equal(await inView(page, '#F' + f.id), 'yes');
    assert.equal(await page.locator('#F' + f.id).evaluate(e => e.open && e.closest('.c > ol > li').id), 'L' + f.line);
    await page.clean();
  }
});

test('a link to a line lands on it', async () => {
  const f = warnings[warnings.length - 1];
  const page = await open(url(`f/${f.file}.html#L${f.line}`));
  await settled(page);
  assert.equal(await inView(page, '#L' + f.line), 'yes');
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.c > ol > li.on')].map(e => e.id)), ['L' + f.line]);
  await page.clean();
});
