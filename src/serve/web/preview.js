// What the preview shows of itself in a page: the bar and the errors, in one shadow tree.
import { Bar } from './bar.js';
import { make } from './finding.js';
import { Overlay } from './overlay.js';
import { words } from './words.js';

export class Preview {
  #bar;
  #overlay;
  #state = null;

  constructor({ onview }) {
    // A sibling of <body>, where no morph and few page styles reach; the shadow keeps both sides' styles apart.
    const host = make('shangjia-preview', { style: 'all: initial; visibility: hidden' });
    const root = host.attachShadow({ mode: 'open' });
    const style = make('link', { rel: 'stylesheet', href: '/_/client.css' });
    style.addEventListener('load', () => host.style.removeProperty('visibility'));
    const say = words(document.documentElement.lang);
    this.#overlay = new Overlay(say, { onfold: () => this.#bar.update(this.#state) });
    this.#bar = new Bar(say, { onview, onerrors: () => this.#overlay.toggle() });
    root.append(style, make('div.dock', {}, this.#overlay.element, this.#bar.element));
    document.documentElement.append(host);
  }

  state(state) {
    // The tool speaks the author's language, which need not be the page's.
    if (state.lang !== this.#state?.lang) {
      this.#bar.say = this.#overlay.say = words(state.lang);
      this.#bar.element.lang = this.#overlay.element.lang = state.lang;
      this.#overlay.draw();
    }
    this.#state = state;
    this.#bar.update(state);
  }

  offline() {
    this.#bar.update(null);
  }

  /** How the last fetch of the page went. */
  page(outcome) {
    this.#bar.page(outcome);
  }

  /** Another tab changed drafts or time. */
  view() {
    this.#bar.update(this.#state);
  }

  async findings() {
    if (!this.#state.errors) return this.#overlay.show([]);
    const { findings, list } = await ask('/_/api/findings').catch(() => ({}));
    // Overtaken by newer news, which fetches by itself.
    if (!list || findings < this.#state.findings) return;
    this.#overlay.show(list.filter((f) => f.severity === 'error'));
  }
}

async function ask(path) {
  return (await fetch(path, { cache: 'no-store' })).json();
}
