// The shop without a mouse.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { desktop, phone, stage, visit } from './lib/browser.mjs';
import { samples, survey } from './lib/survey.mjs';

const shop = stage();
const pages = await survey();
const chinese = samples(pages, 'zh-CN');

for (const [kind, path] of chinese) {
  test(`skip link: ${kind}`, () => visit(shop, {}, async (page) => {
    await page.goto(path);
    await page.keyboard.press('Tab');
    const skip = page.locator('a.skip');
    assert.ok(await skip.evaluate((e) => e === document.activeElement), 'it is the first stop');
    await page.waitForFunction(() => {
      const box = document.activeElement.getBoundingClientRect();
      return box.top >= 0 && box.left >= 0 && box.width > 10 && box.height > 10;
    }, null, { timeout: 2000 });
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'MAIN');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('main, footer'))), 'the menu is passed over');
  }));

  for (const [size, viewport] of Object.entries({ phone, desktop })) {
    test(`focus shows on a ${size}: ${kind}`, () => visit(shop, { viewport, reducedMotion: 'reduce' }, async (page) => {
      await page.goto(path);
      const stops = [];
      const dull = [];
      for (let n = 0; n < 400; n += 1) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(focused);
        if (!stop || stops.includes(stop.id)) break;
        stops.push(stop.id);
        if (!stop.marked) dull.push(stop.id);
      }
      assert.ok(stops.length > 10, `only ${stops.length} stops`);
      assert.deepEqual(dull, [], 'these do not show that they have the focus');
    }));
  }
}

/** In the browser: the focused element, and whether it, or what it stands for, is marked or on screen at all. */
function focused() {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const ring = (x) => {
    const style = x && getComputedStyle(x);
    return Boolean(style) && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none');
  };
  // A hidden radio button hands its ring to its label; a card's link to its card.
  const stands = [e, e.nextElementSibling && e.matches('input') ? e.nextElementSibling : null, e.closest('label'), e.closest('.card, .tile, .offer')];
  const behind = (x) => x && ['::after', '::before'].some((p) => getComputedStyle(x, p).outlineStyle !== 'none' && getComputedStyle(x, p).content !== 'none');
  const all = [...document.querySelectorAll('*')];
  return {
    id: `${all.indexOf(e)} ${e.tagName.toLowerCase()}.${e.className} ${(e.getAttribute('href') ?? e.textContent).trim().slice(0, 40)}`,
    marked: stands.some((x) => ring(x)) || behind(e),
  };
}

const gallery = [...pages.values()].find((p) => p.kind === 'product' && p.ids.includes('picture-2'));

test('the picture viewer opens, turns and closes', () => visit(shop, { reducedMotion: 'reduce' }, async (page) => {
  await page.goto(gallery.path);
  await page.locator('#picture-1').focus();
  await page.keyboard.press('Enter');
  const viewer = page.locator('dialog.viewer');
  await viewer.waitFor({ state: 'visible' });
  const source = () => viewer.locator('img').getAttribute('src');
  const first = await source();
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await source(), first);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await source(), first);
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'hidden' });
  assert.ok(await page.evaluate(() => document.activeElement.id === 'picture-1'), 'the focus comes back');
}));

test('without scripts the small pictures lead to the large ones', () => visit(shop, { js: false }, async (page) => {
  await page.goto(gallery.path);
  const thumb = page.locator('.thumbs a').nth(1);
  if (!await thumb.isVisible()) return assert.fail('the small pictures are there');
  await thumb.click();
  assert.equal(new URL(page.url()).hash, '#picture-2');
  await page.locator('#picture-2').click();
  await page.waitForURL(/\/pictures\/.*\.jpg$/);
}));

test('sub-categories open and close by key', () => visit(shop, { viewport: desktop }, async (page) => {
  await page.goto('/');
  const summary = page.locator('.menu summary').first();
  const list = page.locator('.menu details ul').first();
  assert.ok(await list.isHidden());
  await summary.focus();
  await page.keyboard.press('Enter');
  assert.ok(await list.isVisible());
  await page.keyboard.press('Escape');
  assert.ok(await list.isHidden());
  assert.ok(await summary.evaluate((e) => e === document.activeElement), 'the focus stays at its button');
}));

for (const js of [true, false]) {
  test(`the menu on a phone by key, ${js ? 'with' : 'without'} scripts`, () => visit(shop, { viewport: phone, js }, async (page) => {
    await page.goto('/');
    await page.locator('.burger').focus();
    await page.keyboard.press('Enter');
    await page.locator('.menu').waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await page.locator('.menu').waitFor({ state: 'hidden' });
    assert.ok(await page.locator('.burger').evaluate((e) => e === document.activeElement));
  }));
}
