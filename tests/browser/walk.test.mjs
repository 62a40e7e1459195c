// A visitor's walk through the sample shop, on every size, in every language, with and without scripts.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { desktop, phone, stage, visit } from './lib/browser.mjs';
import { survey } from './lib/survey.mjs';

const shop = stage();
const pages = await survey();
const languages = [...pages.values()].filter((p) => p.kind === 'home').map((p) => [p.lang, p.path]);

/** A product on an axis, with related products, one step below a category that stands in the menu. */
const product = (lang) => [...pages.values()].find((p) =>
  p.lang === lang && p.kind === 'product' && p.axes && p.related.length && p.price
  && pages.get(parent(p.path))?.kind === 'category' && pages.get(parent(parent(p.path)))?.kind === 'home');
const parent = (path) => path.replace(/[^/]+\/$/, '');

for (const [size, viewport] of Object.entries({ phone, desktop })) {
  for (const js of [true, false]) {
    for (const [lang, home] of languages) {
      test(`walk on a ${size} ${js ? 'with' : 'without'} scripts in ${lang}`, () => visit(shop, { viewport, js }, async (page, expectMissing) => {
        const target = product(lang);
        assert.ok(target, 'the sample shop has a product to walk to');
        const at = async (path) => {
          await page.waitForURL((url) => decodeURIComponent(url.pathname) === path);
          assert.equal(await page.locator('html').getAttribute('lang'), lang);
          assert.equal(await page.locator('h1:visible').count(), 1, `one heading on ${path}`);
        };
        const go = async (link, path) => {
          await link.scrollIntoViewIfNeeded();
          await link.click();
          await at(path);
        };
        const follow = (selector, path) => go(page.locator(`${selector}[href="${path}"]:visible`).first(), path);

        await page.goto(home);
        await at(home);

        // Home to category, by the menu, which is folded away on a phone.
        const category = parent(target.path);
        if (viewport === phone) {
          assert.ok(await page.locator('.menu').isHidden(), 'the menu is folded away');
          await page.locator('.burger').click();
        }
        await follow('.menu a', category);
        const cards = page.locator('main .card a.name');
        assert.ok(await cards.count() > 0, 'the category lists products');

        // The list's second page, if it has one.
        const next = page.locator('.pager a[rel=next]');
        if (await next.count()) {
          await go(next, `${category}page/2/`);
          await page.goBack();
          await at(category);
        }
        await follow('main .card a.name', target.path);

        // The other language has the same page, and the way back leads here.
        for (const [other, path] of target.languages.filter(([l]) => l !== lang)) {
          await page.locator(`.langs a[lang="${other}"]`).click();
          await page.waitForURL((url) => url.pathname === path);
          assert.equal(await page.locator('html').getAttribute('lang'), other);
          await follow('.langs a', target.path);
        }

        // Every variant can be had: chosen with scripts, read in a table without.
        assert.equal(await page.locator('.choose').isVisible(), js, 'the choice shows where scripts run');
        if (js) {
          const label = page.locator('.choose label').last();
          await label.click();
          await page.waitForURL((url) => target.rows.some((r) => r.sku === url.searchParams.get('v')));
        } else {
          assert.ok(await page.locator('.variants').isVisible(), 'the table of variants is there');
          assert.equal(await page.locator('.variants tbody tr').count(), target.rows.length);
        }

        // Brand, with its second page if there is one; then back to the product and on to a related one.
        const brand = page.locator('.panel .kicker a');
        if (await brand.count()) {
          const path = await brand.getAttribute('href');
          await go(brand, path);
          const more = page.locator('.pager a[rel=next]');
          if (await more.count()) {
            await go(more, `${path}page/2/`);
            await page.goBack();
            await at(path);
          }
          await page.goBack();
          await at(target.path);
        }
        await follow('.related a.name', target.related[0]);

        // Home by the crumbs, and on to a campaign.
        await follow('.crumbs a', home);
        const campaign = await page.locator('.offer h2 a').first().getAttribute('href');
        await follow('.offer h2 a', campaign);
        assert.equal(pages.get(campaign).kind, 'campaign');
        assert.ok(await page.locator('main .card a.name').count() > 0, 'the campaign shows its products');

        // A static page by the footer.
        const still = [...pages.values()].find((p) => p.kind === 'page' && p.lang === lang).path;
        await follow('footer a', still);

        // An address that never was.
        const nowhere = `${home}no-such-cup/`;
        expectMissing(nowhere);
        const answer = await page.goto(nowhere);
        assert.equal(answer.status(), 404);
        await at(nowhere);
        await follow('main a', home);
      }));
    }
  }
}
