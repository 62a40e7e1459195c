// The W3C's checker finds no error in any page and any drawing.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { files } from './lib/survey.mjs';
import { root } from './lib/server.mjs';

const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const run = promisify(execFile);

/** All its findings; it exits with 1 when there are some, so the exit code says nothing. */
async function check(kind, folder) {
  const { stderr } = await run('java', ['-Xss1m', '-jar', jar, '--format', 'json', kind, folder], { maxBuffer: 1 << 28 }).catch((e) => e);
  return JSON.parse(stderr).messages;
}

const short = (m) => `${relative(root, decodeURIComponent(m.url.replace(/^file:/, '')))}:${m.lastLine ?? 0}: ${m.message}`;
const isError = (m) => m.type !== 'info';

test('the checker runs and would say so if something were wrong', async () => {
  const broken = fileURLToPath(new URL('lib/broken.html', import.meta.url));
  const found = await check('--skip-non-html', broken);
  assert.ok(found.some((m) => m.type === 'error' && m.message.includes('alt')));
});

for (const [what, option, ending] of [['page', '--skip-non-html', '.html'], ['drawing', '--skip-non-svg', '.svg']]) {
  test(`every ${what} is valid`, async (t) => {
    const count = files().filter((f) => f.endsWith(ending)).length;
    assert.ok(count > 0);
    const found = await check(option, root);
    t.diagnostic(`${count} files, ${found.filter((m) => !isError(m)).length} remarks`);
    assert.deepEqual(found.filter(isError).map(short), []);
  });
}
