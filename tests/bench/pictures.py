"""Runs what tests/bench/pictures has put together. One JSON line each."""
import json, math, os, re, resource, shutil, subprocess, sys
from pathlib import Path

import numpy
from PIL import Image, ImageOps

photos, work, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
files = sorted(p for p in photos.iterdir() if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"})
program = os.environ["SHANGJIA"]


def shop(name, pictures):
    """A shop whose every product has one of the photographs, or none."""
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "content/products").mkdir(parents=True)
    (folder / "content/shop.yaml").write_text(
        "name: Bench\nbase_url: https://bench.example\nlocales: [en]\ncurrency: CNY\n"
        "pictures: {widths: [320, 640, 1200], formats: [webp, jpeg], quality: 80}\n")
    for nth, photo in enumerate(files):
        place = folder / f"content/products/p{nth:03}"
        place.mkdir()
        (place / "index.md").write_text(f"---\nsku: P{nth}\ntitle: Photograph {nth}\nprice: 10\n---\n")
        if pictures:
            shutil.copy(photo, place / f"photo{nth:03}{photo.suffix.lower()}")
    return folder


def cpu(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000, done


def build(folder):
    least = math.inf
    for _ in range(runs):
        shutil.rmtree(folder / "output", ignore_errors=True)
        took, done = cpu([program, "build", "--threads", "1"], folder)
        if done.returncode != 0:
            sys.exit(done.stderr)
        least = min(least, took)
    return least


def psnr(made, photo):
    """Against Pillow's Lanczos, which never saw an encoder."""
    made = numpy.asarray(Image.open(made).convert("RGB"), float)
    wanted = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
    wanted = numpy.asarray(wanted.resize((made.shape[1], made.shape[0]), Image.Resampling.LANCZOS), float)
    return 10 * math.log10(255**2 / max(numpy.mean((made - wanted) ** 2), 1e-9))


def say(peer, took, made, pairs):
    total = sum(p.stat().st_size for p in made)
    mean = numpy.mean([psnr(a, b) for a, b in pairs])
    print(json.dumps({"peer": peer, "photos": len(files), "cpu_ms": round(took, 1), "files": len(made),
                      "bytes": total, "psnr_640": round(float(mean), 2)}), flush=True)


with_pictures, without = shop("shop", True), shop("bare", False)
took = (build(with_pictures) - build(without)) / len(files)
made = sorted((with_pictures / "output/site/pictures").iterdir())
ours = {re.match(r"photo(\d+)-\w+-640\.webp", p.name)[1]: p for p in made if p.name.endswith("-640.webp")}
say("shangjia", took, made, [(ours[f"{nth:03}"], photo) for nth, photo in enumerate(files) if f"{nth:03}" in ours])
for way in ["once", "each"]:
    out = work / f"sharp-{way}"
    shutil.rmtree(out, ignore_errors=True)
    least = min(float(cpu(["node", "sharp.mjs", way, str(out), *map(str, files)], work)[1].stdout) for _ in range(runs))
    made = sorted(out.iterdir())
    pairs = [(out / f"{photo.stem}-640.webp", photo) for photo in files]
    say(f"sharp, {'decode once' if way == 'once' else 'a pipeline for each'}", least, made, pairs)
