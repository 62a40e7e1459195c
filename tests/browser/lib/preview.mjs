// `shangjia serve` on a copy of the sample shop in a folder of its own, and an author who edits it.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

import { root as site } from './server.mjs';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const program = resolve(process.env.SHANGJIA ?? join(project, 'target/debug/shangjia'));

/** How long a change may take to be seen before it counts as lost: machines under test are slow at times. */
export const patience = 20_000;

/** A shop to edit; `change` may spoil it before the server first reads it. */
export class Shop {
  root = mkdtempSync(join(tmpdir(), 'shangjia-serve-'));
  origin = '';
  #child = null;
  #port = 0;
  #kept = new Map(); // the files a test changed, as they were

  constructor() {
    cpSync(join(project, 'content'), join(this.root, 'content'), { recursive: true });
    // The pictures were encoded when the site under test was built; these tests are not about that.
    const built = dirname(site);
    if (existsSync(join(built, '.cache'))) cpSync(built, join(this.root, 'output'), { recursive: true });
    // A theme of the author's own would have all posters drawn again, slowly by a program that is not optimised.
    for (const file of ['campaigns/winter-tea/index.md', 'campaigns/double-twelve/index.md', 'products/cups/celadon-mug/index.md']) {
      const path = `content/${file}`;
      this.write(path, this.read(path).replace(/^posters:.*\n/m, ''));
    }
    // A theme of the author's own, with all files that these tests change.
    this.edit('content/shop.yaml', 'theme: default', 'theme: mine');
    this.write('themes/mine/theme.yaml', 'extends: default\n');
    for (const file of ['assets/shop.css', 'assets/shop.js', 'templates/product.html']) {
      this.write(`themes/mine/${file}`, readFileSync(join(project, 'themes/default', file), 'utf8'));
    }
    this.#kept.clear();
  }

  path(file) {
    return join(this.root, file);
  }

  read(file) {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file, text) {
    if (!this.#kept.has(file)) this.#kept.set(file, existsSync(this.path(file)) ? readFileSync(this.path(file)) : null);
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  edit(file, from, to) {
    const text = this.read(file);
    assert.ok(text.includes(from), `${file} has no ${from}`);
    this.write(file, text.replace(from, to));
  }

  /** Brings back what a test changed. */
  mend() {
    for (const [file, bytes] of this.#kept) {
      if (bytes === null) rmSync(this.path(file), { force: true });
      else writeFileSync(this.path(file), bytes);
    }
    this.#kept.clear();
  }

  /** Starts the server; again at the same port, if it ran before. */
  async start() {
    assert.ok(existsSync(program), `no ${program}: run \`cargo build\`, or set SHANGJIA`);
    this.#child = spawn(program, ['serve', '--port', String(this.#port), '--color', 'never'], {
      cwd: this.root,
      env: { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8', SHANGJIA_EDITOR: this.path('editor') },
    });
    let said = '';
    this.#child.stderr.on('data', (data) => { said += data; });
    this.origin = await new Promise((ready, fail) => {
      let out = '';
      this.#child.stdout.on('data', (data) => {
        out += data;
        const found = /http:\/\/\S+?(?=\/\s)/.exec(out);
        if (found) ready(found[0]);
      });
      this.#child.on('error', fail);
      this.#child.on('exit', (code) => fail(new Error(`serve ended with ${code}: ${said}`)));
    });
    this.#port = Number(new URL(this.origin).port);
  }

  /** Ends the server as a power cut would. */
  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  async close() {
    await this.kill();
    rmSync(this.root, { recursive: true, force: true });
  }

  async state() {
    return (await fetch(`${this.origin}/_/api/state`)).json();
  }

  /** Waits until everything is written, after at least this version. */
  async built(version = 0) {
    await until('the build is done', async () => {
      const state = await this.state();
      return !state.building && state.version >= version;
    }, 180_000);
  }

  async text(path) {
    return (await fetch(this.origin + path)).text();
  }
}

/** Asks again and again until it is so. */
export async function until(what, ask, long = patience) {
  const end = Date.now() + long;
  for (;;) {
    if (await ask()) return;
    assert.ok(Date.now() < end, `never came true: ${what}`);
    await pause(30);
  }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
