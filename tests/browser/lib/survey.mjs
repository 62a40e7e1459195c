// Reads every page of the built shop once, with the browser's own parser.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './server.mjs';
import { launch } from './browser.mjs';

/** Every file of the site, as an address: `/cups/index.html`. */
export function files() {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else found.push(`/${relative(root, path).split(sep).join('/')}`);
    }
  };
  walk(root);
  return found.sort();
}

export const read = (path) => readFileSync(join(root, path), 'utf8');

/** Runs in the browser: what the tests want to know of one page. */
function look([path, html]) {
  const doc = new DOMParser().parseFromString(html, 'text/html');
  const one = (s) => doc.querySelector(s);
  const all = (s) => [...doc.querySelectorAll(s)];
  const attr = (s, name) => one(s)?.getAttribute(name) ?? null;
  const text = (s) => one(s)?.textContent.trim() ?? null;
  const srcset = (value) => value.split(',').map((part) => part.trim().split(/\s+/)[0]);
  return {
    path,
    kind: doc.body.className.match(/\bis-(\S+)/)?.[1] ?? null,
    lang: doc.documentElement.lang,
    title: doc.title,
    h1: all('h1').map((h) => h.textContent.trim()),
    description: attr('meta[name=description]', 'content'),
    canonical: attr('link[rel=canonical]', 'href'),
    noindex: /noindex/.test(attr('meta[name=robots]', 'content') ?? ''),
    prev: attr('link[rel=prev]', 'href'),
    next: attr('link[rel=next]', 'href'),
    alternates: all('link[rel=alternate][hreflang]').map((l) => [l.hreflang, l.getAttribute('href')]),
    og: Object.fromEntries(all('meta[property^="og:"]').map((m) => [m.getAttribute('property').slice(3), m.content])),
    jsonLd: all('script[type="application/ld+json"]').map((s) => s.textContent),
    ids: all('[id]').map((e) => e.id),
    links: all('a[href]').map((a) => a.getAttribute('href')),
    pictures: all('img').map((i) => ({
      src: i.getAttribute('src'), width: i.getAttribute('width'), height: i.getAttribute('height'), alt: i.getAttribute('alt'),
    })),
    // What the browser fetches by itself.
    loads: [
      ...all('[src]').map((e) => e.getAttribute('src')),
      ...all('[srcset]').flatMap((e) => srcset(e.getAttribute('srcset'))),
      ...all('link[rel=stylesheet], link[rel=icon], link[rel=preload], link[rel=modulepreload]').map((l) => l.getAttribute('href')),
    ],
    price: text('#now-price b'),
    rows: all('.variants tbody tr').map((tr) => ({
      sku: tr.cells[tr.cells.length - 1].textContent.trim(),
      price: tr.querySelector('.price b')?.textContent.trim() ?? null,
      available: !tr.classList.contains('out'),
    })),
    axes: all('.choose fieldset').length,
    related: all('.related a.name').map((a) => a.getAttribute('href')),
    languages: all('.langs a').map((a) => [a.lang, a.getAttribute('href')]),
  };
}

/** All pages, by address. */
export async function survey() {
  const texts = files().filter((f) => f.endsWith('.html')).map((f) => [f.replace(/index\.html$/, ''), read(f)]);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const pages = [];
    for (const each of texts) pages.push(await page.evaluate(look, each));
    return new Map(pages.map((p) => [p.path, p]));
  } finally {
    await browser.close();
  }
}

/** One page of each kind in a language, and of each sort of product; names say what is special. */
export function samples(pages, lang) {
  const list = [...pages.values()].filter((p) => p.lang === lang);
  const of = (kind, test = () => true) => list.find((p) => p.kind === kind && test(p))?.path;
  const chosen = {
    home: of('home'),
    category: of('category'),
    'category with sub-categories': of('category', (p) => list.some((q) => q.kind === 'category' && q.path !== p.path && q.path.startsWith(p.path))),
    'page 2': list.find((p) => p.path.endsWith('/page/2/'))?.path,
    brand: of('brand'),
    tag: of('tag'),
    'product without variants': of('product', (p) => p.rows.length === 0 && p.price),
    'product on one axis': of('product', (p) => p.axes === 1 && p.related.length > 0),
    'product on two axes': of('product', (p) => p.axes === 2),
    'product no longer sold': of('product', (p) => !p.price),
    campaign: of('campaign'),
    page: of('page'),
    404: of('404'),
  };
  return Object.entries(chosen).filter(([, path]) => path);
}
