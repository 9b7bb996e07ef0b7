// The highlighter's lexer against its oracle: clang's raw lexer on the same bytes, over headers nobody here wrote, the
// project's own sources, a file of hard cases, and mutations of all of them.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {random, scratch, tool} from './harness.mjs';

const clang = process.env.EMM_CLANG || 'clang-22';
const dump = tool('emm-lexer-dump');

const kinds = kind => /string_literal|header_name/.test(kind) ? 'string'
  : /char_constant/.test(kind) ? 'character'
  : {raw_identifier: 'identifier', numeric_constant: 'number', comment: 'comment'}[kind] || null;

// Tokens of clang as [kind, offset, length]. White space is kept by clang, so a token ends where the next begins.
function oracle(file, language) {
  const std = language === 'c' ? ['-x', 'c', '-std=gnu23'] : ['-x', 'c++', '-std=gnu++20'];
  const run = spawnSync(clang, ['-cc1', ...std, '-dump-raw-tokens', file], {maxBuffer: 1 << 28, encoding: 'latin1'});
  const bytes = fs.readFileSync(file);
  const starts = [0];
  for (let i = 0; i < bytes.length; ++i)
    if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) starts.push(i + 1);
  const tokens = [];
  const record = /([a-z_0-9]+) '([^]*?)\tLoc=<[^\n]*?:(\d+):(\d+)>\n/gy;
  let m;
  while ((m = record.exec(run.stderr))) tokens.push({kind: m[1], text: m[2], at: starts[m[3] - 1] + +m[4] - 1});
  return tokens.map((t, i) => {
    let kind = kinds(t.kind);
    // What is unterminated has no kind in raw mode; a reader still wants it coloured.
    if (t.kind === 'unknown' && /^(u8|[uUL])?R?"/.test(t.text)) kind = 'string';
    if (t.kind === 'unknown' && /^(u8|[uUL])?'/.test(t.text)) kind = 'character';
    if (t.kind === 'unknown' && t.text.startsWith('/*')) kind = 'comment';
    // Line splices before a token belong to it for clang.
    const end = tokens[i + 1]?.at ?? bytes.length;
    const splices = /^(\\[ \t\f\v]*(\r\n|\n|\r))*/.exec(bytes.subarray(t.at, end).toString('latin1'))[0].length;
    return {kind, at: t.at + splices, length: end - t.at - splices, raw: t.kind};
  }).filter(t => t.raw !== 'eof');
}

function compare(file, language) {
  const want = oracle(file, language).filter(t => t.kind).map(t => `${t.kind} ${t.at} ${t.length}`);
  const bytes = fs.readFileSync(file);
  const got = execFileSync(dump, [file, language], {maxBuffer: 1 << 28, encoding: 'utf8'}).split('\n').filter(Boolean);
  // Letters outside ASCII: clang rejects some characters in identifiers, which no reader sees a difference in.
  const foreign = t => { const [kind, at, n] = t.split(' '); return kind === 'identifier' && bytes.subarray(+at, +at + +n).some(b => b >= 0x80); };
  const a = want.filter(t => !foreign(t)), b = got.filter(t => !foreign(t));
  const i = a.findIndex((t, k) => t !== b[k]);
  if (i < 0 && a.length === b.length) return null;
  const k = i < 0 ? a.length : i;
  const at = +(a[k] ?? b[k]).split(' ')[1];
  return `clang: ${a[k]}, here: ${b[k]}, at ${JSON.stringify(bytes.subarray(Math.max(0, at - 30), at + 50).toString('latin1'))}`;
}

const isScript = (file) => fs.readFileSync(file).subarray(0, 2).toString() === '#!';

function corpus() {
  const files = [];
  const walk = (folder, every) => {
    let n = 0;
    for (const e of fs.readdirSync(folder, {recursive: true, withFileTypes: true}).sort((x, y) => (x.name < y.name ? -1 : 1))) {
      const file = path.join(e.parentPath ?? e.path, e.name);
      if (e.isFile() && !file.includes('node_modules') && /(\.(c|h|cc|cpp|hpp|tcc|def|inc)|^[^.]*)$/.test(e.name) && !isScript(file) && n++ % every === 0) files.push(file);
    }
  };
  walk('/usr/include/c++', 12);
  walk('/usr/include/linux', 24);
  walk('/usr/lib/llvm-22/include/llvm/ADT', 8);
  for (const own of ['reports', 'passes', 'runtime']) walk(path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..', own), 1);
  return files;
}

test('hard cases', () => {
  const file = new URL('lexer-cases.txt', import.meta.url).pathname;
  assert.equal(compare(file, 'c++'), null);
  assert.equal(compare(file, 'c'), null);
});

test('a corpus of headers and sources', () => {
  const files = corpus();
  assert.ok(files.length > 100, `only ${files.length} files`);
  for (const f of files) assert.equal(compare(f, f.endsWith('.c') ? 'c' : 'c++'), null, f);
});

test('mutations', () => {
  const next = random(20);
  const seeds = [new URL('lexer-cases.txt', import.meta.url).pathname, ...corpus().filter((_, i) => i % 9 === 0)];
  const file = path.join(scratch(), 'mutant.cpp');
  const splinters = ['"', "'", '\\\n', '/*', '*/', '//', 'R"(', ')"', 'u8', '\r\n', '.', '1e+', '\\', '#', '\n', 'L\'', '\\u00e9', '\t'];
  for (const seed of seeds)
    for (let round = 0; round < 6; ++round) {
      let text = fs.readFileSync(seed, 'latin1').slice(0, 6000);
      for (let k = 0; k < 12; ++k) {
        const at = next(text.length), s = splinters[next(splinters.length)];
        text = text.slice(0, at) + s + text.slice(at + next(3));
      }
      fs.writeFileSync(file, text, 'latin1');
      const language = round % 2 ? 'c' : 'c++';
      const difference = compare(file, language);
      if (difference) fs.copyFileSync(file, path.join(scratch(), 'kept.cpp'));
      assert.equal(difference, null, `${seed}, round ${round}, ${language}`);
    }
});
