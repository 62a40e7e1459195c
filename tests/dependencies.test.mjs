// What Cargo.lock brings in: licences, sources, versions twice over, versions that their authors have withdrawn.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const cargo = (...args) => execFileSync('cargo', args, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
const { packages } = JSON.parse(cargo('metadata', '--format-version', '1', '--locked'));

const allowed = new Set([
  '0BSD', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'CC0-1.0', 'IJG', 'ISC',
  'MIT', 'MIT-0', 'MPL-2.0', 'NCSA', 'Unicode-3.0', 'Unlicense', 'Zlib',
]);

/** Is a licence expression (SPDX; `/` is the old word for OR) met by the allowed licences alone? */
function permitted(expression) {
  const words = (expression ?? '').replaceAll('/', ' OR ').match(/\(|\)|[^\s()]+/g) ?? [];
  const list = (joint, part) => {
    let value = part();
    while (words[0] === joint) {
      words.shift();
      const next = part();
      value = joint === 'OR' ? value || next : value && next;
    }
    return value;
  };
  const any = () => list('OR', all);
  const all = () => list('AND', one);
  const one = () => {
    let word = words.shift();
    if (word === '(') {
      const value = any();
      return words.shift() === ')' && value;
    }
    if (words[0] === 'WITH') word += ` ${words.shift()} ${words.shift()}`;
    return allowed.has(word);
  };
  return any() && words.length === 0;
}

test('licence expressions are understood', () => {
  for (const yes of ['MIT', 'MIT/Apache-2.0', '(MIT OR GPL-3.0) AND IJG', 'GPL-3.0 OR Apache-2.0 WITH LLVM-exception']) assert.ok(permitted(yes), yes);
  for (const no of [null, '', 'GPL-3.0', 'MIT AND GPL-3.0', '(MIT', 'MIT)', 'GPL-2.0 WITH LLVM-exception', 'MIT AND']) assert.ok(!permitted(no), no);
});

test('every licence is allowed', () => {
  assert.ok(packages.length > 100);
  assert.deepEqual(packages.filter((p) => !permitted(p.license)).map((p) => `${p.name} ${p.version}: ${p.license}`), []);
});

test('every dependency comes from the registry', () => {
  assert.deepEqual(packages.filter((p) => p.source && !p.source.startsWith('registry+')).map((p) => `${p.name}: ${p.source}`), []);
  assert.deepEqual(packages.filter((p) => !p.source).map((p) => p.name), ['shangjia']);
});

// Crates that come in two versions because their users have not all moved on; each row says who asks for the two.
const twice = {
  constant_time_eq: 'blake3, and zip below calamine',
  cssparser: 'lightningcss, and ammonia',
  getrandom: 'ahash below tera, and tempfile',
  itertools: 'lightningcss, and rav1e below ravif',
  miniz_oxide: 'png below image, and flate2',
  pastey: 'rav1e below ravif, and takumi-core',
  phf: 'parcel_selectors and cssparser, both below lightningcss',
  phf_generator: 'the same',
  phf_macros: 'the same',
  phf_shared: 'the same',
  syn: 'macros run at build time, none of it is in the program',
};

test('no crate comes twice, but for those known', () => {
  const rows = cargo('tree', '--locked', '--edges', 'normal', '--duplicates', '--depth', '0', '--prefix', 'none').match(/^\S+ v\S+/gm) ?? [];
  const versions = new Map();
  for (const row of rows) {
    const [name, version] = row.split(' v');
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  const again = [...versions].filter(([, set]) => set.size > 1).map(([name]) => name);
  assert.deepEqual(again.filter((name) => !(name in twice)), []);
});

// Packing a crate makes cargo ask the registry's index about every version in Cargo.lock. The rest of the project stays out.
test('no version was withdrawn by its authors', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shangjia-lock-'));
  try {
    for (const name of ['Cargo.toml', 'Cargo.lock']) copyFileSync(join(project, name), join(folder, name));
    for (const name of ['src/lib.rs', 'src/main.rs', ...targets()]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
    const { status, stderr } = spawnSync('cargo', ['package', '--no-verify', '--allow-dirty', '--color', 'never'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0 && /network|resolve host|timed? ?out|connect/i.test(stderr)) return t.skip('the index is not reachable');
    assert.equal(status, 0, stderr);
    assert.deepEqual(stderr.match(/^.*is yanked.*$/gm) ?? [], []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The files that Cargo.toml names as targets. */
function targets() {
  return [...readFileSync(join(project, 'Cargo.toml'), 'utf8').matchAll(/^path\s*=\s*"([^"]+\.rs)"/gm)].map((m) => m[1]);
}
