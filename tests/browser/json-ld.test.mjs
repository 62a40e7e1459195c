// Structured data: complete for its kind, true to what the page shows, and made of words that schema.org knows.
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import Validator from '@adobe/structured-data-validator';
import { survey } from './lib/survey.mjs';
import { fileOf } from './lib/server.mjs';

const pages = [...(await survey()).values()].filter((p) => p.kind);
const base = pages.find((p) => p.path === '/').canonical.replace(/\/$/, '');
const data = new Map(pages.map((p) => [p, p.jsonLd.map((text) => JSON.parse(text))]));
const of = (page, type) => data.get(page).filter((d) => d['@type'] === type);

/** Every object in the data that says what it is, with the names of its properties. */
function* things(value) {
  if (Array.isArray(value)) for (const each of value) yield* things(each);
  else if (value && typeof value === 'object') {
    yield value;
    for (const each of Object.values(value)) yield* things(each);
  }
}

const required = {
  Organization: ['name', 'url', 'logo'],
  WebSite: ['name', 'url', 'inLanguage'],
  BreadcrumbList: ['itemListElement'],
  ItemList: ['itemListElement'],
  ListItem: ['position'],
  Product: ['name', 'offers'],
  ProductGroup: ['name', 'productGroupID', 'variesBy', 'hasVariant', 'description'],
  Offer: ['price', 'priceCurrency', 'availability', 'url'],
  AggregateOffer: ['lowPrice', 'priceCurrency'],
  PropertyValue: ['name', 'value'],
  Brand: ['name'],
};

test('every object has what its kind requires', () => {
  const wrong = [];
  const seen = new Set();
  for (const [page, list] of data) {
    for (const top of list) if (top['@context'] !== 'https://schema.org') wrong.push(`${page.path}: context ${top['@context']}`);
    for (const thing of things(list)) {
      if (!thing['@type']) {
        if (Object.keys(thing).join() !== '@id') wrong.push(`${page.path}: no type: ${JSON.stringify(thing).slice(0, 80)}`);
        continue;
      }
      seen.add(thing['@type']);
      for (const name of required[thing['@type']] ?? []) {
        const value = thing[name];
        if (value === undefined || value === null || value === '' || value.length === 0) wrong.push(`${page.path}: ${thing['@type']} without ${name}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  for (const type of ['Organization', 'WebSite', 'BreadcrumbList', 'ItemList', 'Product', 'ProductGroup', 'Offer']) assert.ok(seen.has(type), type);
});

test('each kind of page says what it is', () => {
  const says = {
    home: ['Organization', 'WebSite'],
    category: ['BreadcrumbList', 'ItemList'],
    brand: ['BreadcrumbList', 'ItemList'],
    tag: ['BreadcrumbList', 'ItemList'],
    campaign: ['BreadcrumbList'],
    page: ['BreadcrumbList'],
    product: ['BreadcrumbList'],
    404: [],
  };
  const wrong = pages.flatMap((p) => says[p.kind].filter((type) => of(p, type).length !== 1).map((type) => `${p.path}: ${of(p, type).length} ${type}`));
  assert.deepEqual(wrong, []);
  const unsaid = pages.filter((p) => p.kind === 'product' && p.price && of(p, 'Product').length + of(p, 'ProductGroup').length !== 1);
  assert.deepEqual(unsaid.map((p) => p.path), []);
});

/** How many entries the pages of a list before this one have. */
function counted(page) {
  const before = page.prev && pages.find((p) => p.canonical === page.prev);
  return before ? counted(before) + of(before, 'ItemList')[0].itemListElement.length : 0;
}

test('lists and crumbs are numbered and lead to pages', () => {
  for (const [page, list] of data) {
    for (const top of list.filter((d) => d.itemListElement)) {
      // A list's second page counts on from its first.
      const start = top['@type'] === 'ItemList' ? counted(page) : 0;
      top.itemListElement.forEach((item, n) => {
        assert.equal(item.position, start + n + 1, page.path);
        const url = item.item ?? item.url;
        assert.ok(url?.startsWith(`${base}/`) && fileOf(decodeURI(url.slice(base.length))), `${page.path}: ${url}`);
      });
    }
    const crumbs = of(page, 'BreadcrumbList')[0];
    if (crumbs) assert.equal(crumbs.itemListElement.at(-1).item, page.canonical ?? crumbs.itemListElement.at(-1).item);
  }
});

/** `¥1,234.50` as the number that machines read. */
const amount = (text) => text.replace(/[^\d.]/g, '');

test('prices and stock are those that the page shows', () => {
  let offers = 0;
  for (const page of pages.filter((p) => p.kind === 'product')) {
    for (const product of of(page, 'Product')) {
      offers += 1;
      if (page.price) assert.equal(product.offers.price, amount(page.price), page.path);
      // What is no longer sold shows no price, and must say so to machines.
      else assert.equal(product.offers.availability, 'https://schema.org/Discontinued', page.path);
    }
    for (const group of of(page, 'ProductGroup')) {
      assert.deepEqual(group.hasVariant.map((v) => v.sku), page.rows.map((r) => r.sku), page.path);
      group.hasVariant.forEach((variant, n) => {
        const row = page.rows[n];
        offers += 1;
        assert.equal(variant.offers.price, amount(row.price), `${page.path} ${row.sku}`);
        assert.equal(variant.offers.availability, `https://schema.org/${row.available ? 'InStock' : 'OutOfStock'}`, `${page.path} ${row.sku}`);
      });
    }
  }
  assert.ok(offers > 0);
});

test('addresses in the data are files of the shop', () => {
  const wrong = [];
  for (const [page, list] of data) {
    for (const thing of things(list)) {
      for (const name of ['url', 'image', 'logo', 'item']) {
        for (const url of [thing[name]].flat().filter((v) => typeof v === 'string')) {
          const path = url.startsWith(`${base}/`) && decodeURI(url.slice(base.length).replace(/[?#].*/, ''));
          if (!path || !fileOf(path)) wrong.push(`${page.path}: ${thing['@type']}.${name} ${url}`);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('global numbers have right check digits', () => {
  for (const [page, list] of data) {
    for (const { gtin } of things(list)) {
      if (gtin === undefined) continue;
      const digits = [...gtin].reverse().map(Number);
      const sum = digits.reduce((all, d, n) => all + (n % 2 ? 3 * d : d), 0);
      assert.ok([8, 12, 13, 14].includes(digits.length) && sum % 10 === 0, `${page.path}: ${gtin}`);
    }
  }
});

// The vocabulary is no part of the project (CC BY-SA); it lies beside it where the project is developed.
const vocabulary = fileURLToPath(new URL('../../../shared/data/schemaorg/schemaorg-all-https.jsonld', import.meta.url));

test('every type and property is a word of schema.org', { skip: existsSync(vocabulary) ? false : 'no ../shared/data/schemaorg beside the project' }, () => {
  const words = new Map(JSON.parse(readFileSync(vocabulary, 'utf8'))['@graph'].map((w) => [w['@id'].replace('schema:', ''), w]));
  const ids = (value) => [value ?? []].flat().map((v) => v['@id'].replace('schema:', ''));
  const above = (type) => [type, ...ids(words.get(type)?.['rdfs:subClassOf']).flatMap(above)];
  const is = (name, kind) => [words.get(name)?.['@type']].flat().includes(kind);
  const wrong = new Set();
  for (const [, list] of data) {
    for (const thing of things(list)) {
      const type = thing['@type'];
      if (!type) continue;
      if (!is(type, 'rdfs:Class')) wrong.add(`no type ${type}`);
      const kinds = new Set(above(type));
      for (const [name, value] of Object.entries(thing)) {
        if (name.startsWith('@')) continue;
        if (!is(name, 'rdf:Property')) wrong.add(`no property ${name}`);
        else if (!ids(words.get(name)['schema:domainIncludes']).some((d) => kinds.has(d))) wrong.add(`${type} has no ${name}`);
        for (const each of [value].flat()) {
          if (typeof each === 'string' && each.startsWith('https://schema.org/') && !words.has(each.slice(19))) wrong.add(`no word ${each}`);
        }
      }
    }
  }
  assert.deepEqual([...wrong], []);
});

test('another reader of Google\'s rules for rich results finds nothing wrong on any kind of page', async () => {
  const validator = new Validator(existsSync(vocabulary) ? JSON.parse(readFileSync(vocabulary, 'utf8')) : undefined);
  const wrong = new Set();
  const kinds = new Set();
  let read = 0;
  for (const [page, list] of data) {
    const jsonld = {};
    for (const one of list) (jsonld[one['@type']] ??= []).push(structuredClone(one));
    for (const issue of await validator.validate({ jsonld })) {
      if (issue.severity === 'ERROR') wrong.add(`${page.path}: ${issue.path.map((p) => p.type ?? p.property).join('/')}: ${issue.issueMessage}`);
    }
    read += list.length;
    if (list.length > 0) kinds.add(page.kind);
  }
  assert.deepEqual([...wrong], []);
  assert.ok(read > 100 && kinds.has('home') && kinds.has('product'), `${read} objects, kinds ${[...kinds]}`);

  // It does read them: a price taken away is found.
  const [product] = [...data.values()].flat().filter((d) => d['@type'] === 'Product');
  const spoilt = structuredClone(product);
  for (const offer of [spoilt.offers].flat()) delete offer.price;
  const issues = await validator.validate({ jsonld: { Product: [spoilt] } });
  assert.ok(issues.some((issue) => issue.severity === 'ERROR'), 'a product without a price');
});
