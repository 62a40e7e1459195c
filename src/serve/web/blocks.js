// The blocks a panel is made of. Each kind gives an element, and an `update` where a new one would lose something.
import { finding, make } from './finding.js';
import { Table } from './table.js';

const some = 50; // findings shown of a rule before one asks for more

const kinds = {
  table(block, cx) {
    const table = new Table(block, cx);
    return { element: table.element, table, update: (next) => table.update(next) };
  },

  pictures: ({ items }, { say }) => ({
    element: items.length === 0 ? make('p.empty', {}, say.noPicture) : make('ul.gallery', {}, items.map((it) => make('li', {},
      make(it.href ? 'a' : 'div', { href: it.href, target: it.href && 'shangjia-shop' },
        make('span.frame', {}, make('img', { src: it.src, alt: '', width: it.width, height: it.height, loading: 'lazy' })),
        make('b', {}, it.title), it.note ? make('small', {}, it.note) : null)))),
  }),

  phones: ({ items }) => ({
    element: make('ul.phones', {}, items.map((it) => make('li', {}, make('a', { href: it.href },
      make('small.where', {}, it.channel),
      it.src ? make('img', { src: it.src, alt: '', loading: 'lazy' }) : make('span.blank'),
      make('b', {}, it.title, it.cut ? make('s', {}, it.cut) : null),
      make('span.price', {}, it.price ?? ''), it.note ? make('small', {}, it.note) : null)))),
  }),

  pages({ items }, { say }) {
    const element = make('nav.pages', { 'aria-label': say.pages });
    const draw = (list) => {
      element.hidden = list.length === 0;
      element.replaceChildren(...list.map((it) => make('a', { href: it.href, 'aria-current': it.current && 'page' }, it.text)));
    };
    draw(items);
    return { element, update: (next) => draw(next.items) };
  },

  strip: ({ title, items }) => ({
    element: make('figure.strip', {}, make('figcaption', {}, title), make('div', {}, items.map((it) => make('a',
      { href: it.src, target: 'shangjia-shop', title: it.note }, make('img', { src: it.src, alt: it.note, width: it.width, height: it.height }))))),
  }),

  facts: ({ items }) => ({
    element: make('dl.facts', {}, items.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, String(value ?? '—'))))),
  }),

  text: ({ text }) => ({ element: make('p.text', {}, text) }),

  findings({ groups }, { say }) {
    const element = make('div.findings');
    const draw = (list) => {
      const shut = new Set([...element.querySelectorAll('details:not([open])')].map((d) => d.dataset.code));
      const opened = new Set([...element.querySelectorAll('details[open]')].map((d) => d.dataset.code));
      // The first groups are open, as errors come first; later on what the reader did counts.
      element.replaceChildren(...list.map((group, n) => {
        const open = opened.has(group.code) || (!shut.has(group.code) && n < 3);
        return rule(group, open, say);
      }), ...(list.length ? [] : [make('p.empty.good', {}, say.noFindings)]));
    };
    draw(groups);
    return { element, update: (next) => draw(next.groups) };
  },
};

function rule({ code, severity, title, why, list, count }, open, say) {
  const body = make('div.list');
  const more = () => {
    const from = body.querySelectorAll('.finding').length;
    body.querySelector('.more')?.remove();
    body.append(...list.slice(from, from + some).map((f) => finding(f, say, { why: false })));
    const left = list.length - from - some;
    if (left > 0) body.append(make('button.more', { type: 'button', onclick: more }, say.showMore(Math.min(left, some))));
  };
  const details = make('details.rule', { 'data-code': code, open },
    make('summary', {}, make(`b.severity.${severity}`, {}, say.severity[severity] ?? severity),
      make('span.title', {}, title), make('code', {}, code), make('span.number', {}, String(count ?? list.length))),
    why ? make('p.why', {}, why) : null, body);
  // Thousands of findings are made only when one looks at them.
  const fill = () => { if (details.open && !body.firstChild) more(); };
  details.addEventListener('toggle', fill);
  fill();
  return details;
}

/** Shows blocks in `parent`, and can bring new ones in, keeping what is the same. */
export class Blocks {
  #parent;
  #cx;
  #shown = [];

  constructor(parent, cx) {
    this.#parent = parent;
    this.#cx = cx;
  }

  show(blocks) {
    const shown = blocks.map((block, n) => {
      const text = JSON.stringify(block);
      const had = this.#shown[n];
      if (had?.text === text) return had;
      if (had?.kind === block.kind && had.update) {
        had.update(block);
        return Object.assign(had, { text });
      }
      // An older workbench in a newer server's tab meets what it does not know.
      const fresh = { kind: block.kind, text, ...(kinds[block.kind]?.(block, this.#cx) ?? { element: make('p') }) };
      if (had) had.element.replaceWith(fresh.element);
      else this.#parent.append(fresh.element);
      fresh.table?.draw();
      return fresh;
    });
    this.#shown.slice(blocks.length).forEach((it) => it.element.remove());
    this.#shown = shown;
  }

  /** The table the filter of the address belongs to. */
  get table() {
    return this.#shown.find((it) => it.table)?.table ?? null;
  }
}
