// Brings a page from the version it shows to the one the server has now, keeping what its reader did to it.
import { Idiomorph } from './idiomorph.js';

const injected = /<script src="\/_\/client\.js"[^>]*><\/script>/;

export class Page {
  #own; // our script element: it says which version the page is
  #session = null;
  #version;
  #text = null; // the page as it was built, without our script; null until fetched once
  #built = null; // the same, parsed: what the theme's scripts changed is not in it
  #status = 200;

  constructor(own) {
    this.#own = own;
    this.#version = Number(own.dataset.version);
  }

  /** Fetches the page and shows it; says how that went: `same`, `fresh`, `missing`, `unready` or `lost`. */
  async update(session) {
    // A restarted server counts from the beginning again.
    if (session && this.#session && session !== this.#session) this.#version = -1;
    this.#session = session ?? this.#session;
    const got = await this.#fetch();
    if (!got) return 'lost';
    const { status, text, version } = got;
    if (status === 204 || status === 304) return 'same';
    const first = this.#text === null;
    if (first) this.#status = status;
    // The last good page stays; but where there was none, any answer is better.
    else if (status >= 400 && this.#status < 400) return status === 404 || status === 410 ? 'missing' : 'unready';

    if (version < this.#version) return 'same'; // overtaken
    const bare = text.replace(injected, '');
    // The page may have been read and our first fetch be of the same version: then there is nothing to do yet.
    const same = bare === this.#text || (first && version === this.#version);
    const built = same && this.#built ? this.#built : new DOMParser().parseFromString(text, 'text/html');
    if (!same) await this.#show(built);
    Object.assign(this.#own.dataset, built.querySelector('script[src="/_/client.js"]')?.dataset);
    this.#version = version;
    this.#text = bare;
    this.#built = built;
    this.#status = status;
    return same ? 'same' : 'fresh';
  }

  async #fetch() {
    try {
      const answer = await fetch(location.pathname + location.search, {
        headers: { 'X-Shangjia-Version': this.#version },
        cache: 'no-store',
      });
      const text = await answer.text();
      const version = Number(/data-version="(\d+)"/.exec(injected.exec(text)?.[0])?.[1] ?? this.#version);
      return { status: answer.status, text, version };
    } catch {
      return null;
    }
  }

  async #show(next) {
    const before = this.#built ?? document;
    if (scripts(before) !== scripts(next)) return reload();
    attributes(document.documentElement, before.documentElement, next.documentElement);
    const styled = head(before.head, next.head);
    // Text must not be seen without its style.
    await styled;
    body(next);
    document.dispatchEvent(new CustomEvent('shangjia:morph'));
  }
}

/** Everything a script of the page is, or has read when it started. Structured data is for search engines only. */
function scripts(from) {
  return [...from.scripts]
    .filter((s) => s.type !== 'application/ld+json' && s.getAttribute('src') !== '/_/client.js')
    .map((s) => s.outerHTML)
    .join('\n');
}

/** Reloads; the browser brings the scroll position back by itself. Waits for ever, as the page ends here. */
function reload() {
  location.reload();
  return new Promise(() => {});
}

/** Changes only the attributes that the files changed: a theme's script may have set others. */
function attributes(live, before, next) {
  for (const name of new Set([...before.getAttributeNames(), ...next.getAttributeNames()])) {
    const value = next.getAttribute(name);
    if (before.getAttribute(name) === value) continue;
    if (value === null) live.removeAttribute(name);
    else live.setAttribute(name, value);
  }
}

/** Patches `<head>` element by element; what scripts put there stays. Done when new stylesheets are in force. */
function head(before, next) {
  const texts = (h) => new Set([...h.children].map((e) => e.outerHTML));
  const [had, has] = [texts(before), texts(next)];
  const gone = [...document.head.children].filter((e) => had.has(e.outerHTML) && !has.has(e.outerHTML));
  const come = [...next.children].filter((e) => !had.has(e.outerHTML)).map((e) => document.importNode(e, true));
  const waits = [];
  for (const element of come) {
    // The new one takes the place of the first that is gone and is of the same sort: the order of stylesheets counts.
    const index = gone.findIndex((old) => old.tagName === element.tagName && old.rel === element.rel);
    const old = index < 0 ? null : gone.splice(index, 1)[0];
    if (element.tagName === 'LINK' && element.rel === 'stylesheet') {
      waits.push(loaded(element).then(() => old?.remove()));
      if (old) old.after(element);
      else document.head.append(element);
    } else if (old) {
      old.replaceWith(element);
    } else {
      document.head.append(element);
    }
  }
  gone.forEach((old) => old.remove());
  return Promise.all(waits);
}

/** A stylesheet that does not come must not keep the page from being renewed. */
function loaded(link) {
  return new Promise((done) => {
    link.addEventListener('load', done);
    link.addEventListener('error', done);
    setTimeout(done, 2000);
  });
}

/**
 * Morphs `<body>`; what the reader typed, chose, opened and focused stays. A picture with another address needs no care:
 * the browser shows the old one until the new one has come (HTML, "update the image data": the pending request).
 */
function body(next) {
  const kept = remember();
  Idiomorph.morph(document.body, next.body, {
    morphStyle: 'outerHTML',
    callbacks: {
      // Open details, menus and dialogs are the reader's business.
      beforeAttributeUpdated: (name, element) => !(name === 'open' && element.matches('details, dialog')),
      beforeNodeRemoved: (node) => !(node.matches?.('dialog[open], :popover-open')),
    },
  });
  kept.forEach((bring) => bring());
}

/** The reader's doings, each as a function that does it again. */
function remember() {
  return [...details(), ...fields(), ...focus()];
}

// Elements are found again by what they say, as a new one above them would shift all positions.
function details() {
  const name = (d) => d.querySelector('summary')?.textContent.trim();
  const open = new Map([...document.querySelectorAll('details')].map((d) => [name(d), d.open]));
  return [() => document.querySelectorAll('details').forEach((d) => {
    if (open.has(name(d))) d.open = open.get(name(d));
  })];
}

function fields() {
  const key = (f) => [f.form?.id ?? '', f.id || f.name, f.matches('[type=radio], [type=checkbox]') ? f.value : ''].join('\n');
  const all = () => [...document.querySelectorAll('input, textarea, select')].filter((f) => f.type !== 'file');
  const touched = new Map();
  for (const f of all()) {
    if (f.tagName === 'SELECT' ? [...f.options].some((o) => o.selected !== o.defaultSelected)
      : f.value !== f.defaultValue || f.checked !== f.defaultChecked) {
      touched.set(key(f), { value: f.value, checked: f.checked });
    }
  }
  return [() => all().filter((f) => touched.has(key(f))).forEach((f) => Object.assign(f, touched.get(key(f))))];
}

function focus() {
  const was = document.activeElement;
  if (!was || was === document.body) return [];
  const again = was.id ? `#${CSS.escape(was.id)}` : was.getAttribute('href') && `a[href="${CSS.escape(was.getAttribute('href'))}"]`;
  return [() => {
    if (again && document.activeElement === document.body) document.querySelector(again)?.focus({ preventScroll: true });
  }];
}
