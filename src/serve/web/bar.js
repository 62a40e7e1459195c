// The preview's bar: what state the shop is in, and which shop is looked at: drafts, and the moment in time.
import { make } from './finding.js';
import { status } from './words.js';

const folded = 'shangjia-bar-folded';
const cookie = 'shangjia_view';

/** The view all tabs share. The cookie is its only home, as every request has to carry it. */
export function readView() {
  const text = new RegExp(`(?:^|; )${cookie}=([^;]*)`).exec(document.cookie)?.[1];
  try {
    return { drafts: false, at: null, ...JSON.parse(decodeURIComponent(text)) };
  } catch {
    return { drafts: false, at: null };
  }
}

function writeView(view) {
  const today = !view.drafts && !view.at;
  document.cookie = `${cookie}=${encodeURIComponent(JSON.stringify(view))}; path=/; SameSite=Strict${today ? '; max-age=0' : ''}`;
}

export class Bar {
  element = make('aside.bar');
  say;
  #onview;
  #parts;
  #state = null;
  #notice = null;
  #heard = false; // a connection there never was is not called lost

  constructor(say, { onview, onerrors }) {
    this.say = say;
    this.#onview = onview;
    const at = make('input', { type: 'datetime-local', onchange: () => this.#look({ at: at.value.replace('T', ' ') || null }) });
    const drafts = make('input', { type: 'checkbox', role: 'switch', onchange: () => this.#look({ drafts: drafts.checked }) });
    const p = this.#parts = {
      dot: make('span.dot', { 'aria-hidden': 'true' }),
      status: make('span.status', { role: 'status' }),
      unfold: make('button.unfold', { type: 'button', onclick: () => this.#fold(false) }),
      errors: make('button.count.errors', { type: 'button', onclick: onerrors }),
      warnings: make('a.count.warnings', { href: '/_/#findings' }),
      notice: make('p.notice', { role: 'status' }),
      drafts,
      draftsName: make('span'),
      at,
      atName: make('span.name'),
      now: make('button.now', { type: 'button', onclick: () => this.#look({ drafts: false, at: null }) }),
      workbench: make('a.workbench', { href: '/_/' }),
      fold: make('button.fold', { type: 'button', onclick: () => this.#fold(true) }),
    };
    p.unfold.append(p.dot, p.status);
    this.element.append(
      p.notice,
      make('div.row', {},
        p.unfold, p.errors, p.warnings,
        make('div.more', {},
          make('label', {}, p.drafts, p.draftsName),
          make('label', {}, p.atName, p.at),
          p.now, p.workbench, p.fold)));
    this.update(null);
  }

  #fold(on) {
    localStorage.setItem(folded, on ? 'yes' : 'no');
    this.update(this.#state);
    (on ? this.#parts.unfold : this.#parts.fold).focus();
  }

  #look(change) {
    writeView({ ...readView(), ...change });
    this.update(this.#state);
    this.#onview();
  }

  /** How the last fetch of the page went: the reader must know when the page shown is no longer the shop's. */
  page(outcome) {
    if (outcome !== 'lost') this.#notice = { missing: 'gone', unready: 'unready' }[outcome] ?? null;
    this.update(this.#state);
  }

  update(state) {
    const { say } = this;
    const p = this.#parts;
    this.#state = state;
    this.#heard ||= Boolean(state);
    const view = readView();
    const other = view.drafts || view.at !== null;
    // Another shop than today's must be seen to be one, so the bar does not fold then.
    const small = !other && (localStorage.getItem(folded) ?? (innerWidth < 768 ? 'yes' : 'no')) === 'yes';
    this.element.classList.toggle('folded', small);
    this.element.classList.toggle('other', other);
    this.element.setAttribute('aria-label', say.preview);
    p.dot.className = `dot ${!state ? 'lost' : state.building ? 'busy' : state.errors || state.trouble ? 'bad' : 'good'}`;
    p.status.textContent = state || this.#heard ? status(state, say) : say.connecting;
    p.unfold.title = state?.trouble ?? state?.polling ?? (small ? say.unfold : '');
    p.unfold.disabled = !small;
    p.unfold.setAttribute('aria-expanded', String(!small));
    count(p.errors, state?.errors, say.errors);
    count(p.warnings, state?.warnings, say.warnings);
    p.notice.hidden = !this.#notice;
    p.notice.textContent = this.#notice ? say[this.#notice] : '';
    p.draftsName.textContent = say.drafts;
    p.drafts.checked = view.drafts;
    p.atName.textContent = say.when;
    const at = (view.at ?? '').replace(' ', 'T');
    if (p.at.value !== at && this.element.getRootNode().activeElement !== p.at) p.at.value = at;
    p.now.textContent = say.now;
    p.now.disabled = !other;
    p.workbench.textContent = say.workbench;
    p.fold.textContent = '×';
    p.fold.setAttribute('aria-label', say.fold);
    p.fold.title = say.fold;
    p.fold.hidden = other;
  }
}

function count(element, n, say) {
  element.hidden = !n;
  element.textContent = n ? say(n) : '';
}
