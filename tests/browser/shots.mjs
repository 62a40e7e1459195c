// Takes pictures of the main pages, to look at: node shots.mjs FOLDER
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { desktop, launch, phone } from './lib/browser.mjs';
import { serve } from './lib/server.mjs';
import { samples, survey } from './lib/survey.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('usage: node shots.mjs FOLDER');
mkdirSync(folder, { recursive: true });

const views = [
  ['phone', { viewport: phone, deviceScaleFactor: 1 }],
  ['desktop', { viewport: desktop }],
  ['dark', { viewport: desktop, colorScheme: 'dark' }],
];
const pages = await survey();
const server = await serve();
const browser = await launch();
try {
  for (const [name, options] of views) {
    for (const lang of name === 'dark' ? ['zh-CN'] : ['zh-CN', 'en']) {
      const context = await browser.newContext({ ...options, baseURL: server.origin, reducedMotion: 'reduce' });
      const page = await context.newPage();
      for (const [kind, path] of samples(pages, lang)) {
        await page.goto(path);
        // Lazy pictures come when they are asked for.
        await page.evaluate(() => Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => {}); })));
        await page.screenshot({ path: join(folder, `${name}-${lang}-${kind.replaceAll(' ', '-')}.png`), fullPage: true });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
