// The same pictures by sharp. usage: node sharp.mjs once|each OUT PHOTO…    (prints CPU milliseconds a photograph)
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import sharp from "sharp";

const [way, out, ...photos] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);
mkdirSync(out, { recursive: true });
const before = process.cpuUsage();
for (const photo of photos) {
  const stem = join(out, basename(photo).replace(/\.\w+$/, ""));
  const open = () => sharp(photo, { failOn: "none" }).rotate();
  let decoded;
  if (way === "once") decoded = await open().raw().toBuffer({ resolveWithObject: true });
  const from = () => (decoded ? sharp(decoded.data, { raw: decoded.info }) : open());
  for (const width of [1200, 640, 320]) {
    const sized = from().resize({ width, withoutEnlargement: true });
    await sized.clone().webp({ quality: 80, effort: 4 }).toFile(`${stem}-${width}.webp`);
    await (decoded ? sized.clone() : from().resize({ width, withoutEnlargement: true })).jpeg({ quality: 80 }).toFile(`${stem}-${width}.jpg`);
  }
}
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000 / photos.length);
