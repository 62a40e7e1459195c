// The workbench: the panels the server offers, one at a time, always as of now. Panels are data; a new one needs
// nothing here.
import { readView } from './bar.js';
import { Blocks } from './blocks.js';
import { listen } from './events.js';
import { make } from './finding.js';
import { status, words } from './words.js';

const one = (selector) => document.querySelector(selector);
const main = one('main');
const get = async (path) => {
  const answer = await fetch(path, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  return answer.json();
};

let say = words(navigator.language);
let lang = navigator.language;
let panels = [];
let state = null;
let shown = null; // the panel in view: { route, blocks }
let listed = null; // the panel of the list that was opened last; details belong to it
const scrolls = new Map(); // where each panel was left

// The address: #panel?…, of which `q` and `sort` are the table's own and the rest is for the server; tables whose rows
// the server chooses have `q` answered by it.
function address() {
  const [id, query = ''] = decodeURI(location.hash.slice(1)).split('?');
  const asked = new URLSearchParams(query);
  const view = { q: asked.get('q') ?? '', sort: asked.get('sort') };
  asked.delete('q');
  asked.delete('sort');
  const panel = id || panels[0]?.id;
  return { id: panel, view, asked, route: `${panel}?${asked}` };
}

function remember({ q, sort }) {
  const { id, asked, view } = address();
  const asks = shown?.blocks.table?.asks && q !== view.q;
  if (asks) asked.delete('page');
  if (q) asked.set('q', q);
  if (sort) asked.set('sort', sort);
  const query = String(asked);
  history.replaceState(null, '', `#${id}${query ? `?${query}` : ''}`);
  if (!asks) return;
  shown.route = address().route;
  load();
}

/** Goes to the panel of the address, or only to its filter. */
async function go() {
  // Before the server has said what there is, and in which language, there is nowhere to go.
  if (!panels.length) return;
  const { id, route, view } = address();
  if (shown?.route === route) {
    const { table } = shown.blocks;
    table?.see(view);
    return table?.asks ? load() : undefined;
  }
  if (shown) scrolls.set(shown.route, main.scrollTop);
  if (panels.some((p) => p.id === id)) listed = id;
  list();
  const title = make('h1');
  const parent = make('div.blocks');
  const blocks = new Blocks(parent, { say, lang, scroller: main, view, onchange: remember });
  shown = { route, title, blocks };
  main.replaceChildren(title, parent);
  await load();
  if (shown.route !== route) return;
  main.scrollTop = scrolls.get(route) ?? 0;
  // A filter to type into is what one comes for; on a phone the keyboard would hide the rows.
  if (matchMedia('(hover: hover)').matches) blocks.table?.focus();
}

// One fetch at a time, as in a page; the newest wish counts.
let busy = false;
let wanted = false;
async function load() {
  wanted = true;
  if (busy) return loading;
  busy = true;
  loading = (async () => {
    while (wanted) {
      wanted = false;
      await fetchPanel();
    }
    busy = false;
  })();
  return loading;
}
let loading = null;

async function fetchPanel() {
  const { id, asked, view, route } = address();
  if (view.q) asked.set('q', view.q);
  const at = shown;
  try {
    const panel = await get(`/_/api/panel/${encodeURIComponent(id)}?${asked}`);
    // Meanwhile the reader may have gone elsewhere.
    if (shown !== at || shown.route !== route) return;
    at.title.textContent = panel.title;
    document.title = `${panel.title} · ${one('.shop').textContent}`;
    at.blocks.show(panel.blocks);
  } catch (error) {
    // The rows that are there stay: while the server restarts they are better than nothing.
    if (shown === at && !at.title.textContent) {
      at.blocks.show([{ kind: 'text', text: say.problem + error.message }]);
    }
  }
}

function list() {
  const nav = one('.panels');
  nav.setAttribute('aria-label', say.panels);
  nav.replaceChildren(...panels.map((p) => make('a', { href: `#${p.id}`, 'aria-current': p.id === listed && 'page' },
    p.title, p.id === 'findings' ? counts() : null)));
}

/** How many errors and warnings there are, at the panel that has them. */
function counts() {
  return make('span.counts', {},
    state?.errors ? make('b.bad', { title: say.errors(state.errors) }, String(state.errors)) : null,
    state?.warnings ? make('b.warn', { title: say.warnings(state.warnings) }, String(state.warnings)) : null);
}

function tell() {
  // The shop's name is known only when the shop can be read.
  one('.shop').textContent = state?.name || one('.shop').textContent || 'shangjia';
  const text = one('.state');
  text.className = `state ${!state ? 'lost' : state.building ? 'busy' : state.trouble || state.errors ? 'bad' : 'good'}`;
  text.textContent = status(state, say);
  text.title = state?.trouble ?? state?.polling ?? '';
  const bar = one('progress');
  bar.hidden = !state?.building;
  bar.max = state?.of || 1;
  bar.value = state?.done ?? 0;
  const view = readView();
  const other = one('.view');
  other.hidden = !view.drafts && !view.at;
  other.textContent = [say.notNow, view.at, view.drafts && say.drafts].filter(Boolean).join(' · ');
}

async function start() {
  const about = await get('/_/api/state').catch(() => ({}));
  lang = about.lang ?? lang;
  say = words(lang);
  document.documentElement.lang = lang;
  one('.shop').title = say.shop;
  tell();
  panels = await get('/_/api/panels').catch(() => []);
  // Without the server there is nothing to show yet; it is asked again when it is back.
  if (panels.length) go();
}

addEventListener('hashchange', go);
addEventListener('focus', tell);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.value) return;
  event.preventDefault();
  shown?.blocks.table?.focus();
});

const began = start();
listen({
  onstate: async (next, before) => {
    state = next;
    tell();
    await began;
    if (!panels.length) await start();
    const changed = ['session', 'version', 'findings', 'building'].some((name) => next[name] !== before?.[name]);
    if (!changed) return;
    list();
    if (before && shown) load();
  },
  onlost: () => {
    state = null;
    tell();
  },
});
