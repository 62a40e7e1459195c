// The preview, as an author has it: files are saved, and an open browser follows.
import { after, afterEach, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { findings } from './lib/axe.mjs';
import { desktop, launch, phone, visit } from './lib/browser.mjs';
import { patience, pause, Shop, until } from './lib/preview.mjs';

const mug = 'content/products/cups/celadon-mug/index.md';
const address = '/cups/celadon-mug/';
const title = '天青釉手作马克杯 350 ml';
const script = /<script src="\/_\/client\.js"[^>]*><\/script>/;

const stage = { browser: null, origin: '' };
let shop;
before(async () => {
  shop = new Shop();
  await shop.start();
  stage.origin = shop.origin;
  stage.browser = await launch();
  await shop.built();
  assert.equal((await shop.state()).errors, 0, 'the sample shop has errors: run `shangjia check`');
});
after(async () => {
  await stage.browser?.close();
  await shop?.close();
});
// Each test finds the shop as it was, whole and at rest.
afterEach(async () => {
  shop.mend();
  await until('the shop is as it was', async () => (await shop.text(address)).includes(`<h1>${title}</h1>`));
  await until('all is mended', async () => (await shop.state()).errors === 0);
});

const bar = (page) => page.locator('shangjia-preview .bar');
const overlay = (page) => page.locator('shangjia-preview .overlay');
const heading = (page, text) => page.locator('h1', { hasText: text }).waitFor({ timeout: patience });
/** Marks the window, so that a reload is noticed. */
const mark = (page) => page.evaluate(() => { window.marked = true; });
const marked = (page) => page.evaluate(() => window.marked === true);
const wait = (page, test, arg) => page.waitForFunction(test, arg, { timeout: patience });
/** Opens a page of the shop and waits until it follows the server. */
async function open(page, path = address) {
  await page.goto(path);
  await bar(page).locator('.dot.good, .dot.bad').waitFor({ timeout: patience });
}
/** A visit where requests may fail, because the test breaks what it looks at. */
async function rough(act) {
  const context = await stage.browser.newContext({ viewport: desktop, baseURL: stage.origin });
  try {
    await act(await context.newPage());
  } finally {
    await context.close();
  }
}

test('a page is what the build writes, and our script', async () => {
  const site = shop.path('output/site');
  const files = readdirSync(site, { recursive: true }).map(String).filter((f) => statSync(join(site, f)).isFile());
  assert.ok(files.length > 200, `only ${files.length} files`);
  // Of pictures a few are enough.
  const looked = files.filter((file, n) => !file.startsWith('pictures/') || n % 9 === 0);
  await Promise.all(looked.map(async (file) => {
    const answer = await fetch(`${shop.origin}/${file.replace(/(^|\/)index\.html$/, '$1')}`);
    assert.equal(answer.status, 200, file);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const wanted = readFileSync(join(site, file));
    if (!file.endsWith('.html')) assert.ok(bytes.equals(wanted), file);
    else assert.equal(bytes.toString().replace(script, ''), wanted.toString(), file);
    assert.equal(script.test(bytes.toString()), file.endsWith('.html'), file);
  }));
});

test('a saved text shows in place; scroll, variant, form and open parts stay', () => visit(stage, {}, async (page) => {
  shop.edit('themes/mine/templates/product.html', '</article>', '</article><details class="size"><summary>尺寸</summary>口径 8 cm</details><input name="note">');
  await until('the template is in force', async () => (await shop.text(address)).includes('class="size"'));
  await open(page);
  await page.locator('details.size summary').click();
  await page.locator('input[name=note]').fill('两只');
  await page.locator('.choose label', { hasText: '月白' }).click();
  await page.evaluate(() => scrollTo(0, 400));
  await page.locator('input[name=note]').evaluate((e) => e.focus({ preventScroll: true }));
  await mark(page);
  shop.edit(mug, `title: ${title}`, 'title: 改过名的杯子');
  await heading(page, '改过名的杯子');
  assert.deepEqual(await page.evaluate(() => ({
    scroll: scrollY,
    open: document.querySelector('details.size').open,
    note: document.querySelector('input[name=note]').value,
    focus: document.activeElement.name,
    chosen: document.querySelector('.choose :checked').value,
    sku: document.querySelector('#now-sku').textContent,
    address: location.search,
    title: document.title.startsWith('改过名的杯子'),
    reloaded: !window.marked,
  })), { scroll: 400, open: true, note: '两只', focus: 'note', chosen: '月白', sku: 'QH-MUG-01-W', address: '?v=QH-MUG-01-W', title: true, reloaded: false });
  // The theme's script works on what the morph left.
  await page.locator('.choose label', { hasText: '天青' }).click();
  assert.equal(await page.locator('#now-sku').textContent(), 'QH-MUG-01-C');
  await page.locator('#picture-1').click();
  await page.locator('dialog.viewer').waitFor({ state: 'visible' });
  shop.edit(mug, 'subtitle: 一只手握得住的清晨', 'subtitle: 看图时改的');
  await page.locator('.lead', { hasText: '看图时改的' }).waitFor({ state: 'attached', timeout: patience });
  assert.ok(await page.locator('dialog.viewer').isVisible(), 'the open viewer stays');
}));

test('a stylesheet is swapped without a reload', () => visit(stage, {}, async (page) => {
  await open(page);
  await mark(page);
  shop.write('themes/mine/assets/shop.css', `${shop.read('themes/mine/assets/shop.css')}\nh1 { color: rgb(1, 2, 3) }\n`);
  await wait(page, () => getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)');
  await wait(page, () => document.querySelectorAll('link[rel=stylesheet]').length === 1);
  assert.ok(await marked(page));
}));

test('a template that was changed shows in place', () => visit(stage, {}, async (page) => {
  await open(page);
  await mark(page);
  shop.edit('themes/mine/templates/product.html', '<h1>', '<p id="fresh">新的一行</p><h1>');
  await page.locator('#fresh').waitFor({ timeout: patience });
  assert.ok(await marked(page));
}));

test('a picture is replaced in place', () => visit(stage, {}, async (page) => {
  await open(page);
  await mark(page);
  const picture = page.locator('#picture-1 img');
  const before = await picture.getAttribute('src');
  shop.write('content/products/cups/celadon-mug/celadon.jpg', readFileSync(shop.path('content/products/bowls/rice-bowl/celadon.jpg')));
  await wait(page, (old) => {
    const img = document.querySelector('#picture-1 img');
    return img.getAttribute('src') !== old && img.complete && img.naturalWidth > 0 && !img.currentSrc.endsWith(old);
  }, before);
  assert.ok(await marked(page));
}));

test('a changed script reloads the page where it was', () => visit(stage, {}, async (page) => {
  await open(page);
  await page.evaluate(() => scrollTo(0, 350));
  await mark(page);
  shop.write('themes/mine/assets/shop.js', `document.documentElement.dataset.fresh = 'yes';\n${shop.read('themes/mine/assets/shop.js')}`);
  await wait(page, () => document.documentElement.dataset.fresh === 'yes');
  assert.ok(!await marked(page));
  await wait(page, () => scrollY === 350);
}));

test('an error lies over the last good page, opens the editor, and goes when mended', () => visit(stage, {}, async (page) => {
  shop.write('editor', '#!/bin/sh\necho "$@" > "$(dirname "$0")/opened"\n');
  chmodSync(shop.path('editor'), 0o755);
  await open(page);
  await mark(page);
  const line = 1 + shop.read(mug).split('\n').findIndex((l) => l.startsWith('price:'));
  shop.edit(mug, 'price: {list: 89.00', 'price: {list: 八十九');
  await overlay(page).waitFor({ state: 'visible', timeout: patience });
  const place = overlay(page).locator('.place button').first();
  assert.equal(await place.textContent(), `${mug}:${line}:15`);
  assert.equal(await overlay(page).locator('.source mark').first().textContent(), '八十九');
  assert.ok(await page.locator('h1', { hasText: title }).isVisible(), 'the last good page stays');
  assert.match(await page.locator('#now-price').textContent(), /¥/);
  // On to the editor.
  await place.click();
  await until('the editor was called', () => existsSync(shop.path('opened')));
  await until('with the line', () => readFileSync(shop.path('opened'), 'utf8').includes(`+${line}`));
  // It folds to a pill, and unfolds.
  await page.keyboard.press('Escape');
  await overlay(page).waitFor({ state: 'hidden' });
  await bar(page).locator('.errors').click();
  await overlay(page).waitFor({ state: 'visible' });
  // Other pages are served on.
  assert.match(await shop.text('/cups/'), /<h1/);
  shop.edit(mug, '八十九', '88.00');
  await overlay(page).waitFor({ state: 'hidden', timeout: patience });
  await bar(page).locator('.errors').waitFor({ state: 'hidden' });
  assert.ok(await marked(page));
}));

for (const [what, file, from, to] of [
  ['configuration', 'content/shop.yaml', 'locales: [zh-CN, en]', 'locales: [zh-CN, en'],
  ['theme', 'themes/mine/templates/product.html', '<h1>', '{% if product %}<h1>'],
]) {
  test(`a broken ${what} leaves the page and tells`, () => visit(stage, {}, async (page) => {
    await open(page);
    shop.edit(file, from, to);
    await overlay(page).locator('.place', { hasText: file }).first().waitFor({ timeout: patience });
    assert.ok(await page.locator('h1', { hasText: title }).isVisible());
    // A page that is asked for anew is the last good one as well.
    assert.match(await shop.text(address), new RegExp(`<h1>${title}</h1>`));
    shop.mend();
    await overlay(page).waitFor({ state: 'hidden', timeout: patience });
  }));
}

test('broken from the very first build, it serves and comes right', () => rough(async (page) => {
  const other = new Shop();
  try {
    other.edit('content/shop.yaml', 'locales: [zh-CN, en]', 'locales: [zh-CN, en');
    await other.start();
    await page.goto(other.origin + address);
    await overlay(page).locator('.place', { hasText: 'content/shop.yaml:' }).first().waitFor({ timeout: patience });
    other.mend();
    await heading(page, title);
    await overlay(page).waitFor({ state: 'hidden', timeout: patience });
  } finally {
    await other.close();
  }
}));

/** Ways in which editors and tools save a file. */
const saves = {
  'in place': (file, text) => writeFileSync(file, text),
  'to a new file that is renamed over': (file, text) => {
    writeFileSync(`${file}.tmp~`, text);
    renameSync(`${file}.tmp~`, file);
  },
  'with the old one kept as a backup': (file, text) => {
    renameSync(file, `${file}~`);
    writeFileSync(file, text);
    unlinkSync(`${file}~`);
  },
  'deleted, then created': async (file, text) => {
    unlinkSync(file);
    await pause(120);
    writeFileSync(file, text);
  },
  'half, then whole': async (file, text) => {
    writeFileSync(file, text.slice(0, 400));
    await pause(150);
    writeFileSync(file, text);
  },
  'emptied, then whole': async (file, text) => {
    writeFileSync(file, '');
    await pause(60);
    writeFileSync(file, text);
  },
  'three times at once': (file, text) => {
    for (const draft of ['一', '二', '三']) writeFileSync(file, text.replace(/^title: .*$/m, `title: 草稿${draft}`));
    writeFileSync(file, text);
  },
};
for (const [n, [how, save]] of Object.entries(saves).entries()) {
  test(`saved ${how}`, () => rough(async (page) => {
    await open(page);
    // Whatever headings show meanwhile.
    await page.evaluate(() => {
      window.seen = new Set();
      new MutationObserver(() => window.seen.add(document.querySelector('h1')?.textContent ?? 'none'))
        .observe(document, { subtree: true, childList: true, characterData: true });
    });
    const text = shop.read(mug).replace(title, `存法 ${n}`);
    shop.edit(mug, title, title); // remembered, so that it is mended
    await save(shop.path(mug), text);
    await heading(page, `存法 ${n}`);
    // What was broken on the way is told and forgotten again.
    await until('nothing is wrong', async () => (await shop.state()).errors === 0);
    await overlay(page).waitFor({ state: 'hidden', timeout: patience });
    const seen = await page.evaluate(() => [...window.seen]);
    const right = how === 'three times at once' ? /^(天青釉手作马克杯 350 ml|草稿[一二三]|存法 \d+)$/ : /^(天青釉手作马克杯 350 ml|存法 \d+)$/;
    assert.deepEqual(seen.filter((h) => !right.test(h)), [], 'only whole pages were shown');
    assert.equal(seen.at(-1), `存法 ${n}`);
  }));
}

test('another branch: 500 files come and go at once', () => rough(async (page) => {
  await open(page, '/cups/');
  await mark(page);
  const folder = shop.path('content/products/cups/burst');
  const all = Array.from({ length: 500 }, (_, i) => join(folder, `cup-${i}`));
  for (const [i, each] of all.entries()) {
    mkdirSync(each, { recursive: true });
    writeFileSync(join(each, 'index.md'), `---\nsku: BURST-${i}\ntitle: {zh-CN: 分支杯 ${i}, en: Branch cup ${i}}\nprice: ${10 + i}\ndate: 2026-12-01\n---\n`);
  }
  shop.edit(mug, title, '分支上的名字');
  try {
    await page.locator('.card', { hasText: '分支杯' }).first().waitFor({ timeout: patience });
    await until('the last file of them is there', async () => (await fetch(`${shop.origin}/cups/burst/cup-499/`)).status === 200);
    await until('the workbench has them all', async () => (await shop.text('/_/api/panel/products')).split('BURST-').length > 500);
  } finally {
    rmSync(folder, { recursive: true });
    shop.mend();
  }
  await wait(page, () => !document.body.textContent.includes('分支杯'));
  await until('none is left', async () => !(await shop.text('/_/api/panel/products')).includes('BURST-'));
  assert.equal((await fetch(`${shop.origin}/cups/burst/cup-0/`)).status, 404);
  assert.ok(await marked(page));
}));

test('listing, related, home and feed follow a title and never go back', async () => {
  const others = ['/cups/', '/', '/feed.xml', '/cups/espresso-cup/'];
  shop.edit('content/products/cups/espresso-cup/index.md', 'title:', 'related: [QH-MUG-01]\ntitle:');
  shop.edit(mug, /^date: .*$/m.exec(shop.read(mug))[0], 'date: 2026-11-21');
  await until('the mug is everywhere', async () => (await Promise.all(others.map((p) => shop.text(p)))).every((t) => t.includes(title)));
  for (const n of [1, 2, 3, 4]) {
    const name = `处处改名 ${n}`;
    const old = shop.read(mug).match(/^title: (.*)$/m)[1];
    shop.edit(mug, `title: ${old}`, `title: ${name}`);
    let right = 0;
    const end = Date.now() + patience;
    const fresh = new Set();
    // All stay right for ten rounds after the last of them became right.
    while (right < 10) {
      for (const path of others) {
        const is = (await shop.text(path)).includes(name);
        assert.ok(is || !fresh.has(path), `${path} went back to the old title`);
        if (is) fresh.add(path);
      }
      if (fresh.size === others.length) right += 1;
      else assert.ok(Date.now() < end, `still old: ${others.filter((p) => !fresh.has(p))}`);
      await pause(40);
    }
  }
});

/** Everything in the output folder. */
function output() {
  const site = shop.path('output');
  const hash = createHash('sha256');
  for (const file of readdirSync(site, { recursive: true }).map(String).sort()) {
    if (statSync(join(site, file)).isFile()) hash.update(file).update(readFileSync(join(site, file)));
  }
  return hash.digest('hex');
}

test('drafts and another day are shown on demand and never written', () => visit(stage, {}, async (page, expectMissing) => {
  const draft = '/cups/next-cup/';
  shop.write('content/products/cups/next-cup/index.md', '---\nsku: NEXT-1\ntitle: {zh-CN: 明年的杯子, en: Next cup}\nstatus: draft\nprice: 50\ndate: 2026-11-22\n---\n');
  await until('the draft was read', async () => (await shop.text('/_/api/panel/products')).includes('NEXT-1'));
  await shop.built();
  const written = output();
  expectMissing(draft);
  await open(page, '/cups/');
  await mark(page);
  assert.ok(!(await page.textContent('main')).includes('明年的杯子'));
  await bar(page).getByText('草稿').click();
  await page.locator('.card', { hasText: '明年的杯子' }).waitFor({ timeout: patience });
  assert.ok(await bar(page).evaluate((e) => e.classList.contains('other')), 'the bar shows that this is not the shop of today');
  assert.ok(await marked(page));
  await open(page, draft);
  await heading(page, '明年的杯子');
  // Off again, the page is not there.
  await bar(page).getByText('草稿').click();
  await wait(page, () => document.body.className === 'is-404');
  // A price of another day.
  await open(page);
  const at = bar(page).locator('input[type=datetime-local]');
  const price = () => page.locator('#now-price').textContent();
  await at.fill('2026-11-25T12:00');
  await wait(page, () => document.querySelector('#now-price').textContent.includes('69'));
  await at.fill('2027-02-01T12:00');
  await wait(page, () => !document.querySelector('#now-price').textContent.includes('69'));
  assert.match(await price(), /89/);
  await bar(page).locator('.now').click();
  await wait(page, () => document.cookie === '');
  assert.ok(!await bar(page).evaluate((e) => e.classList.contains('other')));
  assert.equal(output(), written, 'the built site is untouched');
  assert.equal((await fetch(shop.origin + draft)).status, 404);
}));

test('a server that was killed is found again, with what was saved meanwhile', () => rough(async (page) => {
  await open(page);
  await mark(page);
  await shop.kill();
  await bar(page).locator('.dot.lost').waitFor({ timeout: patience });
  shop.edit(mug, title, '停机时改的');
  await shop.start();
  await heading(page, '停机时改的');
  await bar(page).locator('.dot.good').waitFor({ timeout: patience });
  assert.ok(await marked(page));
  // And it goes on following.
  shop.edit(mug, '停机时改的', '又改了');
  await heading(page, '又改了');
}));

test('the workbench has all products, a filter, findings and one product', () => visit(stage, {}, async (page) => {
  const products = [...(await shop.text('/_/api/panel/products')).matchAll(/"#product\?sku=([^"]+)"/g)].map((m) => m[1]);
  assert.ok(products.length > 20);
  await page.goto('/_/');
  await page.locator('.tr').first().waitFor({ timeout: patience });
  assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), String(products.length + 1));
  // Filter: Chinese as it stands, SKUs by letters in order, several words.
  await page.locator('h1').click();
  await page.keyboard.press('/');
  await page.keyboard.type('马克 qmg01');
  await wait(page, () => document.querySelectorAll('.tr').length === 1);
  assert.equal(await page.locator('.tr mark', { hasText: '马克' }).count(), 1);
  assert.match(decodeURIComponent(page.url()), /#products\?q=马克/);
  // An edit comes in without the filter being lost.
  shop.edit(mug, title, '工作台里改的马克杯');
  await page.locator('.tr', { hasText: '工作台里改的马克杯' }).waitFor({ timeout: patience });
  assert.equal(await page.locator('.tr').count(), 1);
  // One product, by key.
  await page.keyboard.press('Enter');
  await heading(page, '工作台里改的马克杯');
  await page.locator('a', { hasText: address }).first().waitFor();
  await page.locator('.gallery img').first().waitFor();
  await page.goBack();
  await page.locator('.tr mark').first().waitFor();
  assert.equal(await page.locator('input[type=search]').inputValue(), '马克 qmg01');
  // Findings, with their places.
  shop.edit(mug, 'price: {list: 89.00', 'price: {list: 八十九');
  await page.locator('.panels a', { has: page.locator('.counts .bad') }).click();
  await page.locator('.finding .place button', { hasText: `${mug}:` }).first().waitFor({ timeout: patience });
  shop.mend();
  await wait(page, () => !document.querySelector('.finding.error'));
  // The last builds, newest first.
  await page.locator('.panels a', { hasText: '构建' }).click();
  await page.locator('.tr', { hasText: mug.replace('content/', '') }).first().waitFor({ timeout: patience });
}));

test('the filter of a channel looks at all its products, whichever are shown', () => visit(stage, {}, async (page) => {
  const asked = [];
  page.on('request', (r) => { if (r.url().includes('/_/api/panel/channels')) asked.push(decodeURIComponent(r.url())); });
  await page.goto('/_/#channels?channel=taobao&page=1');
  await page.locator('.tr').first().waitFor({ timeout: patience });
  const all = await page.locator('.shown').textContent();
  assert.match(all, /^1–\d+ \/ \d+/);
  await page.locator('input[type=search]').fill('马克 qmg01');
  await wait(page, (text) => document.querySelector('.shown').textContent !== text, all);
  await page.locator('.tr').first().waitFor({ timeout: patience });
  assert.ok(asked.some((url) => url.includes('q=马克')), asked.join('\n'));
  assert.match(decodeURIComponent(page.url()), /#channels\?channel=taobao&q=马克/);
  assert.equal(await page.locator('div.pages a').count(), 0);
  // What one does not find is said, and without a filter all are there again.
  await page.locator('input[type=search]').fill('没有这样的');
  await page.locator('p.empty:not([hidden])').first().waitFor({ timeout: patience });
  await page.locator('input[type=search]').fill('');
  await wait(page, (text) => document.querySelector('.shown').textContent === text, all);
}));

for (const dark of [false, true]) {
  test(`axe finds nothing in the bar, the errors and the workbench, ${dark ? 'dark' : 'light'}`, () => visit(stage, { viewport: phone, dark, reducedMotion: 'reduce' }, async (page) => {
    shop.edit(mug, 'price: {list: 89.00', 'price: {list: 八十九');
    await open(page);
    await overlay(page).waitFor({ state: 'visible', timeout: patience });
    const narrow = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.deepEqual(await findings(page), []);
    assert.ok(await narrow());
    for (const panel of ['products', 'findings', 'channels?channel=taobao', 'builds', 'product?sku=QH-MUG-01']) {
      await page.goto(`/_/#${panel}`);
      await page.reload();
      await page.locator('.blocks > :not([hidden])').last().waitFor({ timeout: patience });
      assert.deepEqual(await findings(page), [], panel);
      assert.ok(await narrow(), panel);
    }
  }));
}

test('only our own pages may ask for changes, and only by this name', async () => {
  const body = JSON.stringify({ file: mug, line: 1, column: 1 });
  const ask = (headers) => fetch(`${shop.origin}/_/api/open`, { method: 'POST', headers, body });
  assert.equal((await ask({})).status, 403);
  assert.equal((await ask({ 'X-Shangjia-Token': 'guessed' })).status, 403);
  // Another name for this machine is how a foreign site would reach in (DNS rebinding).
  const status = await new Promise((done) => {
    get(`${shop.origin}/`, { headers: { Host: 'rebound.example' } }, (answer) => done(answer.resume().statusCode));
  });
  assert.equal(status, 421);
  for (const path of ['/..%2f..%2fetc/passwd', '/%2e%2e/content/shop.yaml', '/content/shop.yaml', '/_/../../Cargo.toml']) {
    assert.ok((await fetch(shop.origin + path)).status >= 400, path);
  }
});
