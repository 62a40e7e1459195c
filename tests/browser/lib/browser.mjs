// One Chromium and one server for a test file, and visits that remember everything that went wrong.
import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { serve } from './server.mjs';

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1440, height: 900 };

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function launch() {
  assert.ok(existsSync(executablePath), `no Chromium at ${executablePath}: install it, or set CHROMIUM`);
  // Containers often give /dev/shm 64 MB only.
  return chromium.launch({ executablePath, args: ['--disable-dev-shm-usage', '--disable-quic'] });
}

/** Starts both before the tests of a file and ends them after; the fields are filled by then. */
export function stage(options) {
  const it = { browser: null, origin: '' };
  let server;
  before(async () => {
    server = await serve(options);
    it.origin = server.origin;
    it.browser = await launch();
  });
  after(async () => {
    await it.browser?.close();
    await server?.close();
  });
  return it;
}

/**
 * Opens a window, hands its page to `act`, and fails on any console error, script error, failed or refused request,
 * or request to another host. `page.goto` takes addresses of the shop.
 */
export async function visit(stage, { viewport = desktop, js = true, dark = false, ...more }, act) {
  const context = await stage.browser.newContext({
    viewport,
    javaScriptEnabled: js,
    colorScheme: dark ? 'dark' : 'light',
    baseURL: stage.origin,
    hasTouch: viewport === phone,
    ...more,
  });
  const wrong = [];
  const missing = new Set();
  const page = await context.newPage();
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') wrong.push(`console: ${m.text()} (${m.location().url})`);
  });
  page.on('pageerror', (e) => wrong.push(`script: ${e}`));
  page.on('requestfailed', (r) => {
    // A picture still on its way when the visitor leaves is no fault.
    if (r.failure()?.errorText !== 'net::ERR_ABORTED') wrong.push(`request: ${r.url()} ${r.failure()?.errorText}`);
  });
  page.on('request', (r) => {
    if (/^https?:/.test(r.url()) && !r.url().startsWith(stage.origin)) wrong.push(`another host: ${r.url()}`);
  });
  page.on('response', (r) => {
    if (r.status() >= 400) wrong.push(`status ${r.status()}: ${r.url()}`);
  });
  try {
    /** Says that these addresses are meant not to exist. */
    const expectMissing = (path) => missing.add(stage.origin + path);
    await act(page, expectMissing);
    const left = wrong.filter((w) => ![...missing].some((url) => w.includes(url)));
    assert.deepEqual(left, [], 'something went wrong behind the page');
  } finally {
    await context.close();
  }
}
