// What every page test needs: the fixtures, a browser that may not touch a network, and pages that remember what went
// wrong in them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after} from 'node:test';
import {pathToFileURL} from 'node:url';

const binaries = process.env.EMM_BIN;
assert.ok(binaries, 'EMM_BIN names the directory of the test tools');
export const tool = name => path.join(binaries, name);

let folder, browser;
// Registered here, at the top: inside a test it would run when that test ends.
after(async () => {
  await browser?.close();
  if (folder) fs.rmSync(folder, {recursive: true, force: true});
});
export function scratch() {
  folder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'emm-browser-'));
  return folder;
}

// Numbers that are the same in every run.
export function random(seed) {
  let s = seed >>> 0;
  return n => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}

const written = new Map();
// Writes a fixture once; returns {dir, total, url(path)}.
export function fixture(kind, ...options) {
  const key = [kind, ...options].join(' ');
  if (!written.has(key)) {
    const dir = path.join(scratch(), key.replace(/\W+/g, '-') + (options.includes('--single') ? '.html' : ''));
    const total = +execFileSync(tool('emm-page-fixture'), [kind, dir, ...options], {encoding: 'utf8'});
    written.set(key, {dir, total, url: (page = '') => pathToFileURL(dir).href + (page && '/' + page)});
  }
  return written.get(key);
}

// Ids of all findings of a report, from the shards: [{id, page, href}].
export async function inventory(page) {
  return page.evaluate(async () => {
    const t = await emm.Table.load();
    return Array.from({length: t.total}, (_, i) => ({
      id: t.id(i), page: t.f[i] ? t.pages[t.f[i] - 1] : '', line: t.l[i], level: emm.levels[t.v[i]], state: emm.states[t.s[i]],
      message: t.words[t.m[i]], rule: t.rules[t.r[i]][0]}));
  });
}

export async function launch() {
  if (!browser) {
    const {chromium} = await import('playwright-core');
    browser = await chromium.launch({
      executablePath: process.env.EMM_CHROMIUM || '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--force-color-profile=srgb',
             '--font-render-hinting=none', '--disable-lcd-text'],
    });
  }
  return browser;
}

// A page in a context of its own. Complaints collects console errors, uncaught errors, dialogs, violations of the
// policy and requests that leave the disk; a test ends with page.clean().
export async function open(url, options = {}) {
  const context = await (await launch()).newContext({viewport: {width: 1440, height: 900}, locale: 'en-US', timezoneId: 'UTC',
                                                     reducedMotion: 'reduce', ...options});
  const page = await context.newPage();
  const complaints = [];
  page.on('console', m => { if (['error', 'warning'].includes(m.type())) complaints.push('console: ' + m.text()); });
  page.on('pageerror', e => complaints.push('error: ' + e.message));
  page.on('dialog', d => { complaints.push('dialog: ' + d.message()); d.dismiss(); });
  page.on('request', r => { if (!/^(file|data|blob):/.test(r.url())) complaints.push('request: ' + r.url()); });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI));
  });
  page.complaints = complaints;
  page.clean = async () => {
    if (options.javaScriptEnabled !== false)
      complaints.push(...(await page.evaluate(() => globalThis.violations ?? [])).map(v => 'violation: ' + v));
    assert.deepEqual(complaints, []);
    await context.close();
  };
  if (url) {
    await page.goto(url, {waitUntil: 'load'});
    if (options.javaScriptEnabled !== false && /index\.html/.test(url)) await page.waitForFunction(() => document.documentElement.dataset.ready === '1');
  }
  return page;
}

export const settled = page => page.evaluate(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 30)))));
export const inView = (page, selector) => page.evaluate(s => {
  const e = document.querySelector(s);
  if (!e) return 'missing';
  const r = e.getBoundingClientRect();
  return r.top >= 0 && r.top < innerHeight ? 'yes' : `at ${r.top} of ${innerHeight}`;
}, selector);
