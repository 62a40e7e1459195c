// The built shop over HTTP, as a plain static host would serve it.
import { createServer } from 'node:http';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** The folder under test: `SITE`, or what `cargo run --release -- build` writes. */
export const root = resolve(process.env.SITE ?? join(here, '../../../output/site'));
if (!existsSync(join(root, 'index.html'))) {
  throw new Error('no built shop to test: run `cargo run --release -- build` first');
}

const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
};

/** The file an address leads to, or none. */
export function fileOf(path) {
  const file = join(root, decodeURIComponent(path));
  if (file !== root && !file.startsWith(root)) return null;
  if (!existsSync(file)) return null;
  if (!statSync(file).isDirectory()) return file;
  const index = join(file, 'index.html');
  return path.endsWith('/') && existsSync(index) ? index : null;
}

/** The nearest 404.html above an address, as static hosts look for it. */
function notFound(path) {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)) {
    const file = fileOf(`${folder}404.html`);
    if (file) return file;
    if (folder === '/' || folder === '') return null;
  }
}

/**
 * Serves the shop on a free port of this machine.
 * `slow` holds every picture back by that many milliseconds, so that a layout which jumps is seen to jump.
 */
export async function serve({ slow = 0 } = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const file = fileOf(path);
    const send = (status, name) => {
      response.writeHead(status, { 'content-type': types[extname(name)] ?? 'application/octet-stream' });
      createReadStream(name).pipe(response);
    };
    if (file) setTimeout(() => send(200, file), path.startsWith('/pictures/') ? slow : 0);
    else if (fileOf(`${path}/`)) response.writeHead(301, { location: `${path}/` }).end();
    else if (notFound(path)) send(404, notFound(path));
    else response.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}
