// axe-core finds nothing on any kind of page, light or dark, small or large.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { desktop, phone, stage, visit } from './lib/browser.mjs';
import { samples, survey } from './lib/survey.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shop = stage();
const pages = await survey();

/** Rule and places of every finding, short enough to read in a test's message. */
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? v.help}`));
}

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
