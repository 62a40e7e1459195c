#!/usr/bin/env python3
"""A shop of PRODUCTS products with VARIANTS variants each, for the benchmark of channel files. The same every time.
usage: gen.py FOLDER PRODUCTS VARIANTS [CHANNEL…]"""
import random
import struct
import sys
import zlib
from pathlib import Path

folder, products, variants = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
channels = sys.argv[4:] or ["taobao", "pinduoduo", "shopify", "woocommerce", "google", "meta"]

NOUN = "mug bowl plate teapot vase tray jug saucer spoon lid".split()
ADJ = "celadon matte glazed footed tall shallow heavy light ribbed plain".split()
BRANDS = "Norrlund Haoyi Calder Mirel Tanso Vekta Ollen Brisk Qingmu Farrow".split()
COLORS = "black white sand navy olive rust grey cream teal plum".split()
SIZES = "S M L XL".split()
WORDS = ("holds keeps stays made every day room hand surface edge seam handle base cover inside outside water heat light weight "
         "size shape finish care clean dry store pack carry open close use move set place rest work week season home table").split()


def sentence(r, low=8, high=16):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(low, high))).capitalize() + "."


def gtin(number):
    digits = f"69012{number:07d}"
    total = sum(int(d) * (3 if nth % 2 else 1) for nth, d in enumerate(digits))
    return digits + str((10 - total % 10) % 10)


def png(width, height, shade):
    """A picture of one colour, written by hand so that nothing has to be installed."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    row = b"\0" + bytes([shade, 200 - shade, 120]) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")


def product(i):
    r = random.Random(i)
    noun, adjective, brand = r.choice(NOUN), r.choice(ADJ), BRANDS[(i // 7) % len(BRANDS)]
    price = r.randint(20, 400)
    lines = [
        "---", f"sku: P{i:06d}", f"title: {brand} {adjective} {noun} {i}", f"description: A {adjective} {noun}. {sentence(r)} {sentence(r)}",
        f"brand: {brand}", f"price: {price}", f"tags: [{r.choice(WORDS)}, {r.choice(ADJ)}]",
        f"facts: {{Material: stoneware, Weight: {r.randint(90, 900)} g, Origin: Jingdezhen}}",
        f"images: [/pictures/a{i % 5}.png, /pictures/b{i % 3}.png]",
    ]
    own = {"taobao": f"'5000{i % 90:02d}'", "google": "'Home & Garden > Kitchen & Dining'"}
    own = [f"{name}: {{category: {category}}}" for name, category in own.items() if name in channels]
    if own:
        lines.append(f"channels: {{{', '.join(own)}}}")
    if variants > 1:
        lines += ["variants:", "  axes: [Color, Size]", "  items:"]
        for v in range(variants):
            lines.append(f"    - {{sku: P{i:06d}-{v}, Color: {COLORS[v % 10]}, Size: {SIZES[v // 10 % 4]}, "
                         f"stock: {r.randint(0, 30)}, gtin: '{gtin(i * variants + v)}'}}")
    else:
        lines += [f"gtin: '{gtin(i)}'", f"stock: {r.randint(0, 30)}"]
    lines += ["---", f"{sentence(r)} It is a **{noun}** by *{brand}*, batch{i}mark0.", "", "## Features", ""]
    lines += [f"- **{r.choice(ADJ)}**: {sentence(r, 5, 8)}" for _ in range(5)]
    lines += ["", "## Details", "", " ".join(sentence(r) for _ in range(5)), ""]
    return "\n".join(lines)


content = folder / "content"
(content / "pictures").mkdir(parents=True, exist_ok=True)
for nth in range(5):
    (content / f"pictures/a{nth}.png").write_bytes(png(800, 800, 30 * nth))
for nth in range(3):
    (content / f"pictures/b{nth}.png").write_bytes(png(800, 800, 40 * nth + 7))
(content / "shop.yaml").write_text(
    "name: Bench\nbase_url: https://shop.example\nlocales: [en]\ncurrency: USD\n"
    f"channels: [{', '.join(channels)}]\npictures: {{widths: [800], formats: [jpeg]}}\n", encoding="utf-8")
for i in range(products):
    path = content / f"products/cat-{i % 50:02d}/p{i:06d}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(product(i), encoding="utf-8")
