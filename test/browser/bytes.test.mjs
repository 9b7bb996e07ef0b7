// The written files: the same bytes in every run, nothing of others destroyed, nothing half-written.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {scratch, tool} from './harness.mjs';

const write = (kind, dir, ...options) => execFileSync(tool('emm-page-fixture'), [kind, dir, ...options]);
const tree = dir => Object.fromEntries(fs.readdirSync(dir, {recursive: true}).sort()
  .filter(n => fs.statSync(path.join(dir, n)).isFile())
  .map(n => [n, createHash('sha256').update(fs.readFileSync(path.join(dir, n))).digest('hex')]));

test('threads, runs and directories leave no trace', () => {
  const base = path.join(scratch(), 'a/deeper/one');
  for (const kind of ['small', 'hostile', 'large']) {
    write(kind, base + kind, '--threads=1');
    const expected = tree(base + kind);
    assert.ok(Object.keys(expected).length > 8);
    for (const threads of ['--threads=1', '--threads=4', '--threads=3']) {
      const other = path.join(scratch(), 'b' + kind + threads);
      write(kind, other, threads);
      assert.deepEqual(tree(other), expected, kind + threads);
    }
  }
  write('small', path.join(scratch(), 's1.html'), '--single', '--threads=1');
  write('small', path.join(scratch(), 's2.html'), '--single', '--threads=4');
  assert.ok(fs.readFileSync(path.join(scratch(), 's1.html')).equals(fs.readFileSync(path.join(scratch(), 's2.html'))));
});

test('no page holds a path of this machine, a time or an inline style', () => {
  const dir = path.join(scratch(), 'leak');
  write('small', dir);
  for (const name of Object.keys(tree(dir))) {
    const text = fs.readFileSync(path.join(dir, name), 'utf8');
    assert.ok(!text.includes('/fixture/') && !text.includes(scratch()), name);
    if (name.endsWith('.html')) assert.ok(!/ style=| on[a-z]+="/.test(text.replace(/<pre>[^]*?<\/pre>/g, '')), name);
  }
});

test('an older report is replaced as a whole', () => {
  const dir = path.join(scratch(), 'replaced');
  write('large', dir);
  write('small', dir);
  const fresh = path.join(scratch(), 'fresh');
  write('small', fresh);
  assert.deepEqual(tree(dir), tree(fresh));
  assert.deepEqual(fs.readdirSync(scratch()).filter(n => n.includes('.tmp-')), []);
});

test('a directory that emm did not write is left alone', () => {
  const dir = path.join(scratch(), 'home');
  fs.mkdirSync(dir);
  fs.writeFileSync(path.join(dir, 'thesis.txt'), 'precious');
  const run = spawnSync(tool('emm-page-fixture'), ['small', dir], {encoding: 'utf8'});
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^emm: error: .*home: exists and was not written by emm[^\n]*\n$/);
  assert.deepEqual(fs.readdirSync(dir), ['thesis.txt']);
  const file = path.join(dir, 'thesis.txt');
  const onFile = spawnSync(tool('emm-page-fixture'), ['small', file], {encoding: 'utf8'});
  assert.match(onFile.stderr, /^emm: error: .*thesis\.txt: exists and is no directory\n$/);
  assert.equal(fs.readFileSync(file, 'utf8'), 'precious');
  assert.deepEqual(fs.readdirSync(scratch()).filter(n => n.includes('.tmp-')), []);
});

test('a single file that no browser would thank for is refused', () => {
  const file = path.join(scratch(), 'huge.html');
  const run = spawnSync(tool('emm-page-fixture'), ['huge', file, '--single'], {encoding: 'utf8'});
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^emm: error: .*one file would hold \d+\.\d MB, above the limit of 20\.0 MB/);
  assert.ok(!fs.existsSync(file));
});

test('a place that cannot be written is one line', () => {
  const run = spawnSync(tool('emm-page-fixture'), ['small', '/proc/emm-report'], {encoding: 'utf8'});
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^emm: error: [^\n]+\n$/);
});
