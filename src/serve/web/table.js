// A table of any length: only the rows in view exist. Filter, sorting and the keyboard belong to it.
import { marked, sorts, tracks } from './cells.js';
import { make } from './finding.js';
import { marks, score, wordsOf } from './fuzzy.js';

const narrow = matchMedia('(max-width: 640px)');

export class Table {
  element = make('section.table');
  #block;
  #texts = []; // for each row its cells in small letters, made when a filter first needs them
  #order = []; // the rows to show, as indices
  #words = [];
  #active = -1; // the row the keyboard is at, as an index of #order
  #sort; // { column, down } or null
  #say;
  #lang;
  #onchange;
  #scroller;
  #parts;

  /** `view` is what the address remembers: `{ q, sort }`; `onchange` is told when it changes. */
  constructor(block, { say, lang, scroller, view, onchange }) {
    this.#say = say;
    this.#lang = lang;
    this.#scroller = scroller;
    this.#onchange = onchange;
    this.#parts = {
      input: make('input', { type: 'search', placeholder: say.filter, 'aria-label': say.filter, autocomplete: 'off', spellcheck: 'false', oninput: () => this.#typed() }),
      shown: make('span.shown', { role: 'status' }),
      keys: make('span.keys', { 'aria-hidden': 'true' }, say.keys),
      head: make('div.head', { role: 'row' }),
      body: make('div.body', { role: 'rowgroup' }),
      empty: make('p.empty'),
    };
    const { input, shown, keys, head, body, empty } = this.#parts;
    this.element.append(
      make('div.tools', { hidden: !block.filter }, input, shown, keys),
      make('div.grid', { role: 'table' }, head, body), empty);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    body.addEventListener('click', (event) => this.#click(event));
    this.see(view, false);
    this.update(block);
    // Listeners of the page's scroller end with the table.
    const redraw = () => (this.element.isConnected ? this.draw() : stop.abort());
    const stop = new AbortController();
    scroller.addEventListener('scroll', redraw, { passive: true, signal: stop.signal });
    addEventListener('resize', redraw, { signal: stop.signal });
    narrow.addEventListener('change', redraw, { signal: stop.signal });
  }

  /** New rows; filter, sorting and scroll stay. */
  update(block) {
    this.#block = block;
    this.#texts = [];
    this.element.style.setProperty('--tracks', tracks(block.columns, block.rows));
    this.element.classList.toggle('pictures', block.columns.some((c) => c.as === 'picture'));
    this.#heads();
    this.#pick();
  }

  /** Takes filter and sorting from the address. */
  see({ q, sort }, pick = true) {
    if (this.#parts.input.value !== (q ?? '')) this.#parts.input.value = q ?? '';
    this.#words = wordsOf(q ?? '');
    this.#sort = sort ? { column: parseInt(sort, 10), down: sort.endsWith('d') } : null;
    if (pick) {
      this.#heads();
      this.#pick();
    }
  }

  /** Whether the server chooses the rows, of which these are one page. */
  get asks() {
    return this.#block.filter === 'server';
  }

  focus() {
    this.#parts.input.focus({ preventScroll: true });
    this.#parts.input.select();
  }

  #typed() {
    this.#words = wordsOf(this.#parts.input.value);
    this.#active = this.#words.length ? 0 : -1;
    this.#changed();
    // The best matches stand at the top, which may have been scrolled away.
    const top = this.element.offsetTop;
    if (this.#scroller.scrollTop > top) this.#scroller.scrollTop = top;
    this.draw();
  }

  #changed() {
    this.#pick();
    const sort = this.#sort && `${this.#sort.column}${this.#sort.down ? 'd' : 'u'}`;
    this.#onchange({ q: this.#parts.input.value.trim(), sort });
  }

  /** Chooses and orders the rows to show. */
  #pick() {
    const { rows, columns } = this.#block;
    let order = rows.map((_, i) => i);
    // A filter of the server's was asked for rows already.
    if (this.#words.length && !this.asks) {
      if (this.#texts.length === 0) {
        this.#texts = rows.map((row) => row.map((v, n) => (v === null ? '' : sorts[columns[n].as].text(v).toLowerCase())));
      }
      const scores = this.#texts.map((texts) => score(this.#words, texts));
      order = order.filter((i) => scores[i] > 0);
      if (!this.#sort) order.sort((a, b) => scores[b] - scores[a] || a - b);
    }
    const column = this.#sort && columns[this.#sort.column];
    if (column) order = sorted(order, rows, this.#sort, column, this.#lang);
    this.#order = order;
    this.#active = Math.min(this.#active, order.length - 1);
    this.#parts.shown.textContent = this.#block.shown ?? this.#say.shown(order.length, rows.length);
    this.#parts.empty.hidden = order.length > 0;
    this.#parts.empty.textContent = rows.length ? this.#say.none : this.#block.empty || this.#say.empty;
    this.#parts.head.hidden = order.length === 0;
    this.draw();
  }

  #heads() {
    this.#parts.head.replaceChildren(...this.#block.columns.map((column, n) => {
      const by = this.#sort?.column === n ? (this.#sort.down ? 'descending' : 'ascending') : 'none';
      const sort = () => {
        // Up, down, and the third click gives the order the rows came in.
        this.#sort = by === 'none' ? { column: n, down: false } : by === 'ascending' ? { column: n, down: true } : null;
        this.#changed();
        this.#heads();
        this.#parts.head.children[n].firstChild.focus();
      };
      return make('span', { class: column.as === 'number' ? 'number' : null, role: 'columnheader', 'aria-sort': by },
        // What is shown is one page of many: to sort that alone would mislead.
        this.asks ? column.title : column.as === 'picture' ? make('span.vh', {}, column.title) : make('button', { type: 'button', title: this.#say.sort, onclick: sort }, column.title));
    }));
  }

  /** Draws the rows in view, and a screen more on both sides. */
  draw() {
    const { body } = this.#parts;
    const height = this.#height();
    body.style.blockSize = `${this.#order.length * height}px`;
    this.element.style.setProperty('--row', `${height}px`);
    const seen = this.#scroller.clientHeight || innerHeight;
    const above = this.#scroller.getBoundingClientRect().top - body.getBoundingClientRect().top;
    const from = Math.max(0, Math.floor((above - seen / 2) / height));
    const to = Math.min(this.#order.length, Math.ceil((above + seen * 1.5) / height));
    const had = new Map([...body.children].map((e) => [e.source, e]));
    const rows = [];
    for (let at = from; at < to; at += 1) {
      const source = this.#block.rows[this.#order[at]];
      const key = this.#words.join(' ');
      // A row that is there is moved, not made again: pictures do not flash and the focus stays.
      let row = had.get(source);
      if (!row || row.key !== key) row = Object.assign(this.#row(source), { source, key });
      row.style.translate = `0 ${at * height}px`;
      row.setAttribute('aria-rowindex', at + 2);
      row.classList.toggle('active', at === this.#active);
      rows.push(row);
    }
    if (rows.length !== body.children.length || rows.some((r, i) => body.children[i] !== r)) {
      const focused = body.contains(document.activeElement) && document.activeElement;
      body.replaceChildren(...rows);
      if (focused?.isConnected) focused.focus({ preventScroll: true });
    }
    body.parentElement.setAttribute('aria-rowcount', this.#order.length + 1);
  }

  #height() {
    const pictures = this.element.classList.contains('pictures');
    return narrow.matches ? (pictures ? 76 : 64) : pictures ? 52 : 38;
  }

  #row(values) {
    const mark = (text) => marked(text, marks(this.#words, text));
    const show = { mark, say: this.#say, lang: this.#lang };
    return make('div.tr', { role: 'row' }, values.map((value, n) => {
      const { as, wide, title } = this.#block.columns[n];
      const content = value === null ? null : sorts[as].show(value, show);
      return make('span', { role: 'cell', class: `td ${as}${wide ? ' wide' : ''}${value === null ? ' null' : ''}`, 'data-title': title }, content);
    }));
  }

  #key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (by) {
      event.preventDefault();
      this.#active = Math.max(0, Math.min(this.#active + by, this.#order.length - 1));
      this.#reveal();
      this.draw();
    } else if (event.key === 'Enter' && event.target === this.#parts.input) {
      this.#open(this.#parts.body.querySelector('.active'));
    } else if (event.key === 'Escape' && event.target === this.#parts.input) {
      this.#parts.input.value = '';
      this.#typed();
    }
  }

  #reveal() {
    const height = this.#height();
    const head = this.#parts.head.getBoundingClientRect();
    const top = this.#parts.body.getBoundingClientRect().top + this.#active * height;
    const end = this.#scroller.getBoundingClientRect().bottom;
    if (top < head.bottom) this.#scroller.scrollTop -= head.bottom - top;
    else if (top + height > end) this.#scroller.scrollTop += top + height - end;
  }

  #click(event) {
    const row = event.target.closest('.tr');
    if (row && !event.target.closest('a, button') && !String(getSelection())) this.#open(row);
  }

  #open(row) {
    row?.querySelector('a')?.click();
  }
}

/** Empty cells come last, whichever way. */
function sorted(order, rows, { column: n, down }, column, lang) {
  const { compare } = new Intl.Collator(lang, { numeric: true });
  const keys = new Map(order.map((i) => [i, rows[i][n] === null ? null : sorts[column.as].order(rows[i][n])]));
  const sign = down ? -1 : 1;
  return [...order].sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === null || y === null) return (x === null) - (y === null) || a - b;
    return sign * (typeof x === 'number' ? x - y : compare(x, y)) || a - b;
  });
}
