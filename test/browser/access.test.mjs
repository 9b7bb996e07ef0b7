// Readable by everyone: axe in both themes, without a script, under a policy without inline style and script, on a
// narrow screen, with forced colours, on paper.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import test from 'node:test';
import {fixture, launch, open, settled} from './harness.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const small = fixture('small');
const hostile = fixture('hostile');
const single = fixture('small', '--single');
const cache = 'f/src+cache.cpp.html';

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const r = await globalThis.axe.run(document, {preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']});
    return r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 200)}`));
  });
}

for (const colorScheme of ['light', 'dark'])
  test(`axe finds nothing, ${colorScheme}`, async () => {
    const urls = [small.url('index.html'), small.url('index.html#level=warning'), small.url(cache), small.url('f/src+changed.cpp.html'),
                  small.url('rules.html'), hostile.url('index.html'), single.url()];
    for (const url of urls) {
      const page = await open(url, {colorScheme});
      await settled(page);
      assert.deepEqual(await violations(page), [], url);
      // Everything unfolded, so that what is inside is looked at too.
      await page.evaluate(() => { for (const d of document.querySelectorAll('.src details')) d.open = true; });
      await settled(page);
      assert.deepEqual(await violations(page), [], url);
      await page.clean();
    }
  });

test('axe finds nothing in the list of keys and on a narrow screen', async () => {
  for (const [url, options] of [[small.url('index.html'), {viewport: {width: 400, height: 800}}], [small.url(cache), {viewport: {width: 400, height: 800}}]]) {
    const page = await open(url, options);
    assert.deepEqual(await violations(page), [], url);
    await page.keyboard.press('?');
    assert.deepEqual(await violations(page), [], url);
    await page.clean();
  }
});

test('nothing is wider than a narrow screen', async () => {
  for (const url of [small.url('index.html'), small.url(cache), small.url('rules.html'), hostile.url('index.html'), single.url()]) {
    const page = await open(url, {viewport: {width: 400, height: 800}});
    await settled(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), url);
    await page.clean();
  }
});

test('without a script the pages are complete', async () => {
  const page = await open(small.url('index.html'), {javaScriptEnabled: false});
  const text = await page.locator('main').innerText();
  for (const part of ['Gate failed', 'map Prices is written', 'map/concurrent-write', 'src/cache.cpp:25', 'By rule', 'obj/tool.o'])
    assert.ok(text.includes(part), part);
  assert.equal(await page.locator('.rows a.m').count() >= 20, true);
  await page.locator('#new .rows a.m').click();
  assert.match(page.url(), /src\+cache\.cpp\.html#F/);
  assert.ok(await page.locator('.f.map.new').isVisible());
  await page.locator('.f.map.new summary').click();
  assert.ok(await page.locator('.f.map.new .steps').isVisible());
  assert.ok(await page.locator('.d').first().isVisible());
  await page.locator('#fam-inline').uncheck();
  assert.ok(!await page.locator('.d').first().isVisible());
  assert.ok(!await page.locator('.tools').count());
  await page.clean();
});

test('under a policy without script and inline style the pages keep their look', async () => {
  const page = await open(null, {});
  const types = {'.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript'};
  await page.route('http://ci.test/**', route => {
    const file = path.join(small.dir, decodeURIComponent(new URL(route.request().url()).pathname));
    const headers = {'content-security-policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'self'", 'content-type': types[path.extname(file)] || 'text/plain'};
    return fs.existsSync(file) ? route.fulfill({body: fs.readFileSync(file), headers}) : route.fulfill({status: 404});
  });
  await page.goto('http://ci.test/index.html');
  const style = await page.evaluate(() => getComputedStyle(document.querySelector('.verdict')).borderLeftWidth).catch(() => null);
  assert.equal(style ?? '4px', '4px');
  assert.ok(await page.locator('#new .rows a.m').isVisible());
  await page.goto('http://ci.test/' + cache);
  const box = await page.locator('.f.map.new').boundingBox();
  assert.ok(box.x > 60, 'the style sheet is applied');
  assert.equal(await page.locator('.tools').count(), 0);
  await page.context().close();
});

// Whether there is anything to see in an element: computed styles do not tell what forced colours paint.
async function inked(page, selector) {
  const png = [...await page.locator(selector).first().screenshot()];
  const blank = await (await launch()).newPage();
  const colours = await blank.evaluate(async bytes => {
    const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], {type: 'image/png'}));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return new Set(new Uint32Array(canvas.getImageData(0, 0, image.width, image.height - 3).data.buffer)).size;
  }, png);
  await blank.close();
  return colours > 3;
}

for (const colorScheme of ['light', 'dark']) test(`forced colours keep levels and marks apart, ${colorScheme}`, async () => {
  const page = await open(small.url(cache + '#L30'), {forcedColors: 'active', colorScheme});
  await settled(page);
  const look = await page.evaluate(() => {
    const s = (q, p) => getComputedStyle(document.querySelector(q))[p];
    return {border: s('.f.warning', 'borderLeftWidth'), mark: s('mark.w', 'textDecorationStyle'), line: s('#L30', 'outlineStyle'),
            icons: new Set([...document.querySelectorAll('.f .ic')].map(e => e.textContent)).size};
  });
  assert.deepEqual(look, {border: '3px', mark: 'wavy', line: 'solid', icons: 2});
  for (const word of ['#L31 mark.w', '#L30 mark:not(.w)', '#L30 .d, #L37 .d', '.f.warning .m', '.steps a', '#L3 u', '.outline a'])
    assert.ok(!await page.locator(word).first().isVisible() || await inked(page, word), word);
  await page.clean();
});

test('the keyboard reaches rows, and shows where it is', async () => {
  const page = await open(small.url(cache));
  const stops = [];
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => {
      const e = document.activeElement, s = getComputedStyle(e);
      return {what: e.tagName + '.' + e.className, ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2};
    }));
  }
  assert.equal(stops[0].what, 'A.skip');
  assert.deepEqual(stops.filter(s => !s.ring), []);
  assert.ok(stops.some(s => s.what.startsWith('SUMMARY')));
  await page.clean();
});

test('the tree that assistive technology gets names the levels and the lines', async () => {
  const page = await open(small.url(cache));
  const tree = await page.locator('body').ariaSnapshot();
  for (const part of ['banner', 'main', 'contentinfo', 'navigation "Findings in src/cache.cpp"', 'heading "src/cache.cpp" [level=1]', 'warning new map Prices is written'])
    assert.ok(tree.includes(part), part + '\n' + tree.slice(0, 3000));
  await page.clean();
});

test('on paper everything is unfolded and the tools are gone', async () => {
  const page = await open(small.url(cache));
  await page.emulateMedia({media: 'print'});
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok(await page.locator('.f.map.new .steps').isVisible());
  assert.ok(!await page.locator('.fams').isVisible());
  const pdf = await page.pdf({format: 'A4'});
  assert.ok(pdf.length > 20000 && pdf.subarray(0, 5).toString() === '%PDF-');
  await page.clean();
});
