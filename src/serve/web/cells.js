// The cells of tables: how each sort is shown, filtered, sorted, and how wide it is.
import { make, place } from './finding.js';

const where = (at) => [at.file, at.line, at.column].filter(Boolean).join(':');
// In a table the folder that all have in common only takes room.
const short = (at) => at.file.replace(/^content\/(products\/)?/, '') + (at.line > 1 ? `:${at.line}` : '');
const badge = (b, mark) => make(`span.badge.${b.tone ?? 'calm'}`, {}, mark(b.text));
const plain = { text: (v) => String(v), show: (v, { mark }) => mark(String(v)), order: (v) => String(v) };

/** Each sort: `text` for the filter, `show` for the eye, `order` for sorting. A null never comes here. */
export const sorts = {
  text: plain,
  number: { ...plain, show: (v, { lang }) => v.toLocaleString(lang), order: (v) => v },
  link: {
    text: (v) => v.text,
    show: (v, { mark }) => make('a', { href: v.href, target: v.href.startsWith('#') ? null : 'shangjia-shop' }, mark(v.text)),
    order: (v) => v.text,
  },
  badge: { text: (v) => v.text, show: (v, { mark }) => badge(v, mark), order: (v) => v.text },
  badges: {
    text: (v) => v.map((b) => b.text).join(' '),
    show: (v, { mark }) => make('span.badges', {}, v.map((b) => badge(b, mark))),
    order: (v) => v.length,
  },
  picture: { text: () => '', show: (v) => make('img', { src: v, alt: '', loading: 'lazy', decoding: 'async' }), order: (v) => v },
  place: { text: short, show: (v, { say }) => place(v, say, short(v)), order: where },
  time: { text: () => '', show: (v, { lang }) => time(v, lang), order: (v) => v },
  meter: {
    text: (v) => v.text,
    show: (v) => make('span.meter', {},
      make('meter', { value: v.value, max: v.max, low: 0, high: v.max, class: v.value > v.max ? 'over' : null }), v.text),
    order: (v) => v.value / v.max,
  },
};

function time(ms, lang) {
  const date = new Date(ms);
  const today = date.toDateString() === new Date().toDateString();
  const full = date.toLocaleString(lang);
  return make('time', { datetime: date.toISOString(), title: full }, today ? date.toLocaleTimeString(lang, { hour12: false }) : full);
}

/** A text with its matches marked. */
export function marked(text, ranges) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(at, from), make('mark', {}, text.slice(from, to)));
    at = to;
  }
  parts.push(text.slice(at));
  return make('span', {}, ...parts);
}

/** Widths of columns, as a grid: rows are drawn one by one, so the tracks must come from a look at some of them. */
export function tracks(columns, rows) {
  // A large prime as the step meets no rhythm the rows may have.
  const sample = rows.length <= 200 ? rows : Array.from({ length: 200 }, (_, i) => rows[(i * 7919) % rows.length]);
  return columns.map((column, n) => {
    if (column.as === 'picture') return '48px';
    const texts = sample.map((r) => r[n]).filter((v) => v !== null);
    const shown = (v) => (column.as === 'time' ? '2026/11/22 12:00:00' : sorts[column.as].text(v));
    // Badges have padding and smaller type; a Chinese character is two wide.
    const pad = (v) => (column.as === 'badges' ? 2 * v.length - Math.floor(wide(shown(v)) / 5) : column.as === 'badge' ? 2 : column.as === 'meter' ? 9 : 0);
    const widths = texts.map((v) => wide(shown(v)) + pad(v)).sort((a, b) => a - b);
    const most = widths[Math.floor(widths.length * 0.95)] ?? 0;
    const ch = Math.max(4, wide(column.title) + 2, Math.min(most + 1, column.wide ? 80 : 32));
    if (column.wide) return `minmax(${Math.min(ch, 20)}ch, ${ch}fr)`;
    // Words may end in an ellipsis; figures, times and badges are whole or useless.
    return ['text', 'link', 'place'].includes(column.as) ? `minmax(${Math.min(ch, column.as === 'place' ? 10 : 16)}ch, ${ch}ch)` : `${ch}ch`;
  }).join(' ');
}

const wide = (text) => [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0);
