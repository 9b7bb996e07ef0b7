// From the compiler to the page: examples compiled with the plugin, read by emm, shown in the browser. What the page counts
// is what the log and SARIF count, and each id leads to its row under the line that the log names.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {pathToFileURL} from 'node:url';
import {inventory, inView, open, scratch, settled, tool} from './harness.mjs';

const clang = (process.env.EMM_CLANG || 'clang-22').replace('clang', 'clang++');
const plugin = path.join(process.env.EMM_BIN, '../lib/emm.so');
const examples = new URL('../examples/std/', import.meta.url).pathname;
const emm = (...args) => execFileSync(tool('emm'), args, {encoding: 'utf8', maxBuffer: 1 << 28});

let objects, log, url;
function build() {
  if (objects) return;
  objects = path.join(scratch(), 'objects');
  fs.mkdirSync(objects);
  for (const name of ['returned-racy', 'read-write-racy', 'captured-by-thread-racy', 'returned-closure-dangling']) {
    const run = spawnSync(clang, ['-std=c++20', '-O2', '-g', '-fpass-plugin=' + plugin, '-c', examples + name + '.cpp', '-o', path.join(objects, name + '.o')], {encoding: 'utf8'});
    assert.equal(run.status, 0, run.stderr);
  }
  log = emm('log', '--format=json', objects).split('\n').filter(Boolean).map(l => JSON.parse(l));
  assert.ok(log.filter(f => f.level === 'warning').length >= 4);
  const dir = path.join(scratch(), 'report');
  emm('report', objects, '-o', dir);
  url = page => pathToFileURL(dir).href + '/' + page;
}
const key = f => [f.id, f.rule, f.level, f.line, f.message].join(' | ');

test('page, log and SARIF hold the same findings', async () => {
  build();
  const page = await open(url('index.html'));
  const shown = await inventory(page);
  assert.deepEqual(shown.map(key).sort(), log.map(key).sort());
  const sarif = JSON.parse(emm('log', '--format=sarif', objects));
  assert.deepEqual(sarif.runs[0].results.map(r => r.ruleId).sort(), shown.map(f => f.rule).sort());
  for (const file of new Set(log.map(f => f.file))) assert.equal(await page.locator('#files').getByRole('link', {name: file, exact: true}).count(), 1, file);
  await page.clean();
});

test('a warning stands under its line, with the steps of the log', async () => {
  build();
  for (const f of log.filter(f => f.level === 'warning')) {
    const index = await open(url('index.html#level=warning'));
    const href = await index.locator('.tbody .m a').filter({hasText: f.message}).first().getAttribute('href');
    await index.clean();
    const page = await open(url(href));
    await settled(page);
    const row = page.locator('#F' + f.id);
    assert.equal(await inView(page, '#F' + f.id), 'yes');
    assert.equal(await row.evaluate(e => e.closest('.c > ol > li').id), 'L' + f.line);
    assert.deepEqual(await row.locator('.steps .w').allTextContents(), f.steps.map(s => s.message));
    const text = fs.readFileSync(path.join(examples, path.basename(f.file)), 'utf8').split('\n');
    const word = await page.locator(`#L${f.line} mark[data-f="${f.id}"]`).textContent();
    assert.ok(text[f.line - 1].slice(f.column - 1).startsWith(word), word);
    await page.clean();
  }
});

test('a line of a real source is an address', async () => {
  build();
  const f = log.find(f => f.level === 'warning');
  const index = await open(url('index.html'));
  await index.locator('#files').getByRole('link', {name: f.file, exact: true}).click();
  const source = index.url();
  await index.clean();
  const page = await open(source + '#L' + f.line);
  await settled(page);
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.c > ol > li.on')].map(e => e.id)), ['L' + f.line]);
  assert.equal(await inView(page, '#L' + f.line), 'yes');
  await page.clean();
});

test('a source that changed after the compile is not annotated', async () => {
  build();
  const dir = path.join(scratch(), 'edited');
  fs.mkdirSync(dir);
  const file = path.join(dir, 'returned-racy.cpp');
  fs.copyFileSync(examples + 'returned-racy.cpp', file);
  spawnSync(clang, ['-std=c++20', '-O2', '-g', '-fpass-plugin=' + plugin, '-c', file, '-o', path.join(dir, 'a.o')]);
  fs.writeFileSync(file, '// one line more\n' + fs.readFileSync(file, 'utf8'));
  const report = path.join(scratch(), 'edited-report');
  emm('report', path.join(dir, 'a.o'), '--source-root', dir, '-o', report);
  const page = await open(pathToFileURL(report).href + '/f/returned-racy.cpp.html');
  assert.match(await page.locator('.banner').textContent(), /has changed since it was compiled/);
  assert.equal(await page.getByText('one line more').count(), 0);
  assert.ok(await page.locator('.nosrc .f.warning').count() >= 1);
  await page.clean();
});
