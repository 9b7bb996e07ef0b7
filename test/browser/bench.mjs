// What the pages cost a browser: node bench.mjs BIN-DIRECTORY [ROUNDS]. A program, not a test; prints a table for
// reports/README.md. Every row is the median over the rounds, in which the cases take turns, and each case has a new page.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const [bin, rounds = 5] = process.argv.slice(2);
if (!bin) { console.error('usage: node bench.mjs BIN-DIRECTORY [ROUNDS]'); process.exit(2); }
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'emm-bench-'));
const seconds = {};
for (const kind of ['large', 'huge']) {
  const t = process.hrtime.bigint();
  execFileSync(path.join(bin, 'emm-page-fixture'), [kind, path.join(dir, kind)]);
  seconds[kind] = Number(process.hrtime.bigint() - t) / 1e9;
}

// The anchor: the same 50,000 lines as a table, one row a line.
const html = fs.readFileSync(path.join(dir, 'large/f/big.c.html'), 'utf8');
const lines = html.slice(html.indexOf('<article')).split('<li id=').slice(1).map(l => l.slice(l.indexOf('>') + 1).split(/<button|<details|\n/)[0]);
fs.writeFileSync(path.join(dir, 'table.html'), '<!DOCTYPE html><html lang=en><meta charset=utf-8><title>table</title><style>td{white-space:pre-wrap;font:13px/20px monospace}</style><table>'
  + lines.map((l, i) => `<tr><td id=L${i + 1}>${i + 1}<td>${l}<td><td><td>`).join('\n') + '</table>');

const browser = await chromium.launch({executablePath: process.env.EMM_CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']});
const frame = page => page.evaluate(() => new Promise(r => requestAnimationFrame(() => setTimeout(r))));
const samples = new Map();
const note = (name, ms) => samples.set(name, [...(samples.get(name) || []), ms]);

async function visit(file) {
  const page = await browser.newPage({viewport: {width: 1440, height: 900}});
  const t = performance.now();
  await page.goto(pathToFileURL(path.join(dir, file)).href, {waitUntil: 'load'});
  await frame(page);
  return {page, ms: performance.now() - t, first: await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)};
}
async function source(name, file) {
  const {page, ms} = await visit(file);
  note(`${name}: loaded and drawn`, ms);
  const t = performance.now();
  await page.evaluate(() => { location.hash = '#L49000'; });
  await frame(page);
  note(`${name}: jump to line 49,000`, performance.now() - t);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const metrics = Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map(m => [m.name, m.value]));
  note(`${name}: nodes`, metrics.Nodes);
  await page.close();
}
for (let i = 0; i < rounds; ++i) {
  {
    const {page, first} = await visit('large/index.html');
    note('index, 100,000 findings: first rows', first);
    await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
    note('index, 100,000 findings: table complete', await page.evaluate(() => performance.now()));
    for (const q of ['m', 'map', 'map table', 'function12 cost=3', '']) {
      const [filtered, drawn] = await page.evaluate(async q => {
        const input = document.getElementById('q'), t = performance.now();
        input.value = q;
        input.dispatchEvent(new Event('input'));
        const a = performance.now() - t;
        await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
        return [a, performance.now() - t];
      }, q);
      note('index, 100,000 findings: filter', filtered);
      note('index, 100,000 findings: filter, until drawn', drawn);
    }
    await page.close();
  }
  await source('source, 50,000 lines', 'large/f/big.c.html');
  await source('source, 243,000 lines', 'huge/f/big.c.html');
  await source('the same 50,000 lines as a table', 'table.html');
}
const version = browser.version();
await browser.close();
fs.rmSync(dir, {recursive: true});

const median = a => [...a].sort((x, y) => x - y)[Math.floor(a.length / 2)];
console.log(`${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} x ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}, Chromium ${version}, Node ${process.version}, ${rounds} rounds\n`);
console.log('| case | median | least |\n|---|---|---|');
for (const [name, ms] of samples) {
  const show = name.endsWith('nodes') ? v => String(v) : v => `${(v / 1000).toFixed(2)} s`;
  console.log(`| ${name} | ${show(median(ms))} | ${show(Math.min(...ms))} |`);
}
console.log(`| writing the report of 100,000 findings and 400 sources | ${seconds.large.toFixed(1)} s | |`);
