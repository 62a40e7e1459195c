// The variant choice: every option of every product leads to what its row in the table says.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { desktop, phone, stage, visit } from './lib/browser.mjs';
import { survey } from './lib/survey.mjs';

const shop = stage();
const products = [...(await survey()).values()].filter((p) => p.kind === 'product' && p.axes > 0);

/** Reads, in the browser, what the panel shows now. */
const shown = () => ({
  price: document.querySelector('#now-price').innerText,
  stock: document.querySelector('#now-stock').innerText,
  sku: document.querySelector('#now-sku').innerText,
  options: [...document.querySelectorAll('.choose input:checked')].map((i) => i.value),
});

/** Reads, in the browser, the table that the choice is made from (it is hidden, so its text has no line breaks). */
const table = () => [...document.querySelectorAll('.variants tbody tr')].map((tr) => {
  const cells = [...tr.cells].map((c) => c.textContent.trim());
  const [price, stock, sku] = cells.slice(-3);
  return { price, stock, sku, options: cells.slice(0, -3), picture: tr.dataset.picture ?? null };
});

const plain = (text) => text.replace(/\s+/g, '');

test('the sample shop has products on one axis and on two', () => {
  assert.deepEqual([...new Set(products.map((p) => p.axes))].sort(), [1, 2]);
});

for (const product of products) {
  test(`choose at ${product.path}`, () => visit(shop, { viewport: desktop, reducedMotion: 'reduce' }, async (page) => {
    await page.goto(product.path);
    const rows = await page.evaluate(table);
    assert.equal(rows.length, product.rows.length);
    for (const row of rows) {
      for (const [axis, value] of row.options.entries()) {
        await page.locator(`.choose fieldset:nth-of-type(${axis + 1}) label`, { has: page.locator(`input[value="${value}"]`) }).click();
      }
      const now = await page.evaluate(shown);
      assert.deepEqual(now.options, row.options);
      assert.equal(now.sku, row.sku);
      assert.equal(plain(now.price), plain(row.price));
      assert.equal(plain(now.stock), plain(row.stock));
      assert.equal(new URL(page.url()).searchParams.get('v'), row.sku, 'the address remembers the choice');
      if (row.picture !== null) await page.waitForFunction(pictureInView, Number(row.picture));
    }
    // The address alone brings the last choice back.
    const last = await page.evaluate(shown);
    await page.reload();
    assert.deepEqual(await page.evaluate(shown), last);
  }));
}

/** In the browser: is this picture of the gallery the one that shows? */
function pictureInView(index) {
  const strip = document.querySelector('.strip');
  const slide = strip.children[index].getBoundingClientRect();
  const frame = strip.getBoundingClientRect();
  return Math.abs(slide.left - frame.left) < 2;
}

test('an address with an unknown variant shows the product as it is', () => visit(shop, {}, async (page) => {
  await page.goto(`${products[0].path}?v=NO-SUCH-SKU`);
  assert.deepEqual((await page.evaluate(shown)).options, []);
}));

test('the choice works with the keyboard alone', () => visit(shop, { viewport: phone }, async (page) => {
  const product = products.find((p) => p.axes === 1 && p.rows.length > 1);
  await page.goto(product.path);
  await page.locator('.choose input').first().focus();
  await page.keyboard.press('Space');
  const first = await page.evaluate(shown);
  await page.keyboard.press('ArrowRight');
  const second = await page.evaluate(shown);
  assert.notEqual(first.sku, second.sku);
  assert.ok(product.rows.some((r) => r.sku === second.sku));
}));
