// The errors, over the page: comes by itself, goes by itself, and folds away on Esc.
import { finding, make } from './finding.js';

const most = 20; // what a reader can take in; the workbench has them all

export class Overlay {
  element = make('section.overlay', { role: 'alertdialog', 'aria-modal': 'false', 'aria-labelledby': 'title', hidden: true });
  say;
  #list = [];
  #onfold;

  constructor(say, { onfold }) {
    this.say = say;
    this.#onfold = onfold;
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.element.hidden) this.fold();
    });
  }

  /** Shows these errors. Folded, it stays folded until all were mended: the author knows of them. */
  show(list) {
    const fresh = this.#list.length === 0;
    this.#list = list;
    this.draw();
    if (list.length === 0) this.element.hidden = true;
    else if (fresh) this.element.hidden = false;
  }

  fold() {
    this.element.hidden = true;
    this.#onfold();
  }

  toggle() {
    if (this.element.hidden && this.#list.length) this.element.hidden = false;
    else this.fold();
  }

  draw() {
    const { say } = this;
    // A broken shop.yaml makes many other things look wrong; then comes what concerns the open page.
    const rank = (f) => (f.place?.file === 'content/shop.yaml' ? 0 : f.page === location.pathname ? 1 : 2);
    const list = [...this.#list].sort((a, b) => rank(a) - rank(b));
    const scroll = this.element.querySelector('.list')?.scrollTop ?? 0;
    this.element.replaceChildren(
      make('div.head', {},
        make('div', { 'aria-live': 'polite' },
          make('h2', { id: 'title' }, say.errors(list.length)),
          make('p', {}, say.faults)),
        make('button.fold', { type: 'button', title: 'Esc', onclick: () => this.fold() }, say.fold)),
      make('div.list', {},
        list.slice(0, most).map((f) => finding(f, say, { why: false })),
        list.length > most ? make('a.more', { href: '/_/#findings' }, say.more(list.length - most)) : null));
    this.element.querySelector('.list').scrollTop = scroll;
  }
}
