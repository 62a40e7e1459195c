#!/usr/bin/env python3
"""Real catalogues to every channel, and nothing lost on the way.

    tests/real/channels.py DATA [PROGRAM]

DATA has the folders spree, saleor and dummyjson; one that is not there is skipped with a word. For each, a shop with
every channel switched on is exported, and of each channel: products in = products exported + products left out, each of
these with a reason. All files are then read by other readers (tests/channels.py). Pictures: PICTURES=1 takes spree's
too, which is some minutes of work.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def shop_of(name, data, folder):
    """A shop made of a catalogue: its rows as they were published."""
    if name == "saleor":
        return saleor(data, folder)
    shutil.copytree(HERE / name, folder, dirs_exist_ok=True)
    for source in data.iterdir():
        target = folder / "content/products" / source.name
        if source.is_dir():
            if os.environ.get("PICTURES"):
                shutil.copytree(source, target)
        elif source.suffix in (".csv", ".json"):
            shutil.copy(source, target)


def saleor(data, folder):
    """Saleor's fixture is a dump of a database: joined into one table of variants, which `rows` then reads."""
    kinds = {}
    for one in json.loads((data / "populatedb_data.json").read_text("utf-8")):
        kinds.setdefault(one["model"], {})[one["pk"]] = one["fields"]
    channel = min(kinds["channel.channel"])
    prices = {p["variant"]: p for p in kinds["product.productvariantchannellisting"].values() if p["channel"] == channel}
    stock = {}
    for one in kinds["warehouse.stock"].values():
        stock[one["product_variant"]] = stock.get(one["product_variant"], 0) + one["quantity"]
    rows = []
    for pk, variant in kinds["product.productvariant"].items():
        product = kinds["product.product"][variant["product"]]
        about = json.loads(product["description"]) if isinstance(product["description"], str) else product["description"] or {}
        text = "\n\n".join(block["data"].get("text", "") for block in about.get("blocks", []))
        price = prices.get(pk, {})
        rows.append({
            "product": product["slug"], "title": product["name"], "text": text,
            "category": kinds["product.category"][product["category"]]["name"],
            "sku": variant["sku"] or f"S-{pk}", "option": variant["name"] or f"No. {pk}",
            "price": price.get("discounted_price_amount") or price.get("price_amount") or "", "stock": stock.get(pk, 0),
        })
    products = folder / "content/products"
    products.mkdir(parents=True)
    (products / "saleor.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    (products / "saleor.rows.yaml").write_text(
        "source: saleor.json\ngroup: product\nname: product\ncategory: category\n"
        "columns: {title: title, body: text, description: text}\n"
        "variants: {options: {Option: option}, sku: sku, price: price, stock: stock}\n", "utf-8")
    (folder / "content/shop.yaml").write_text(
        "name: Saleor\nbase_url: https://saleor.example\nlocales: [en]\ncurrency: USD\n", "utf-8")


def main(data, program):
    faults = done = 0
    channels = sorted(path.stem for path in (ROOT / "src/channels").glob("*.yaml"))
    for name in ("dummyjson", "saleor", "spree"):
        if not (data / name).is_dir():
            print(f"{name}: skipped, there is no {data / name}")
            continue
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work)
            shop_of(name, data / name, folder)
            with (folder / "content/shop.yaml").open("a", encoding="utf-8") as file:
                file.write(f"channels: [{', '.join(channels)}]\n")
            run = subprocess.run([program, "export", "--keep-going", "--format", "short"], cwd=folder,
                                 capture_output=True, text=True)
            if run.returncode not in (0, 1):
                print(f"{name}: exit {run.returncode}\n{run.stderr}")
                faults += 1
                continue
            for channel in channels:
                path = folder / f"output/exports/{channel}/manifest.json"
                if not path.is_file():
                    print(f"{name} {channel}: no manifest")
                    faults += 1
                    continue
                said = json.loads(path.read_text("utf-8"))
                listed = len(said["missing"])
                fits = said["products"] == said["exported"] + listed == said["exported"] + said["left_out"]
                reasons = ", ".join(f"{count} {reason}" for reason, count in said["reasons"].items())
                files = ", ".join(f"{file['file']} {file['rows']} rows" for file in said["files"])
                print(f"{name} {channel}: {said['products']} = {said['exported']} + {listed} ({reasons or '-'}); {files}")
                faults += not fits
                done += 1
            second = subprocess.run([sys.executable, ROOT / "tests/channels.py", folder / "output"])
            faults += second.returncode != 0
    print(f"{done} exports, {faults} faults")
    return faults


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = sys.argv[2] if len(sys.argv) > 2 else ROOT / "target/debug/shangjia"
    sys.exit(1 if main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(program).resolve()) else 0)
