// What search engines and link previews read: heads, alternates, the sitemap, the feed, robots.txt, and where links lead.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { read, survey } from './lib/survey.mjs';
import { fileOf } from './lib/server.mjs';

const pages = await survey();
const shown = [...pages.values()].filter((p) => p.kind);
const indexable = shown.filter((p) => !p.noindex);
const home = shown.find((p) => p.kind === 'home' && p.path === '/');
const base = home.canonical.replace(/\/$/, '');
const own = (url) => (url.startsWith(`${base}/`) ? decodeURI(url.slice(base.length)) : null);

/** Collects what is wrong over many pages, so that one run names them all. */
function none(list, wrong) {
  assert.deepEqual(list.flatMap((p) => wrong(p).map((w) => `${p.path}: ${w}`)), []);
}

test('every page kind is in the sample shop, in every language', () => {
  for (const lang of new Set(shown.map((p) => p.lang))) {
    const kinds = new Set(shown.filter((p) => p.lang === lang).map((p) => p.kind));
    assert.deepEqual([...kinds].sort(), ['404', 'brand', 'campaign', 'category', 'home', 'page', 'product', 'tag'], lang);
  }
});

test('each page has one heading, a title of its own, and a description', () => {
  none(shown, (p) => (p.h1.length === 1 && p.h1[0] ? [] : [`headings ${JSON.stringify(p.h1)}`]));
  none(indexable, (p) => (p.title ? [] : ['no title']));
  none(indexable, (p) => indexable.filter((q) => q.lang === p.lang && q.title === p.title && q.path !== p.path).map((q) => `same title as ${q.path}: ${p.title}`));
  none(indexable.filter((p) => ['home', 'category', 'product', 'campaign', 'page'].includes(p.kind)), (p) => (p.description ? [] : ['no description']));
});

test('canonical addresses are the pages\' own', () => {
  none(indexable, (p) => (own(p.canonical ?? '') === p.path ? [] : [`canonical ${p.canonical}`]));
  none(shown.filter((p) => p.noindex), (p) => (p.canonical ? [`canonical ${p.canonical} beside noindex`] : []));
  assert.ok(shown.filter((p) => p.kind === '404').every((p) => p.noindex), '404 pages are not for the index');
});

test('numbered pages are chained', () => {
  const numbered = shown.filter((p) => /\/page\/\d+\/$/.test(p.path));
  assert.ok(numbered.length > 0);
  none(numbered, (p) => {
    const before = pages.get(own(p.prev ?? ''));
    return before && own(before.next ?? '') === p.path ? [] : [`prev ${p.prev}`];
  });
});

test('alternates are complete and mutual', () => {
  none(indexable, (p) => {
    const wrong = [];
    const self = p.alternates.filter(([lang, href]) => lang === p.lang && own(href) === p.path);
    if (self.length !== 1) wrong.push('does not name itself');
    if (p.alternates.filter(([lang]) => lang === 'x-default').length !== 1) wrong.push('no x-default');
    for (const [lang, href] of p.alternates) {
      const other = pages.get(own(href));
      if (!other) wrong.push(`${href} is no page`);
      else if (lang !== 'x-default' && other.lang !== lang) wrong.push(`${href} is in ${other.lang}`);
      else if (JSON.stringify(other.alternates) !== JSON.stringify(p.alternates)) wrong.push(`${href} names others`);
    }
    return wrong;
  });
});

test('the language switch leads to the same page', () => {
  none(indexable, (p) => p.languages.flatMap(([lang, href]) => {
    const alternate = p.alternates.find(([l]) => l === lang);
    return alternate && own(alternate[1]) === decodeURI(href) ? [] : [`${lang} leads to ${href}`];
  }));
});

test('link previews: what they show is there', () => {
  none(indexable, (p) => {
    const wrong = ['title', 'type', 'url', 'site_name', 'locale'].filter((name) => !p.og[name]).map((name) => `no og:${name}`);
    if (p.og.url !== p.canonical) wrong.push(`og:url ${p.og.url}`);
    if (p.og.image && !fileOf(own(p.og.image) ?? '/no')) wrong.push(`no file for ${p.og.image}`);
    if (['product', 'campaign', 'home'].includes(p.kind) && !p.og.image) wrong.push('no og:image');
    return wrong;
  });
});

test('pictures have sizes and texts', () => {
  none(shown, (p) => p.pictures.flatMap((i) => [
    ...(i.alt === null ? [`no alt: ${i.src}`] : []),
    ...(i.height > 0 && (i.width > 0 || i.src.endsWith('.svg')) ? [] : [`no size: ${i.src}`]),
  ]));
});

test('nothing is fetched from elsewhere, and everything fetched is there', () => {
  none([...pages.values()], (p) => p.loads.filter((url) => !url.startsWith('/') || url.startsWith('//') || !fileOf(url)));
});

test('internal links lead to pages, and anchors to places', () => {
  none([...pages.values()], (p) => p.links.flatMap((href) => {
    const url = new URL(href, `${base}${p.path}`);
    if (url.origin !== new URL(base).origin) return [];
    if (!fileOf(url.pathname)) return [`leads nowhere: ${href}`];
    const target = pages.get(decodeURI(url.pathname));
    const id = decodeURIComponent(url.hash.slice(1));
    return id && target && !target.ids.includes(id) ? [`no such place: ${href}`] : [];
  }));
});

test('names of places are used once a page', () => {
  none([...pages.values()], (p) => p.ids.filter((id, n) => p.ids.indexOf(id) !== n));
});

/** The elements of an XML file as plain data, by the browser's parser; a fault in it is an error. */
let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());
async function xml(path) {
  const page = await browser.newPage();
  const tree = await page.evaluate((text) => {
    const plain = (e) => ({
      name: e.nodeName,
      attributes: Object.fromEntries([...e.attributes].map((a) => [a.name, a.value])),
      text: e.textContent,
      children: [...e.children].map(plain),
    });
    const doc = new DOMParser().parseFromString(text, 'application/xml');
    return doc.querySelector('parsererror') ? { fault: doc.querySelector('parsererror').textContent } : plain(doc.documentElement);
  }, read(path));
  await page.close();
  assert.equal(tree.fault, undefined, `${path} is well-formed`);
  return tree;
}
const named = (e, name) => e.children.filter((c) => c.name === name);

test('the sitemap lists every page for the index, and no other', async () => {
  const map = await xml('/sitemap.xml');
  assert.equal(map.name, 'urlset');
  const urls = named(map, 'url').map((u) => ({
    loc: named(u, 'loc')[0].text,
    alternates: named(u, 'xhtml:link').map((l) => [l.attributes.hreflang, l.attributes.href]),
    images: named(u, 'image:image').map((i) => named(i, 'image:loc')[0].text),
  }));
  assert.deepEqual(urls.map((u) => own(u.loc)).sort(), indexable.map((p) => p.path).sort());
  for (const { loc, alternates, images } of urls) {
    const page = pages.get(own(loc));
    const plain = page.alternates.filter(([lang]) => lang !== 'x-default');
    assert.deepEqual(alternates.filter(([lang]) => lang !== 'x-default'), plain, `alternates of ${loc}`);
    for (const image of images) assert.ok(fileOf(own(image)), `${loc} names ${image}`);
    if (page.kind === 'product' && page.og.image) assert.ok(images.length > 0, `pictures of ${loc}`);
  }
});

test('robots.txt lets everyone in and names the sitemap', () => {
  const lines = read('/robots.txt').split('\n').map((l) => l.trim());
  assert.ok(lines.includes('User-agent: *'));
  assert.ok(!lines.some((l) => /^disallow:\s*\S/i.test(l)));
  assert.ok(lines.includes(`Sitemap: ${base}/sitemap.xml`));
});

for (const start of shown.filter((p) => p.kind === 'home')) {
  test(`the feed of ${start.path} is an Atom feed of products`, async () => {
    const feed = await xml(`${start.path}feed.xml`);
    assert.equal(feed.name, 'feed');
    assert.equal(feed.attributes.xmlns, 'http://www.w3.org/2005/Atom');
    assert.equal(feed.attributes['xml:lang'], start.lang);
    const text = (e, name) => named(e, name)[0]?.text ?? assert.fail(`${e.name} has no ${name}`);
    const time = (value) => assert.ok(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(value), value);
    assert.ok(text(feed, 'title'));
    assert.ok(text(feed, 'id'));
    time(text(feed, 'updated'));
    assert.ok(named(feed, 'link').some((l) => l.attributes.rel === 'self' && own(l.attributes.href) === `${start.path}feed.xml`));
    const entries = named(feed, 'entry');
    assert.ok(entries.length > 0);
    for (const entry of entries) {
      assert.ok(text(entry, 'title') && text(entry, 'id'));
      time(text(entry, 'updated'));
      const href = named(entry, 'link')[0].attributes.href;
      const product = pages.get(own(href));
      assert.equal(product?.kind, 'product', href);
      assert.equal(product.lang, start.lang, href);
      for (const [, src] of text(entry, 'content').matchAll(/src="([^"]*)"/g)) assert.ok(fileOf(own(src) ?? '/no'), src);
    }
    const dates = entries.map((e) => Date.parse(text(e, 'updated')));
    assert.deepEqual(dates, [...dates].sort((a, b) => b - a), 'newest first');
  });
}
