// Everything works without this file; it makes some of it quicker.
const one = (s, from = document) => from.querySelector(s);
const all = (s, from = document) => [...from.querySelectorAll(s)];
document.documentElement.classList.add('js');

// Sub-categories close when one clicks elsewhere or presses Escape.
const menus = () => all('.menu details[open]');
document.addEventListener('click', (e) => menus().forEach((d) => d.contains(e.target) || (d.open = false)));
document.addEventListener('keydown', (e) => {
  const open = e.key === 'Escape' && menus()[0];
  if (open) { open.open = false; one('summary', open).focus(); }
});

// A card's second picture is fetched when the pointer first comes to it.
if (matchMedia('(hover: hover)').matches) {
  document.addEventListener('pointerover', (e) => {
    const card = e.target.closest('.card:not(.turns)');
    const back = card && one('img.back, .back img', card);
    if (!back) return;
    card.classList.add('turns');
    back.loading = 'eager';
    back.decode().then(() => card.classList.add('ready'), () => {});
  });
}

// Gallery: the small pictures move the strip; a click opens the viewer.
const strip = () => one('.strip');
const slides = () => [...strip()?.children ?? []];
const offset = (slide, list) => slide.offsetLeft - list[0].offsetLeft;
const show = (i) => {
  const list = slides();
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (list[i]) strip().scrollTo({ left: offset(list[i], list), behavior: calm ? 'instant' : 'smooth' });
};
const shown = () => {
  const list = slides();
  const far = list.map((s) => Math.abs(offset(s, list) - strip().scrollLeft));
  return far.indexOf(Math.min(...far));
};
const mark = () => {
  const thumbs = all('.thumbs a');
  const at = thumbs.length && shown();
  thumbs.forEach((a, i) => i === at ? a.setAttribute('aria-current', 'true') : a.removeAttribute('aria-current'));
};
const viewer = () => {
  const made = one('.viewer') ?? one('.gallery template').content.firstElementChild.cloneNode(true);
  if (!made.isConnected) strip().after(made);
  return made;
};
let looked = 0; // the picture in the viewer
const look = (i) => {
  const list = slides();
  looked = (i + list.length) % list.length;
  const big = one('picture', list[looked]).cloneNode(true);
  all('source, img', big).forEach((x) => { x.sizes = '100vw'; x.loading = 'eager'; });
  one('div', viewer()).replaceChildren(big);
  one('p', viewer()).textContent = list.length > 1 ? `${looked + 1} / ${list.length}` : '';
};
// Scrolling and closing do not bubble, but they can be caught on the way down.
document.addEventListener('scroll', (e) => { if (e.target === strip()) mark(); }, true);
document.addEventListener('close', (e) => { if (e.target.matches('.viewer')) show(looked); }, true);
document.addEventListener('click', (e) => {
  const thumb = all('.thumbs a').findIndex((a) => a.contains(e.target));
  const slide = slides().findIndex((s) => s.contains(e.target));
  if (thumb >= 0) { e.preventDefault(); show(thumb); }
  if (slide >= 0) { e.preventDefault(); look(slide); viewer().showModal(); }
  if (e.target.closest('.viewer')) {
    const by = +e.target.closest('[data-go]')?.dataset.go;
    if (by) look(looked + by); else viewer().close();
  }
});
document.addEventListener('keydown', (e) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
  if (!by || !e.target.closest('.strip, .viewer')) return;
  e.preventDefault();
  if (e.target.closest('.viewer')) look(looked + by);
  else show((shown() + by + slides().length) % slides().length);
});

// Variants: the table has them all; the choice shows one.
const variants = () => all('.variants tbody tr').map((tr) => {
  const cells = [...tr.cells];
  const [price, stock, sku] = cells.slice(-3);
  return { tr, price, stock, sku, options: cells.slice(0, -3).map((c) => c.textContent) };
});
const axes = () => all('.choose fieldset').map((f) => all('input', f));
const picked = (sets) => sets.map((s) => s.find((i) => i.checked)?.value);
const fill = (id, from) => { const to = one(id); if (to && from != null) to.innerHTML = from; };
const pick = (row, rows, sets) => {
  sets.forEach((s, n) => s.forEach((i) => {
    i.checked = i.value === row.options[n];
    // Struck out: what is sold out together with the other options.
    const like = rows.find((r) => r.options.every((o, m) => o === (m === n ? i.value : row.options[m])));
    i.parentNode.classList.toggle('out', !like || like.tr.classList.contains('out'));
  }));
  fill('#now-price', row.price.innerHTML);
  fill('#now-stock', row.stock.innerHTML);
  fill('#now-sku', row.sku.innerHTML);
  fill('#now-gtin', row.tr.dataset.gtin);
  one('.buy')?.classList.toggle('out', row.tr.classList.contains('out'));
  all('.until').forEach((p) => { p.hidden = !one('.sale', row.price); });
};
const turn = ({ tr }) => { if (tr.dataset.picture) show(+tr.dataset.picture); };
document.addEventListener('change', (e) => {
  if (!e.target.closest('.choose')) return;
  const [rows, sets] = [variants(), axes()];
  const n = sets.findIndex((s) => s.includes(e.target));
  const want = picked(sets);
  const fits = (r) => r.options.filter((o, m) => o === want[m]).length + (r.tr.classList.contains('out') ? 0 : 0.5);
  const row = rows.filter((r) => r.options[n] === e.target.value).sort((a, b) => fits(b) - fits(a))[0];
  if (!row) return;
  pick(row, rows, sets);
  turn(row);
  history.replaceState(null, '', `?v=${encodeURIComponent(row.sku.textContent)}`);
});
// What the address names, or else what is picked already.
const choose = () => {
  const [rows, sets] = [variants(), axes()];
  if (sets.length === 0) return;
  const asked = new URLSearchParams(location.search).get('v');
  const want = picked(sets);
  const row = rows.find((r) => r.sku.textContent === asked) ?? rows.find((r) => r.options.every((o, n) => o === want[n]));
  if (row) pick(row, rows, sets);
  return row;
};

// Countdown: minutes are enough until the last hour. Gives the time until it has to be looked at again.
const count = (p) => {
  const units = p.dataset.units.split(',');
  const left = Math.floor((Date.parse(p.dataset.to) - Date.now()) / 1000);
  p.hidden = !(left > 0);
  if (p.hidden) return Infinity;
  const parts = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60];
  const from = parts.findIndex((n) => n > 0);
  const text = parts.map((n, i) => `${n} ${units[i]}`).slice(Math.min(from, 2), Math.max(3, from + 1, left < 3600 ? 4 : 0)).join(' ');
  if (one('b', p).textContent !== text) one('b', p).textContent = text;
  return left < 3600 ? 1000 : 15000;
};
let timer;
const tick = () => {
  clearTimeout(timer);
  const wait = Math.min(...all('.countdown').map(count));
  if (wait < Infinity) timer = setTimeout(tick, wait);
};

const row = choose();
if (row) turn(row);
mark();
tick();
// The preview (`shangjia serve`) changes the page in place: what this script did to it is done again.
document.addEventListener('shangjia:morph', () => { choose(); mark(); tick(); });
