// Everything works without this file; it makes some of it quicker.
const one = (s, from = document) => from.querySelector(s);
const all = (s, from = document) => [...from.querySelectorAll(s)];
document.documentElement.classList.add('js');

// Sub-categories close when one clicks elsewhere or presses Escape.
const menus = all('.menu details');
document.addEventListener('click', (e) => menus.forEach((d) => d.contains(e.target) || (d.open = false)));
document.addEventListener('keydown', (e) => {
  const open = e.key === 'Escape' && menus.find((d) => d.open);
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
const strip = one('.strip');
const slides = strip ? [...strip.children] : [];
const thumbs = all('.thumbs a');
let at = 0;
const show = (i) => {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  strip?.scrollTo({ left: slides[i].offsetLeft - slides[0].offsetLeft, behavior: calm ? 'instant' : 'smooth' });
};
if (strip) {
  const seen = new IntersectionObserver((list) => list.forEach(({ isIntersecting, target }) => {
    if (!isIntersecting) return;
    at = slides.indexOf(target);
    thumbs.forEach((a, i) => i === at ? a.setAttribute('aria-current', 'true') : a.removeAttribute('aria-current'));
  }), { root: strip, threshold: 0.6 });
  slides.forEach((s) => seen.observe(s));
  thumbs.forEach((a, i) => a.addEventListener('click', (e) => { e.preventDefault(); show(i); }));
  const arrows = (go) => (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (by) { e.preventDefault(); go(by); }
  };
  const wrap = (i) => (i + slides.length) % slides.length;
  strip.addEventListener('keydown', arrows((by) => show(wrap(at + by))));

  const viewer = one('.gallery template').content.firstElementChild;
  strip.after(viewer);
  const look = (i) => {
    at = wrap(i);
    const big = one('picture', slides[at]).cloneNode(true);
    all('source, img', big).forEach((x) => { x.sizes = '100vw'; x.loading = 'eager'; });
    one('div', viewer).replaceChildren(big);
    one('p', viewer).textContent = slides.length > 1 ? `${at + 1} / ${slides.length}` : '';
  };
  slides.forEach((s, i) => s.addEventListener('click', (e) => { e.preventDefault(); look(i); viewer.showModal(); }));
  viewer.addEventListener('click', (e) => {
    const by = e.target.closest('[data-go]')?.dataset.go;
    if (+by) look(at + +by); else viewer.close();
  });
  viewer.addEventListener('keydown', arrows((by) => look(at + by)));
  viewer.addEventListener('close', () => show(at));
}

// Variants: the table has them all; the choice shows one.
const form = one('.choose');
if (form) {
  const rows = all('.variants tbody tr').map((tr) => {
    const cells = [...tr.cells];
    const [price, stock, sku] = cells.slice(-3);
    return { tr, price, stock, sku, options: cells.slice(0, -3).map((c) => c.textContent) };
  });
  const sets = all('fieldset', form).map((f) => all('input', f));
  const picked = () => sets.map((s) => s.find((i) => i.checked)?.value);
  const fill = (id, from) => { const to = one(id); if (to && from != null) to.innerHTML = from; };
  const pick = (row) => {
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
    all('.until').forEach((p) => { p.hidden = !one('.sale', row.price); });
    if (row.tr.dataset.picture && slides[row.tr.dataset.picture]) show(+row.tr.dataset.picture);
  };
  form.addEventListener('change', (e) => {
    const n = sets.findIndex((s) => s.includes(e.target));
    const want = picked();
    const fits = (r) => r.options.filter((o, m) => o === want[m]).length + (r.tr.classList.contains('out') ? 0 : 0.5);
    const row = rows.filter((r) => r.options[n] === e.target.value).sort((a, b) => fits(b) - fits(a))[0];
    if (!row) return;
    pick(row);
    history.replaceState(null, '', `?v=${encodeURIComponent(row.sku.textContent)}`);
  });
  const asked = new URLSearchParams(location.search).get('v');
  const first = rows.find((r) => r.sku.textContent === asked);
  if (first) pick(first);
}

// Countdown: minutes are enough until the last hour.
for (const p of all('.countdown')) {
  const units = p.dataset.units.split(',');
  const tick = () => {
    const left = Math.floor((Date.parse(p.dataset.to) - Date.now()) / 1000);
    p.hidden = !(left > 0);
    if (p.hidden) return;
    const parts = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60];
    const from = parts.findIndex((n) => n > 0);
    const text = parts.map((n, i) => `${n} ${units[i]}`).slice(Math.min(from, 2), Math.max(3, from + 1, left < 3600 ? 4 : 0)).join(' ');
    if (one('b', p).textContent !== text) one('b', p).textContent = text;
    setTimeout(tick, left < 3600 ? 1000 : 15000);
  };
  tick();
}
