// axe-core finds nothing on any kind of page, light or dark, small or large.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { findings } from './lib/axe.mjs';
import { desktop, phone, stage, visit } from './lib/browser.mjs';
import { samples, survey } from './lib/survey.mjs';

const shop = stage();
const pages = await survey();

for (const lang of ['zh-CN', 'en']) {
  for (const [kind, path] of samples(pages, lang)) {
    for (const [size, viewport] of Object.entries({ phone, desktop })) {
      for (const dark of [false, true]) {
        test(`axe: ${kind} in ${lang}, ${size}, ${dark ? 'dark' : 'light'}`, () => visit(shop, { viewport, dark, reducedMotion: 'reduce' }, async (page) => {
          await page.goto(path);
          assert.deepEqual(await findings(page), []);
        }));
      }
    }
  }
}

for (const dark of [false, true]) {
  test(`axe: the open menu on a phone, ${dark ? 'dark' : 'light'}`, () => visit(shop, { viewport: phone, dark, reducedMotion: 'reduce' }, async (page) => {
    await page.goto('/');
    await page.locator('.burger').click();
    await page.locator('.menu summary').first().click();
    assert.deepEqual(await findings(page), []);
  }));

  test(`axe: a chosen variant and the open viewer, ${dark ? 'dark' : 'light'}`, () => visit(shop, { dark, reducedMotion: 'reduce' }, async (page) => {
    await page.goto([...pages.values()].find((p) => p.axes > 0 && p.ids.includes('picture-2')).path);
    await page.locator('.choose label').last().click();
    assert.deepEqual(await findings(page), []);
    await page.locator('.strip a').first().click();
    assert.deepEqual(await findings(page), []);
  }));
}
