#!/usr/bin/env python3
"""What a shop would write for itself: the catalogue in a CSV table, one row a variant, becomes the feed of a channel.
usage: peer.py google|taobao TABLE OUT          peer.py table SHOP OUT (the table of the shop that gen.py made)"""
import csv
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

G = "http://base.google.com/ns/1.0"
BASE = "https://shop.example"


def google(table, out):
    ET.register_namespace("g", G)
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    ET.SubElement(channel, "title").text = "Bench"
    ET.SubElement(channel, "link").text = BASE
    with open(table, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            item = ET.SubElement(channel, "item")
            values = {
                "id": row["sku"], "title": f"{row['title']} {row['Color']} {row['Size']}", "description": row["description"],
                "link": f"{BASE}/{row['category']}/{row['handle']}/?v={row['sku']}", "image_link": BASE + row["picture"],
                "availability": "in_stock" if int(row["stock"]) else "out_of_stock", "price": f"{float(row['price']):.2f} USD",
                "brand": row["brand"], "gtin": row["gtin"], "item_group_id": row["product"], "color": row["Color"],
                "size": row["Size"], "product_type": row["category"], "google_product_category": row["google"], "condition": "new",
            }
            for name, value in values.items():
                if value:
                    ET.SubElement(item, f"{{{G}}}{name}").text = value
    ET.ElementTree(rss).write(out, encoding="utf-8", xml_declaration=True)


KEYS = ("title cid seller_cids stuff_status location_state location_city item_type price auction_increment num valid_thru freight_payer "
        "post_fee ems_fee express_fee has_invoice has_warranty approve_status has_showcase list_time description cateProps postage_id "
        "has_discount modified upload_fail_msg picture_status auction_point picture video skuProps inputPids inputValues outer_id "
        "propAlias auto_fill num_id local_cid navigation_type user_name syncStatus is_lighting_consigment is_xinpin foodparame features "
        "buyareatype global_stock_type global_stock_country sub_stock_type item_size item_weight sell_promise custom_design_flag "
        "wireless_desc barcode sku_barcode newprepay subtitle cpv_memo input_custom_cpv qualification add_qualification "
        "o2o_bind_service tmall_extend product_combine tmall_item_prop_combine taoschema_extend").split()


def taobao(table, out):
    products = {}
    with open(table, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            products.setdefault(row["product"], []).append(row)
    with open(out, "w", encoding="utf-16", newline="") as file:
        file.write("version 1.00\r\n")
        writer = csv.writer(file, delimiter="\t", lineterminator="\r\n")
        writer.writerow(KEYS)
        writer.writerow(KEYS)
        for rows in products.values():
            first = rows[0]
            colors = {color: -1001 - nth for nth, color in enumerate(dict.fromkeys(row["Color"] for row in rows))}
            sizes = {size: -2001 - nth for nth, size in enumerate(dict.fromkeys(row["Size"] for row in rows))}
            values = dict.fromkeys(KEYS, "")
            values.update({
                "title": first["title"][:60], "cid": first["taobao"], "stuff_status": "1", "item_type": "1", "price": first["price"],
                "num": str(sum(int(row["stock"]) for row in rows)), "description": first["html"].replace("\n", " "),
                "picture": f"{first['key']}:1:0:|;", "outer_id": first["product"], "barcode": first["gtin"],
                "skuProps": "".join(f"{row['price']}:{row['stock']}:{row['sku']}:1627207:{colors[row['Color']]};"
                                    f"20509:{sizes[row['Size']]};" for row in rows),
                "input_custom_cpv": "".join(f"1627207:{number}:{name};" for name, number in colors.items())
                                    + "".join(f"20509:{number}:{name};" for name, number in sizes.items()),
            })
            writer.writerow(values.values())


def table(shop, out):
    """The same catalogue as a table. Needs PyYAML."""
    import hashlib
    import yaml
    def category(front, name):
        return front["channels"].get(name, {}).get("category", "")

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    names = ("product sku title description brand category handle price stock gtin Color Size picture google taobao html key").split()
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for path in sorted(Path(shop, "content/products").rglob("*.md")):
            _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
            front = yaml.load(front, loader)
            common = {
                "product": front["sku"], "title": front["title"], "description": front["description"], "brand": front["brand"],
                "category": path.parent.name, "handle": path.stem, "price": front["price"], "picture": front["images"][0],
                "google": category(front, "google"), "taobao": category(front, "taobao"),
                "html": "".join(f"<p>{line}</p>" for line in body.splitlines() if line),
                "key": hashlib.md5(front["sku"].encode()).hexdigest(),
            }
            for one in front.get("variants", {}).get("items", [front]):
                writer.writerow({**common, "sku": one["sku"], "stock": one["stock"], "gtin": one["gtin"],
                                 "Color": one.get("Color", ""), "Size": one.get("Size", "")})


{"google": google, "taobao": taobao, "table": table}[sys.argv[1]](sys.argv[2], sys.argv[3])
