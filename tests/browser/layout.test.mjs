// How pages lie on screens and paper: nothing sticks out, nothing jumps, the dark is dark, paper has no menus.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { desktop, phone, stage, visit } from './lib/browser.mjs';
import { samples, survey } from './lib/survey.mjs';

// Pictures come late, as they do on a train, so that a layout which waits for them is seen to jump.
const shop = stage({ slow: 60 });
const pages = await survey();
const chinese = samples(pages, 'zh-CN');
const english = samples(pages, 'en');

const widths = [360, 390, 768, 1440, 2560];

for (const [kind, path] of [...chinese, ...english]) {
  test(`nothing sticks out: ${kind} ${path}`, () => visit(shop, {}, async (page) => {
    await page.goto(path, { waitUntil: 'domcontentloaded' });
    const out = [];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      out.push(...(await page.evaluate(sticking)).map((what) => `${width}px: ${what}`));
    }
    assert.deepEqual(out, []);
  }));
}

/** In the browser: what makes the page scroll sideways. */
function sticking() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const scrolls = (e) => e && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ''}${e.classList.length ? `.${[...e.classList].join('.')}` : ''}`;
  const wide = [...document.body.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > clientWidth + 1 && !scrolls(e.parentElement));
  return [`${scrollWidth} wide`, ...wide.map(name).slice(0, 5)];
}

for (const [size, viewport] of Object.entries({ phone, desktop })) {
  for (const [kind, path] of chinese) {
    test(`nothing jumps on a ${size}: ${kind}`, () => visit(shop, { viewport }, async (page) => {
      await page.addInitScript(() => {
        window.shifts = [];
        const name = (e) => (e?.tagName ? `${e.tagName.toLowerCase()}.${e.className}` : 'text');
        new PerformanceObserver((list) => {
          for (const s of list.getEntries()) window.shifts.push([s.value, s.sources.map((x) => name(x.node)).join(' ')]);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(path);
      // Down the page, as a reader does, so that lazy pictures come.
      await page.evaluate(async () => {
        for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
          scrollTo(0, y);
          await new Promise((next) => setTimeout(next, 60));
        }
      });
      await page.waitForLoadState('networkidle');
      const shifts = await page.evaluate(() => window.shifts);
      const sum = shifts.reduce((all, [value]) => all + value, 0);
      assert.ok(sum < 0.02, `moved by ${sum.toFixed(3)}: ${JSON.stringify(shifts)}`);
      const empty = await page.evaluate(() => [...document.images].filter((i) => i.checkVisibility() && i.complete && !i.naturalWidth).map((i) => i.src));
      assert.deepEqual(empty, [], 'every picture came');
    }));
  }
}

/** In the browser: how light an element's own colour is, 0 to 1. */
function lightness([selector, property]) {
  const box = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  box.fillStyle = getComputedStyle(document.querySelector(selector))[property];
  box.fillRect(0, 0, 1, 1);
  const [r, g, b] = box.getImageData(0, 0, 1, 1).data;
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

for (const [kind, path] of chinese) {
  test(`light and dark: ${kind}`, async () => {
    for (const dark of [false, true]) {
      await visit(shop, { dark }, async (page) => {
        await page.goto(path, { waitUntil: 'domcontentloaded' });
        const ground = await corner(page);
        const ink = await page.evaluate(lightness, ['h1', 'color']);
        if (dark) assert.ok(ground < 0.2 && ink > 0.6, `ground ${ground}, ink ${ink}`);
        else assert.ok(ground > 0.85 && ink < 0.4, `ground ${ground}, ink ${ink}`);
      });
    }
  });
}

/** How light the lower left corner of the window is painted: the picture counts, not what the style sheet says. */
async function corner(page) {
  const shot = await page.screenshot({ clip: { x: 2, y: 600, width: 4, height: 4 } });
  return page.evaluate(async (bytes) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${bytes}`)).blob());
    const box = new OffscreenCanvas(1, 1).getContext('2d');
    box.drawImage(image, 0, 0);
    const [r, g, b] = box.getImageData(0, 0, 1, 1).data;
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  }, shot.toString('base64'));
}

for (const [kind, path] of chinese) {
  test(`on paper: ${kind}`, () => visit(shop, { dark: true }, async (page) => {
    await page.goto(path, { waitUntil: 'domcontentloaded' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = await page.locator('.menu, .burger, .langs, .crumbs, .skip, .thumbs, .choose, .pager').evaluateAll((list) => list.filter((e) => e.checkVisibility()).map((e) => e.className));
    assert.deepEqual(seen, [], 'what one clicks is not printed');
    assert.ok(await page.locator('h1').isVisible());
    assert.ok(await page.evaluate(lightness, ['h1', 'color']) < 0.4, 'dark ink, even from a dark screen');
  }));
}
