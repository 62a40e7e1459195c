#!/usr/bin/env python3
"""Cut-outs of a real shop: does each get its posters and a picture on white that the channels take?

    cargo build --release
    python3 tests/bench/saleor.py IMAGES WORK [PROGRAM]

IMAGES is the folder of Saleor's sample pictures (PNG with alpha). Every picture becomes a product of its own in WORK,
sold in the channels below and taking part in one campaign; then every file is decoded and compared with the limits of
the channel's own profile. Needs Pillow and PyYAML. Ends with 1 when a picture or poster is missing or refused.
"""
import io
import pathlib
import shutil
import subprocess
import sys
import zipfile

import yaml
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHANNELS = ["taobao", "jd", "pinduoduo", "amazon"]
POSTERS = {"price-band": [(800, 800), (750, 1000)], "white": [(800, 800)]}
WHITE = 250


def shop(images, work):
    shutil.rmtree(work, ignore_errors=True)
    content = work / "content"
    (content / "campaigns/cuts").mkdir(parents=True)
    (content / "shop.yaml").write_text(
        "name: Saleor\nbase_url: https://saleor.example\nlocales: [en]\ncurrency: USD\n"
        f"channels: [{', '.join(CHANNELS)}]\npictures: {{widths: [320], formats: [jpeg]}}\n")
    skus = []
    for nth, image in enumerate(images):
        sku = f"S-{nth:02}"
        name = image.stem.removeprefix("saleor-")
        folder = content / "products" / name
        folder.mkdir(parents=True)
        title = name.replace("-", " ").capitalize()
        (folder / "index.md").write_text(
            f"---\nsku: {sku}\ntitle: {title}\nprice: {10 + nth}\nbrand: Saleor\n"
            f"description: {title}, one of the sample goods.\n---\n{title}.\n")
        shutil.copy(image, folder)
        skus.append(sku)
    (content / "campaigns/cuts/index.md").write_text(
        "---\ntitle: Cut-outs\nwindow: {from: 2026-11-20, to: 2026-12-20}\nterms: {percent_off: 10}\n"
        f"products: [{', '.join(skus)}]\nposters: [{', '.join(POSTERS)}]\n---\nAll of them.\n")
    return skus


def limits(channel):
    """Roles of the channel's profile whose pictures stand on white."""
    profile = yaml.safe_load((ROOT / f"src/channels/{channel}.yaml").read_text())
    return {role: rule for role, rule in (profile.get("pictures") or {}).items() if rule.get("background") == "white"}


def refused(data, rule):
    """Why a channel would not take a file on white; nothing when it would."""
    with Image.open(io.BytesIO(data)) as picture:
        kind, size, picture = picture.format.lower(), picture.size, picture.convert("RGB")
    if kind not in rule.get("formats", [kind]):
        yield f"is {kind}"
    if "size" in rule and size != tuple(rule["size"]):
        yield f"is {size}, not {rule['size']}"
    if "min" in rule and (size[0] < rule["min"][0] or size[1] < rule["min"][1]):
        yield f"is {size}, less than {rule['min']}"
    if not rule.get("min_bytes", 0) <= len(data) <= rule.get("max_bytes", len(data)):
        yield f"has {len(data)} bytes"
    width, height = size
    rim = [picture.getpixel((x, y)) for x in range(width) for y in (0, height - 1)]
    rim += [picture.getpixel((x, y)) for y in range(height) for x in (0, width - 1)]
    if min(min(pixel) for pixel in rim) < WHITE:
        yield "has a rim that is not white"
    box = picture.point(lambda value: 255 if value < 244 else 0).convert("L").point(lambda v: 255 if v else 0).getbbox()
    if box is None:
        return (yield "is empty")
    filled = max((box[2] - box[0]) / width, (box[3] - box[1]) / height)
    if filled < rule.get("fill", 60) / 100 - 0.01:
        yield f"is filled to {filled:.2f} only"


def files(channel):
    """Every file of a channel's output, those in archives too."""
    for path in sorted(channel.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as pack:
                for name in pack.namelist():
                    yield name, pack.read(name)
        elif path.is_file():
            yield str(path.relative_to(channel)), path.read_bytes()


def main():
    images = sorted(pathlib.Path(sys.argv[1]).glob("*.png"))
    images += sorted(path for path in pathlib.Path(sys.argv[1]).glob("*/*.png"))
    work = pathlib.Path(sys.argv[2])
    program = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else ROOT / "target/release/shangjia").resolve()
    skus = shop(images, work)
    done = subprocess.run([program, "build", "--as-of", "2026-11-23T12:00:00Z"], cwd=work, capture_output=True, text=True)
    (work / "log").write_text(done.stdout + done.stderr)
    wrong = 0
    output = work / "output"
    for channel in CHANNELS:
        found = dict(files(output / "exports" / channel)) if (output / "exports" / channel).exists() else {}
        for role, rule in limits(channel).items():
            passed = 0
            for sku in skus:
                mine = [data for name, data in found.items() if f"/{sku}/" in f"/{name}" and pathlib.Path(name).name.startswith(role)]
                if role == "main":
                    mine = mine or [data for name, data in found.items() if f"/{sku}/" in f"/{name}" and pathlib.Path(name).stem == "01"]
                why = list(refused(mine[0], rule)) if mine else ["is missing"]
                passed += not why
                for reason in why:
                    print(f"{channel} {role} {sku}: {reason}")
            wrong += len(skus) - passed
            print(f"{channel} {role}: {passed} of {len(skus)} pass")
    for template, sizes in POSTERS.items():
        for width, height in sizes:
            drawn = list(output.glob(f"posters/campaigns/cuts/*/{template}-{width}x{height}.*"))
            right = 0
            for path in drawn:
                with Image.open(path) as picture:
                    right += picture.size == (width, height) and path.stat().st_size <= 500_000
            wrong += len(skus) - right
            print(f"poster {template} {width}x{height}: {right} of {len(skus)}")
    print(f"exit code of the build: {done.returncode}; {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
