// How soon an edit is seen: from the end of the write to the first frame that shows it in Chromium.
// usage: node pixels.mjs SHANGJIA SITE EDITS   (needs `npm ci` in ../browser)
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "../browser/node_modules/playwright-core/index.mjs";

const [shangjia, site, edits] = process.argv.slice(2);

// The bench theme is as bare as its peers'; for the edit of a style it is given a style sheet.
const style = "themes/bench/assets/bench.css";
if (!existsSync(join(site, style))) {
  const base = join(site, "themes/bench/templates/base.html");
  mkdirSync(join(site, "themes/bench/assets"), { recursive: true });
  writeFileSync(join(site, style), ":root { --mark: cssmark0 }\n");
  writeFileSync(base, readFileSync(base, "utf8").replace("</head>", `<link rel="stylesheet" href="{{ asset(path='bench.css') }}"></head>`));
}
const server = spawn(shangjia, ["serve", "--port", "0"], { cwd: site, stdio: ["ignore", "pipe", "ignore"] });
const address = await new Promise((done) => server.stdout.once("data", (text) => done(String(text).trim())));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

while ((await (await fetch(`${address}_/api/state`)).json()).building) await wait(200);

/** Edits a file so often; `shown` tells, in the page, whether the mark is to be seen. */
async function measure(name, url, file, pattern) {
  await page.goto(address + url, { waitUntil: "load" });
  await wait(1000);
  const path = join(site, file);
  const times = [];
  for (let nth = 0; nth < Number(edits); nth += 1) {
    const mark = `${pattern.source.match(/^[a-z]+/)[0]}${Date.now() % 1e9}x${nth}`;
    const seen = page.evaluate((mark) => new Promise((done) => {
      const shown = () => mark.startsWith("css")
        ? getComputedStyle(document.documentElement).getPropertyValue("--mark").includes(mark)
        : document.documentElement.textContent.includes(mark);
      const look = () => {
        if (!shown()) return false;
        // A timer set while a frame is made runs when the frame is done.
        requestAnimationFrame(() => setTimeout(() => done(Date.now())));
        return true;
      };
      const watch = new MutationObserver(() => look() && watch.disconnect());
      // A style sheet that has loaded changes no element.
      if (mark.startsWith("css")) (function again() { look() || requestAnimationFrame(again); })();
      watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    }), mark);
    await wait(50);
    const text = readFileSync(path, "utf8").replace(pattern, mark);
    writeFileSync(path, text);
    const written = Date.now();
    times.push((await seen) - written);
    await wait(400);
  }
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ peer: "shangjia", what: `pixels after ${name}`, edits: times.length,
    ms: [times[0], times[Math.floor(times.length / 2)], times[times.length - 1]] }));
}

const product = "content/products/cat-00/p000000.md";
await measure("body edit", "cat-00/p000000/", product, /bodymark\w+/);
await measure("title edit", "cat-00/p000000/", product, /titlemark\w+/);
await measure("title edit, in its listing", "cat-00/", product, /titlemark\w+/);
await measure("template edit", "cat-00/p000000/", "themes/bench/templates/base.html", /tplmark\w+/);
await measure("style edit", "cat-00/p000000/", style, /cssmark\w+/);
await browser.close();
server.kill();
