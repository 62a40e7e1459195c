"""The figures of tests/bench/channels/run.     usage: bench.py WORKDIR RUNS     with SHANGJIA naming the program"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

here = Path(__file__).parent
sys.path.insert(0, str(here.parent))
from measure import run, three  # noqa: E402

work, runs, shangjia = Path(sys.argv[1]), int(sys.argv[2]), os.environ["SHANGJIA"]
SIX = "taobao shopify woocommerce google meta openai".split()


def shop(name, products, variants, channels):
    folder = work / name
    if not folder.exists():
        subprocess.run([sys.executable, here / "gen.py", folder, str(products), str(variants), *channels], check=True)
    return folder


def tell(what, rows, **more):
    cpu = [row["cpu"] for row in rows]
    print(json.dumps({"what": what, "runs": len(rows), "cpu": three(cpu), "rss_mb": three([row["rss_mb"] for row in rows]), **more}),
          flush=True)
    return three(cpu)[1]


def cold(what, folder, rows, peer=None):
    measured = []
    for _ in range(runs):
        shutil.rmtree(folder / "output", ignore_errors=True)
        measured.append(run([shangjia, "export", "--quiet"], folder))
    ours = tell(what, measured, rows_per_cpu_second=round(rows / three([one["cpu"] for one in measured])[1]))
    if peer:
        theirs = tell(f"{what}, Python", [run([sys.executable, here / "peer.py", peer, f"{folder}.csv", work / "peer.out"], work)
                                          for _ in range(runs)])
        print(json.dumps({"what": what, "times_the_peer": round(theirs / ours, 2)}), flush=True)


# 100,000 variants, from the author's files to the channel's.
for channel, peer in (("google", "google"), ("taobao", "taobao"), ("workbook", None)):
    folder = shop(f"{channel}-100k", 10_000, 10, [channel])
    if channel == "google":
        # The feed as XML alone, as the peer writes it.
        (folder / "content/channels").mkdir(exist_ok=True)
        (folder / "content/channels/google.yaml").write_text("files: {table: null}\n", encoding="utf-8")
    if channel == "workbook":
        (folder / "content/channels").mkdir(exist_ok=True)
        (folder / "content/channels/workbook.yaml").write_text(
            "files:\n  list: {path: list.xlsx, format: xlsx, rows: variant, columns: {SKU: sku, Title: title.variant, Price: price.now, "
            "Stock: stock, GTIN: gtin, Brand: brand, Link: link, Picture: picture}}\n", encoding="utf-8")
    table = Path(f"{folder}.csv")
    if peer and not table.exists():
        subprocess.run([sys.executable, here / "peer.py", "table", folder, table], check=True)
    cold(f"{channel}, 100,000 variants", folder, 100_000, peer)

# One product's edit, and six channels right again.
folder = shop("six", 10_000, 3, SIX)
run([shangjia, "export", "--quiet"], folder)
product = folder / "content/products/cat-07/p000107.md"
rows = []
for nth in range(runs):
    text = product.read_text(encoding="utf-8")
    product.write_text(re.sub(r"mark\d+", f"mark{nth + 1}{os.getpid()}", text), encoding="utf-8")
    rows.append(run([shangjia, "export", "--verbose"], folder))
tell("six channels of 10,000 products after one edit", rows)
tell("the same, nothing edited", [run([shangjia, "export", "--quiet"], folder) for _ in range(runs)])
tell("the same, facts alone", [run([shangjia, "title", "P000107"], folder) for _ in range(runs)])

# Two revisions, one brand edited.
def git(*words):
    subprocess.run(["git", "-c", "user.name=bench", "-c", "user.email=bench@bench", *words], cwd=folder, check=True, capture_output=True)

if not (folder / ".git").exists():
    (folder / ".gitignore").write_text("output/\n", encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "before")
    for path in (folder / "content/products").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        if "\nbrand: Haoyi\n" in text:
            path.write_text(text.replace("\nbrand: Haoyi\n", "\nbrand: Haoyi Works\n"), encoding="utf-8")
    git("commit", "-qam", "a brand")
run([shangjia, "diff", "HEAD~1", "HEAD"], folder)
tell("diff of two revisions, one brand edited", [run([shangjia, "diff", "HEAD~1", "HEAD", "--format", "json"], folder) for _ in range(runs)])

# A table of 7,000 rows is taken over.
table = work / "shopify-7000.csv"
feed = shop("shopify-7000", 2_333, 3, ["shopify"])
if not table.exists():
    run([shangjia, "export", "--quiet"], feed)
    shutil.copy(feed / "output/exports/shopify/shopify.csv", table)
rows = []
for nth in range(runs):
    target = work / "taken"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    rows.append(run([shangjia, "import", str(table), "--as", "shopify", "--into", str(target / "content")], work))
tell("import of 7,000 rows", rows, lines=sum(1 for _ in table.open(encoding="utf-8")))
