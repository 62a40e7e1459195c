// One finding as elements: the overlay and the workbench show it alike.

/** Makes an element: `make('a.name', { href }, child, …)`; what is null is left out. */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** `file:line:column` as a button that opens the author's editor there. */
export function place(at, say, where = [at.file, at.line, at.column].filter(Boolean).join(':')) {
  const said = make('span.said', { role: 'status' });
  const open = async () => {
    const failed = await openEditor(at);
    said.textContent = failed ? say.cannotOpen + failed : '';
  };
  return make('span.place', {}, make('button', { type: 'button', title: say.open, onclick: open }, where), said);
}

/** Asks the server to open the editor; gives the reason when it cannot. */
async function openEditor({ file, line, column }) {
  // The token is read when needed: after a restart of the server a morph has brought the new one.
  const token = document.querySelector('script[data-token]')?.dataset.token ?? '';
  try {
    const answer = await fetch('/_/api/open', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Shangjia-Token': token },
      body: JSON.stringify({ file, line, column }),
    });
    if (answer.status === 204) return null;
    return (await answer.json().catch(() => ({}))).error ?? `HTTP ${answer.status}`;
  } catch (error) {
    return String(error.message ?? error);
  }
}

/** The line of the source. The range is marked, not counted out with carets: Chinese is two columns wide. */
function source({ line, from, to }, number) {
  // Offsets count characters as the author sees them, so surrogate pairs are one.
  const text = [...line];
  const end = Math.max(to, from + 1);
  const marked = text.slice(from, end).join('') || ' ';
  return make('pre.source', { tabindex: '0' },
    number ? make('span.number', { 'aria-hidden': 'true' }, String(number)) : null,
    make('code', {}, text.slice(0, from).join(''), make('mark', {}, marked), text.slice(end).join('')));
}

export function finding(it, say, { why = true } = {}) {
  return make(`article.finding.${it.severity}`, {},
    make('p.says', {}, make('b.severity', {}, say.severity[it.severity] ?? it.severity), ' ', it.says),
    it.place ? place(it.place, say) : null,
    it.page ? make('a.page', { href: it.page }, it.page) : null,
    it.source ? source(it.source, it.place?.line) : null,
    why && it.why ? make('p.why', {}, it.why) : null,
    it.fix ? make('p.fix', {}, make('span', {}, `${say.fix} `), it.fix) : null,
    make('code.code', {}, it.code));
}
