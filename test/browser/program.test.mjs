// A race that no unit shows alone, walked in the browser as a reader would: from the index to the access, along the chain
// through the other units, and back. The sources are those of test/program/four-units.test; each is compiled by itself.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {pathToFileURL} from 'node:url';
import {inView, open, scratch, settled, tool} from './harness.mjs';

const clang = (process.env.EMM_CLANG || 'clang-22').replace('clang', 'clang++');
const plugin = path.join(process.env.EMM_BIN, '../lib/emm.so');
const story = new URL('../program/four-units.test', import.meta.url).pathname;

// Folder of the sources; their names.
function write() {
  const dir = path.join(scratch(), 'program');
  fs.mkdirSync(dir);
  const parts = fs.readFileSync(story, 'utf8').split(/^\/\/--- (\S+)\n/m).slice(1);
  const names = [];
  for (let i = 0; i < parts.length; i += 2) {
    fs.writeFileSync(path.join(dir, parts[i]), parts[i + 1]);
    names.push(parts[i]);
  }
  return {dir, names};
}

test('a race across units is walked from the index through every unit', async () => {
  const {dir, names} = write();
  const units = names.filter(n => n.endsWith('.cpp'));
  assert.ok(units.length >= 4);
  for (const unit of units) {
    const run = spawnSync(clang, ['-std=c++20', '-O2', '-g', '-fpass-plugin=' + plugin, '-c', unit], {cwd: dir, encoding: 'utf8'});
    assert.equal(run.status, 0, run.stderr);
    assert.doesNotMatch(run.stderr, /warning:/, unit + ' alone shows nothing');
  }
  const objects = units.map(u => path.join(dir, u.replace('.cpp', '.o')));
  const warnings = execFileSync(tool('emm'), ['log', '--format=json', ...objects], {encoding: 'utf8'}).split('\n').filter(Boolean)
    .map(l => JSON.parse(l)).filter(f => f.level === 'warning');
  assert.equal(warnings.length, 1);
  const [race] = warnings;
  const report = path.join(scratch(), 'program-report');
  execFileSync(tool('emm'), ['report', ...objects, '-o', report, '--source-root', dir], {encoding: 'utf8'});

  const page = await open(pathToFileURL(report).href + '/index.html#level=warning');
  const rows = page.locator('.tbody .m a');
  assert.deepEqual(await rows.allTextContents(), [race.message]);
  await rows.first().click();
  await page.waitForURL(/\/f\//);
  await settled(page);
  assert.match(page.url(), /\/f\/c\.cpp\.html#F/);
  const access = page.url();
  assert.equal(await inView(page, '#F' + race.id), 'yes');

  // The chain: the words and places of the log, in its order, in all four units and the header.
  const steps = page.locator(`#F${race.id} .steps li`);
  assert.deepEqual(await steps.locator('.w').allTextContents(), race.steps.map(s => s.message));
  const visited = new Set();
  for (let i = 0; i < race.steps.length; ++i) {
    const link = steps.nth(i).locator('a.at');
    assert.equal(await link.count(), 1, race.steps[i].message);
    await link.click();
    const {file, line} = race.steps[i];
    await page.waitForURL(u => u.hash === '#L' + line);
    await settled(page);
    const there = new URL(page.url());
    assert.ok(there.pathname.endsWith(`/f/${path.basename(file)}.html`), `${there.pathname} for ${file}`);
    assert.equal(there.hash, '#L' + line);
    assert.equal(await inView(page, '#L' + line), 'yes');
    const shown = await page.locator(`#L${line}`).evaluate(li => {
      const copy = li.cloneNode(true);
      for (const row of copy.querySelectorAll('details')) row.remove();
      return copy.textContent;
    });
    assert.ok(shown.includes(fs.readFileSync(path.join(dir, path.basename(file)), 'utf8').split('\n')[line - 1].trim()), shown);
    visited.add(path.basename(file));
    await page.goto(access);
    await settled(page);
  }
  assert.deepEqual([...visited].sort(), [...names].sort());
  await page.clean();
});
