#!/usr/bin/env python3
"""Posters: CPU time of each and peak memory, from 200 products with photographs.

    cargo build --release
    python3 tests/bench/posters.py [PROGRAM]

Makes a shop of 200 products in a temporary folder, each with one photograph of the sample shop, draws 1,000 posters of
800 × 800 and then 1,000 of 1080 × 1440 (five templates that differ in name), JPEG included, on one thread, and takes
from that what a build without posters costs. Wanted: at most 30 and 55 ms of CPU each, 300 MB at the peak.
"""
import pathlib
import shutil
import sys
import tempfile

from measure import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/shangjia").resolve()
PRODUCTS = 200
TEMPLATES = 5


def shop(folder, size):
    content, themes = folder / "content", folder / "themes/bench"
    (themes / "posters").mkdir(parents=True)
    (themes / "theme.yaml").write_text("name: Bench\nextends: default\n")
    html = (ROOT / "themes/default/posters/price-band.html").read_text()
    for nth in range(TEMPLATES if size else 0):
        (themes / f"posters/band-{nth}.html").write_text(html)
        (themes / f"posters/band-{nth}.yaml").write_text(f"for: product\nsizes: [{size}]\n")
    names = ", ".join(f"band-{nth}" for nth in range(TEMPLATES if size else 0))
    content.mkdir()
    (content / "shop.yaml").write_text(
        "name: 青禾家居\nbase_url: https://bench.example\nlocales: [zh-CN]\ntheme: bench\n"
        f"defaults: {{posters: [{names}]}}\n"
    )
    photos = sorted((ROOT / "content/products").rglob("*.jpg"))
    for nth in range(PRODUCTS):
        product = content / f"products/cup-{nth}"
        product.mkdir(parents=True)
        shutil.copy(photos[nth % len(photos)], product / "photo.jpg")
        (product / "index.md").write_text(
            f"---\nsku: B-{nth}\ntitle: 青釉手作马克杯 {200 + nth} ml 第{nth}款\nsubtitle: 一只手刚好握住的分量\n"
            f"price: {{list: {89 + nth}, sale: {69 + nth}, from: 2026-11-01, to: 2026-12-30}}\n---\n一只杯子。\n"
        )


def main():
    for size, wanted in [("", 0), ("800x800", 30), ("1080x1440", 55)]:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shop(folder, size)
            words = ["build", "--only", "posters", "--as-of", "2026-11-22", "--threads", "1", "--quiet"]
            took = run([PROGRAM, *words], folder)
            cpu, peak = took["cpu"], took["rss_mb"]
            made = len(list(folder.glob("output/posters/**/*.jpg")))
        if not size:
            empty = cpu
            print(f"no posters: {cpu:.2f} s CPU, {peak:.0f} MB")
            continue
        assert made == PRODUCTS * TEMPLATES, made
        each = (cpu - empty) / made * 1000
        print(f"{size}: {made} posters, {each:.1f} ms CPU each (wanted {wanted}), peak {peak:.0f} MB (wanted 300)")


if __name__ == "__main__":
    main()
