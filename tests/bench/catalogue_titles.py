#!/usr/bin/env python3
"""Titles of a whole catalogue: CPU seconds cold, unchanged, and after one product's facts changed.

    tests/bench/catalogue_titles.py [PROGRAM] [--products 10000] [--tables FOLDER] [--runs 3] [--keep FOLDER]

Makes a shop of PRODUCTS products on three channels (60 GBK bytes, 60 half-widths, 90 half-widths with blanks) from 20
keyword tables, and exports a file of titles for each. Each product says a part of its table's words of itself, so each has
titles of its own. FOLDER has tables as described in ../shared/data/README.md, each used for two of the 20; without it the
script makes its own, of 500 keywords each, the same every time.

What the catalogue costs without titles (the same shop, no tables) is told too. Wanted for 10,000 products: at most 90 CPU
seconds cold, nothing for titles when nothing changed, one product's titles when its facts changed.
"""
import argparse
import json
import pathlib
import random
import re
import shutil
import tempfile

from measure import run, three

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT / "../shared/data/keywords"
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("program", nargs="?", default=str(ROOT / "target/release/shangjia"))
arguments.add_argument("--products", type=int, default=10_000)
arguments.add_argument("--tables", default=None)
arguments.add_argument("--words", type=int, default=30, help="of its table's words so many are true of a product")
arguments.add_argument("--runs", type=int, default=3)
arguments.add_argument("--keep", default=None, help="make the shop here and leave it")
options = arguments.parse_args()
PROGRAM = pathlib.Path(options.program).resolve()
TABLES = 20
CHANNELS = {
    "bytes": 'unit: gbk_bytes, max: 60, separator: ""',
    "widths": 'unit: gbk_width, max: 60, separator: ""',
    "blanks": 'unit: gbk_width, max: 90, separator: " "',
}

NOUNS = "连衣裙 半身裙 衬衫 毛衣 外套 茶壶 茶杯 盖碗 花瓶 餐盘 饭碗 面碗 马克杯 桌布 餐垫 抱枕 床单 台灯 收纳盒 砧板".split()
WORDS = (
    "2026新款 新款 夏季 春季 秋季 冬季 法式 日式 中式 北欧 复古 简约 小众 气质 优雅 温柔风 高级感 设计感 文艺 清新 碎花 条纹 格子 印花 手绘 纯色 渐变 "
    "白色 黑色 蓝色 绿色 杏色 粉色 灰色 红色 黄色 棕色 雪纺 真丝 纯棉 亚麻 陶瓷 玻璃 骨瓷 实木 竹子 羊毛 牛仔 蕾丝 收腰 显瘦 显白 显高 宽松 修身 大码 高腰 "
    "长款 短款 中长款 过膝 长袖 短袖 无袖 泡泡袖 v领 方领 圆领 大容量 带盖 防滑 耐高温 加厚 轻薄 透气 柔软 手工 景德镇 家用 办公室 客厅 卧室 厨房 餐厅 户外 "
    "旅行 送礼 礼盒 生日 女 男 学生 少女 妈妈 情侣 儿童 小个子 高个子 学院风 森系 轻奢 ins风 极简 新中式 国风"
).split()


def made(nth):
    """A table of 500 keywords: common words stand in many, and most end in what the thing is."""
    dice = random.Random(nth)
    words = dice.sample(WORDS, 80)
    nouns = [NOUNS[nth % len(NOUNS)], NOUNS[(nth + 7) % len(NOUNS)]]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    rows = {}
    while len(rows) < 500:
        chosen = list(dict.fromkeys(dice.choices(words, weights, k=dice.choice([1, 2, 2, 3, 3, 4]))))
        text = "".join(chosen) + (dice.choice(nouns) if dice.random() < 0.8 else "")
        rows.setdefault(text, round(10_000 / (len(rows) + 2) ** 0.8 * dice.uniform(0.5, 1.5), 1))
    return words + nouns, nouns, list(rows.items())


def read(path, seed):
    """A table of the shared data; the second time its values are dealt out anew."""
    lines = path.read_text(encoding="utf-8").splitlines()
    count = int(lines[0].split()[0])
    words = [line.split("\t")[0] for line in lines[1 : count + 1]]
    rows = [line.split("\t") for line in lines[count + 1 :]]
    values = [float(row[0]) for row in rows]
    if seed:
        random.Random(seed).shuffle(values)
    texts = ["".join(words[int(cell)] for cell in row[1:]) for row in rows]
    ends = [words[int(row[-1])] for row in rows]
    nouns = sorted(set(ends), key=ends.count)[-2:]
    return words, nouns, list(zip(texts, values))


def shop(folder, tables, with_tables):
    content = folder / "content"
    (content / "keywords").mkdir(parents=True)
    (content / "channels").mkdir()
    names = ", ".join(CHANNELS)
    (content / "shop.yaml").write_text(
        f"name: 词\nbase_url: https://bench.example\nlocales: [zh-CN]\ncurrency: CNY\nchannels: [{names}]\n", encoding="utf-8"
    )
    for name, rule in CHANNELS.items():
        (content / f"channels/{name}.yaml").write_text(
            f'name: {{en: {name}}}\nversion: "1"\nlanguage: zh-CN\n'
            f"title: {{{rule}, start: [brand], source: the benchmark, seen: 2026-11, confidence: A}}\n"
            f"files:\n  t: {{path: titles.csv, format: csv, rows: product, columns: {{sku: sku, title: title}}}}\n"
        )
    for nth, (_, _, rows) in enumerate(tables):
        lines = "".join(f"{text},{value}\n" for text, value in rows)
        (content / f"keywords/table-{nth}.csv").write_text("搜索词,搜索人气\n" + lines, encoding="utf-8")
    for nth in range(options.products):
        dice = random.Random(nth)
        words, nouns, _ = tables[nth % TABLES]
        noun = nouns[dice.randrange(len(nouns))]
        tags = ", ".join(f'"{word}"' for word in dice.sample(words, min(options.words, len(words))))
        path = content / f"products/c{nth % TABLES}/p{nth}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        keywords = f"keywords: {{table: table-{nth % TABLES}}}\n" if with_tables else ""
        path.write_text(
            f"---\nsku: P{nth}\ntitle: {noun}\nbrand: 青禾\nprice: {20 + nth % 80}\nstock: 5\ntags: [{tags}]\n"
            f"facts: {{款号: 第{nth}款}}\n{keywords}---\n一件商品。\n",
            encoding="utf-8",
        )


def titles(folder):
    rows = [path.read_text(encoding="utf-8-sig").splitlines()[1:] for path in sorted(folder.glob("output/exports/*/titles.csv"))]
    assert len(rows) == len(CHANNELS) and all(len(one) == options.products for one in rows), [len(one) for one in rows]
    return [row for one in rows for row in one]


def measure(folder):
    """Cold, unchanged, and after each of some products says one word more and one less."""
    export = [PROGRAM, "export", "--as-of", "2026-11-22", "--quiet"]
    cold, unchanged, edited, changed = [], [], [], []
    for nth in range(options.runs):
        shutil.rmtree(folder / "output", ignore_errors=True)
        cold.append(run(export, folder)["cpu"])
        before = titles(folder)
        unchanged.append(run(export, folder)["cpu"])
        assert titles(folder) == before
        path = folder / f"content/products/c{nth % TABLES}/p{nth}.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'tags: \["[^"]*", ', "tags: [", text), encoding="utf-8")
        edited.append(run(export, folder)["cpu"])
        changed.append(sum(one != other for one, other in zip(before, titles(folder))))
        path.write_text(text, encoding="utf-8")
    return {"cold": three(cold), "unchanged": three(unchanged), "one product edited": three(edited), "titles that changed": changed}


def main():
    source = pathlib.Path(options.tables) if options.tables else None
    files = sorted(source.glob("*.tsv")) if source else []
    tables = [read(files[nth % len(files)], nth // len(files)) if files else made(nth) for nth in range(TABLES)]
    with tempfile.TemporaryDirectory() as name:
        for what, with_tables in [("no tables", False), ("titles", True)]:
            folder = pathlib.Path(options.keep or name) / what.replace(" ", "-")
            shutil.rmtree(folder, ignore_errors=True)
            shop(folder, tables, with_tables)
            took = {"what": what, "products": options.products, "channels": len(CHANNELS), "cpu seconds": measure(folder)}
            if with_tables:
                shown = run([PROGRAM, "title"], folder)["out"].strip().splitlines()
                took["program says"] = shown[-1] if shown else ""
            print(json.dumps(took, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
