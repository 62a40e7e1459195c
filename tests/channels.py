"""Second readers of what the channels get: Python's own csv, json, xml and zip, openpyxl, and Google's own names of attributes.

    tests/channels.py OUTPUT      OUTPUT is the folder of a build whose shop exports every channel

Reads every file named in the manifests and holds the counts against them; what is not installed is said and left out.
"""
import codecs
import csv
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

G = "{http://base.google.com/ns/1.0}"
faults, notes = [], []


def table(path, data):
    """Rows of a table as Python's csv module sees them, strict about quotes."""
    encoding = "utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8-sig"
    text = data.decode(encoding)
    tabs = path.suffix == ".tsv" or text.startswith("version 1.00")
    lines = text.splitlines(keepends=True)
    heads = 1
    if text.startswith("version 1.00"):
        lines, heads = lines[1:], 2
    rows = list(csv.reader(lines, delimiter="\t" if tabs else ",", strict=True))
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        faults.append(f"{path}: rows of {sorted(widths)} cells")
    return rows[heads:]


def count(path):
    data = path.read_bytes()
    if path.suffix in (".csv", ".tsv"):
        return len(table(path, data))
    if path.suffix == ".json":
        return len(json.loads(data))
    if path.suffix == ".jsonl":
        return sum(1 for line in data.splitlines() if json.loads(line))
    if path.suffix == ".xml":
        return len(ET.fromstring(data).findall("./channel/item"))
    if path.suffix == ".xlsx":
        try:
            import openpyxl
        except ImportError:
            notes.append("openpyxl is not installed: workbooks left out")
            return None
        sheet = openpyxl.load_workbook(path, read_only=True).active
        return sum(1 for _ in sheet.iter_rows()) - 1
    raise ValueError(path)


def google(path):
    """Attribute names and fixed values against the official Merchant API package."""
    try:
        from google.shopping import merchant_products as api
    except ImportError:
        notes.append("google-shopping-merchant-products is not installed: names of attributes left out")
        return
    known = {name.rstrip("_") for name in api.ProductAttributes.meta.fields}
    aliases = {
        "id": "offer_id",
        "image_link": "image_link",
        "additional_image_link": "additional_image_links",
        "gtin": "gtins",
        "product_type": "product_types",
    }
    outside = {"id"}  # an input's own field
    for item in ET.parse(path).getroot().findall("./channel/item"):
        for element in item:
            name = element.tag.removeprefix(G)
            if name not in outside and aliases.get(name, name) not in known and name not in known:
                faults.append(f"{path}: `{name}` is no attribute")
        values = {"availability": api.Availability, "condition": api.Condition}
        for name, enum in values.items():
            text = item.findtext(G + name)
            if text and text.upper() not in enum.__members__:
                faults.append(f"{path}: `{text}` is no {name}")


def pack(path):
    """Every picture that the data pack's table names is in the archive, and is a JPEG."""
    archive = zipfile.ZipFile(path)
    if archive.testzip():
        faults.append(f"{path}: damaged")
    names = set(archive.namelist())
    for name in names:
        beside = path.parent / name
        if beside.exists() and beside.read_bytes() != archive.read(name):
            faults.append(f"{path}: {name} is another one than beside it")
    stem = path.stem
    if stem == "pictures":
        there = {str(file.relative_to(path.parent)) for file in path.parent.rglob("*.jpg")}
        if there != names:
            faults.append(f"{path}: {sorted(there ^ names)[:5]} are not both in it and beside it")
        return
    text = archive.read(f"{stem}.csv").decode("utf-16")
    for key in set(re.findall(r"\b([0-9a-f]{32}):[12]:", text)):
        name = f"{stem}/{key}.tbi"
        if name not in names:
            faults.append(f"{path}: {name} is missing")
        elif not archive.read(name).startswith(b"\xff\xd8\xff"):
            faults.append(f"{path}: {name} is no JPEG")


def main(output):
    read = 0
    for manifest in sorted(pathlib.Path(output).glob("exports/*/manifest.json")):
        said = json.loads(manifest.read_text("utf-8"))
        if said["products"] != said["exported"] + said["left_out"] or len(said["missing"]) != said["left_out"]:
            faults.append(f"{manifest}: products do not add up")
        for file in said["files"]:
            path = manifest.parent / file["file"]
            rows = count(path)
            read += 1
            if rows is not None and rows != file["rows"]:
                faults.append(f"{path}: {rows} rows, the manifest says {file['rows']}")
            if path.stat().st_size != file["bytes"]:
                faults.append(f"{path}: bytes differ from the manifest")
            if path.name == "google.xml":
                google(path)
        for path in manifest.parent.glob("*.zip"):
            pack(path)
    for line in sorted(set(notes)):
        print(line)
    for line in faults:
        print("fault:", line)
    print(f"{read} files read, {len(faults)} faults")
    return 1 if faults or not read else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
