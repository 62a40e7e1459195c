// The filter above tables: every word must be found in a row, as it stands or by its letters in order.

/** What of a query counts: its words, in small letters. */
export const wordsOf = (query) => query.toLowerCase().split(/\s+/).filter(Boolean);

/** How well a row (its cells' texts in small letters) fits all words; 0 is not at all. */
export function score(words, texts) {
  let total = 0;
  for (const word of words) {
    let best = 0;
    for (const [column, text] of texts.entries()) {
      // Left columns say what a row is.
      const found = find(word, text);
      if (found) best = Math.max(best, found.score - column);
    }
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

/** The ranges of a text that the words match, in order and without overlaps. */
export function marks(words, text) {
  const small = text.toLowerCase();
  const ranges = words.flatMap((word) => find(word, small)?.ranges ?? []).sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [from, to] of ranges) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function find(word, text) {
  const from = text.indexOf(word);
  if (from >= 0) {
    const begins = from === 0 || !/[\p{L}\p{N}]/u.test(text[from - 1]);
    return { score: (begins ? 1200 : 1000) - Math.min(from, 150), ranges: [[from, from + word.length]] };
  }
  // Letters in order are for Latin names and SKUs; Chinese has so many characters that apart they mean something else.
  return /^[\x21-\x7e]{2,}$/.test(word) ? letters(word, text) : null;
}

/** `cm350` in `cup-mug 350`: the tightest run; letters strewn over a long text are no match. */
function letters(word, text) {
  let best = null;
  for (let start = text.indexOf(word[0]); start >= 0; start = text.indexOf(word[0], start + 1)) {
    const at = [start];
    for (let i = 1; i < word.length; i += 1) {
      const next = text.indexOf(word[i], at[i - 1] + 1);
      if (next < 0) return best;
      at.push(next);
    }
    const span = at.at(-1) - start + 1;
    if (span <= word.length * 4 + 4 && (!best || span < best.span)) best = { span, at };
  }
  return best && { score: 500 - best.span * 4, ranges: best.at.map((i) => [i, i + 1]) };
}
