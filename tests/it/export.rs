//! Files for sales channels: what goes in comes out or is listed, and a file is the same however it came about.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixtures::png;
use crate::shop::{NOW, Shop, set};

const SHOP: &str = "\
name: {en: Kiln, zh-CN: 窑}
base_url: https://kiln.example
locales: [en, zh-CN]
currency: CNY
channels: [taobao, pinduoduo, shopify, woocommerce, google, meta, openai, amazon, ebay, jsonl]
pictures: {widths: [16, 24], formats: [jpeg]}
defaults: {brand: {en: Qinghe, zh-CN: 青禾}}
";

const MUG: &str = "\
---
sku: MUG
title: {en: Celadon mug, zh-CN: 青釉马克杯}
subtitle: {en: 'A, \"quoted\" line', zh-CN: 一只手握得住}
description: {en: A mug of white stoneware with a celadon glaze., zh-CN: 白瓷胎，天青釉，三百五十毫升，微波炉和洗碗机都可以用。}
price: {list: 89, sale: 69, from: 2026-11-20, to: 2026-11-30}
tags: [tea, 'a, b']
facts: {Material: stoneware, Weight: 320 g}
variants:
  axes: [Colour, Size]
  items:
    - {sku: MUG-C, Colour: Celadon, Size: S, stock: 12, image: c.png, gtin: '6901234001013'}
    - {sku: MUG-W, Colour: White, Size: S, stock: 0, image: w.png, price: {list: 92}}
channels:
  taobao: {category: 50008779, title: 青釉手作马克杯}
  google: {category: 'Home & Garden > Mugs', mpn: Q1}
---
## The weight of a mug
It is *light*.

::: specs
:::
";

fn shop() -> Shop {
    let shop = Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/products/cups/mug/index.md", MUG),
        ("content/products/cups/category.md", "---\ntitle: {en: 'Cups, mugs', zh-CN: 杯}\n---\n"),
        (
            "content/products/bowl/index.md",
            "---\nsku: BOWL\ntitle: {en: Bowl, zh-CN: 面碗}\ndescription: {en: A bowl for noodles., zh-CN: 一碗面的尺寸，面要翻得动，汤要不溅，碗口放宽，碗壁缓缓斜下去。}\nprice: 45.5\nstock: 3\n---\n",
        ),
        (
            "content/products/draft.md",
            "---\nsku: DRAFT\ntitle: {en: Draft, zh-CN: 草稿}\nprice: 1\nstatus: draft\n---\n",
        ),
        (
            "content/products/gone.md",
            "---\nsku: GONE\ntitle: {en: Gone, zh-CN: 停售}\nprice: 1\nstatus: off_shelf\n---\n",
        ),
    ]);
    for (name, shade) in [("c", 1), ("w", 2), ("side", 3)] {
        shop.change(&format!("content/products/cups/mug/{name}.png"), png(30, 30, shade));
    }
    shop.change("content/products/bowl/front.png", png(30, 30, 9));
    // The pictures of these tests are smaller than any channel takes.
    for channel in ["taobao", "pinduoduo", "google", "meta", "amazon", "ebay"] {
        let path = format!("content/channels/{channel}.yaml");
        let sku = if matches!(channel, "taobao" | "pinduoduo") { ", sku: null" } else { "" };
        shop.change(&path, format!("pictures: {{main: {{min: [1, 1]}}{sku}}}\n"));
    }
    shop
}

fn manifest(shop: &Shop, channel: &str) -> Value {
    let text = shop.text(&format!("output/exports/{channel}/manifest.json"));
    serde_json::from_str(&text).unwrap()
}

fn rows(shop: &Shop, path: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(shop.path(path)).unwrap();
    let text = match bytes.strip_prefix(b"\xFF\xFE") {
        Some(rest) => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(bytes).unwrap(),
    };
    let text = text.trim_start_matches('\u{feff}').trim_start_matches("version 1.00\r\n");
    let tabs = path.ends_with(".tsv") || path.contains("taobao");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if tabs { b'\t' } else { b',' })
        .from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn what_goes_in_comes_out_or_is_listed() {
    let shop = shop();
    shop.build().expect(0);
    for channel in [
        "taobao",
        "pinduoduo",
        "shopify",
        "woocommerce",
        "google",
        "meta",
        "openai",
        "amazon",
        "ebay",
        "jsonl",
    ] {
        let manifest = manifest(&shop, channel);
        let number = |name: &str| manifest[name].as_u64().unwrap();
        assert_eq!(number("products"), 4, "{channel}");
        assert_eq!(number("exported") + number("left_out"), 4, "{channel}");
        assert_eq!(manifest["missing"].as_array().unwrap().len() as u64, number("left_out"));
        assert_eq!(manifest["missing"][0]["file"], "content/products/draft.md", "{channel}");
        for file in manifest["files"].as_array().unwrap() {
            let path = format!("output/exports/{channel}/{}", file["file"].as_str().unwrap());
            let bytes = std::fs::read(shop.path(&path)).unwrap();
            assert_eq!(file["bytes"], bytes.len());
            let count = match path.rsplit('.').next().unwrap() {
                "xml" => String::from_utf8(bytes).unwrap().matches("<item>").count(),
                "jsonl" => String::from_utf8(bytes).unwrap().lines().count(),
                _ if channel == "taobao" => rows(&shop, &path).len() - 1,
                _ => rows(&shop, &path).len(),
            };
            assert_eq!(file["rows"], count, "{path}");
        }
    }
    assert_eq!(manifest(&shop, "google")["reasons"]["off_shelf"], 1);
    assert_eq!(manifest(&shop, "shopify")["left_out"], 1);
}

#[test]
fn a_price_stands_in_the_column_the_channel_means() {
    let shop = shop();
    shop.build().expect(0);
    let google = rows(&shop, "output/exports/google/google.tsv");
    let mug = google.iter().find(|row| row["id"] == "MUG-C").unwrap();
    assert_eq!((&*mug["price"], &*mug["sale_price"]), ("89.00 CNY", "69.00 CNY"));
    assert_eq!(mug["sale_price_effective_date"], "2026-11-20T00:00+0800/2026-11-30T23:59+0800");
    assert_eq!((&*mug["color"], &*mug["size"], &*mug["mpn"]), ("Celadon", "S", "Q1"));
    assert_eq!((&*mug["title"], &*mug["availability"]), ("Celadon mug Celadon S", "in_stock"));
    assert_eq!(mug["link"], "https://kiln.example/cups/mug/?v=MUG-C");
    let white = google.iter().find(|row| row["id"] == "MUG-W").unwrap();
    assert_eq!((&*white["price"], &*white["sale_price"]), ("92.00 CNY", "69.00 CNY"));
    assert_eq!(white["availability"], "out_of_stock");
    let shopify = rows(&shop, "output/exports/shopify/shopify.csv");
    let mug = shopify.iter().find(|row| row["SKU"] == "MUG-C").unwrap();
    assert_eq!((&*mug["Price"], &*mug["Compare-at price"]), ("69.00", "89.00"));
    let bowl = shopify.iter().find(|row| row["SKU"] == "BOWL").unwrap();
    assert_eq!((&*bowl["Price"], &*bowl["Compare-at price"]), ("45.50", ""));
    assert_eq!((&*bowl["Option1 name"], &*bowl["Option1 value"]), ("Title", "Default Title"));
    let woo = rows(&shop, "output/exports/woocommerce/woocommerce.csv");
    let types: Vec<&str> = woo.iter().map(|row| &*row["Type"]).collect();
    assert_eq!(types, ["simple", "simple", "variable", "variation", "variation"]);
    assert_eq!((&*woo[3]["Sale price"], &*woo[3]["Regular price"]), ("69.00", "89.00"));
    assert_eq!((&*woo[3]["Parent"], &*woo[2]["Attribute 1 value(s)"]), ("MUG", "Celadon, White"));
    assert_eq!((&*woo[2]["Categories"], &*woo[2]["Tags"]), ("Cups\\, mugs", "tea, a\\, b"));
    let fen = rows(&shop, "output/exports/pinduoduo/pinduoduo.csv");
    assert_eq!((&*fen[0]["参考价（分）"], &*fen[0]["单买价（分）"]), ("4550", "4550"));
    assert_eq!(fen[1]["商品标题"], "青釉马克杯");
}

#[test]
fn the_data_pack_is_what_importers_read() {
    let shop = shop();
    shop.build().expect(0);
    let bytes = std::fs::read(shop.path("output/exports/taobao/taobao.csv")).unwrap();
    assert_eq!(bytes[..2], [0xFF, 0xFE]);
    let table = rows(&shop, "output/exports/taobao/taobao.csv");
    assert_eq!((table[0].len(), &*table[0]["title"]), (67, "宝贝名称"));
    let mug = table.iter().find(|row| row["outer_id"] == "MUG").unwrap();
    assert_eq!((&*mug["title"], &*mug["cid"], &*mug["num"]), ("青釉手作马克杯", "50008779", "12"));
    assert_eq!(
        mug["skuProps"],
        "69.00:12:MUG-C:1627207:-1001;20509:-1003;69.00:0:MUG-W:1627207:-1002;20509:-1003;"
    );
    assert_eq!(mug["input_custom_cpv"], "1627207:-1001:Celadon;1627207:-1002:White;20509:-1003:S;");
    assert!(!mug["description"].contains(['\n', '\t']));
    let keys: Vec<&str> =
        mug["picture"].split(';').filter_map(|part| part.split(':').next()).collect();
    let bytes = std::fs::read(shop.path("output/exports/taobao/taobao.zip")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for key in keys.into_iter().filter(|key| !key.is_empty()) {
        assert_eq!(key.len(), 32);
        assert!(archive.by_name(&format!("taobao/{key}.tbi")).is_ok(), "{key}");
    }
    assert!(archive.by_name("taobao.csv").is_ok());
}

#[test]
fn an_edit_gives_what_a_first_build_gives() {
    let shop = shop();
    shop.build().expect(0);
    shop.same_as_cold();
    let again = shop.build();
    assert_eq!(again.made(), set::<&str>([]));
    shop.replace("content/products/bowl/index.md", "45.5", "46");
    let made = shop.build().expect(0).made();
    assert!(made.contains("exports/google/google.xml"), "{made:?}");
    shop.same_as_cold();
    shop.change("content/channels/google.yaml", "files: {table: {columns: {mpn: null}}}\n");
    let made = shop.build().expect(0).made();
    assert_eq!(
        made,
        set([
            "exports/google/google.tsv",
            "exports/google/google.xml",
            "exports/google/manifest.json"
        ])
    );
    shop.same_as_cold();
    shop.replace("content/shop.yaml", "meta, ", "");
    shop.build().expect(0);
    assert!(!shop.path("output/exports/meta").exists());
    shop.same_as_cold();
}

/// The rows that are kept of a channel, by file.
fn lots(shop: &Shop, channel: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = shop.path(&format!("output/.cache/rows/{channel}"));
    std::fs::read_dir(folder)
        .unwrap()
        .map(Result::unwrap)
        .map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap()))
        .collect()
}

#[test]
fn only_the_rows_around_an_edit_are_made_anew() {
    let channels =
        "[taobao, pinduoduo, shopify, woocommerce, google, meta, openai, amazon, ebay, jsonl]";
    let shop = Shop::new(&[("content/shop.yaml", &SHOP.replace(channels, "[json, shopify]"))]);
    let path = |nth: usize| format!("content/products/cup-{nth:03}.md");
    let text = |nth: usize, price: usize| {
        format!(
            "---\nsku: CUP-{nth}\ntitle: {{en: Cup, zh-CN: 杯}}\nprice: {price}\nstock: 1\n---\n[next](sku:CUP-{})\n",
            (nth + 1) % 200
        )
    };
    for nth in 0..200 {
        shop.change(&path(nth), text(nth, 10));
    }
    shop.build().expect(0);
    let before = lots(&shop, "json");
    assert!(before.len() > 2, "{}", before.len());
    let differ = |before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>| {
        let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
        names.into_iter().filter(|name| before.get(*name) != after.get(*name)).count()
    };
    shop.change(&path(77), text(77, 11));
    shop.build().expect(0);
    let edited = lots(&shop, "json");
    assert_eq!(differ(&before, &edited), 1);
    shop.same_as_cold();
    // A product that goes, and the text of another that named it.
    shop.remove(&path(120));
    shop.replace(&path(119), "CUP-120", "CUP-121");
    shop.build().expect(0);
    assert!(differ(&edited, &lots(&shop, "json")) <= 3);
    shop.same_as_cold();
    // An address that a text of another lot shows.
    shop.replace(&path(0), "price: 10", "price: 10\nslug: first-cup");
    shop.build().expect(0);
    assert!(shop.text("output/exports/shopify/shopify.csv").contains("/first-cup/"));
    shop.same_as_cold();
    // What is kept may be thrown away.
    std::fs::remove_dir_all(shop.path("output/.cache/rows/json")).unwrap();
    shop.change(&path(5), text(5, 12));
    shop.build().expect(0);
    shop.same_as_cold();
}

#[test]
fn a_part_is_built_alone_and_the_rest_stays() {
    let shop = shop();
    shop.build().expect(0);
    let before = shop.output();
    shop.replace("content/products/bowl/index.md", "45.5", "46");
    shop.build_with(&["--only", "site"]).expect(0);
    let after = shop.output();
    let changed = |prefix: &str| {
        let parts = before.iter().filter(|(path, _)| path.starts_with(prefix));
        parts.filter(|(path, bytes)| after.get(*path) != Some(*bytes)).count()
    };
    assert_eq!(changed("exports/"), 0);
    assert!(changed("site/") > 0);
    let run = shop.run(&["export", "google", "--as-of", NOW, "--verbose"]).expect(0);
    assert_eq!(run.removed(), set::<&str>([]));
    assert!(run.made().iter().all(|path| path.starts_with("exports/google/")), "{:?}", run.made());
    shop.build().expect(0);
    shop.same_as_cold();
}

#[test]
fn some_products_go_into_a_folder_of_their_own() {
    let shop = shop();
    shop.build().expect(0);
    let whole = shop.text("output/exports/google/google.tsv");
    shop.run(&["export", "google", "--only", "MUG-C", "--as-of", NOW]).expect(0);
    let chosen = rows(&shop, "output/exports/google/chosen/google.tsv");
    assert_eq!(chosen.len(), 2);
    assert_eq!(shop.text("output/exports/google/google.tsv"), whole);
    let terms = "category=cups and price<70";
    shop.run(&["export", "jsonl", "--where", terms, "--as-of", NOW]).expect(0);
    let lines = shop.text("output/exports/jsonl/chosen/catalogue.jsonl");
    assert_eq!(lines.lines().count(), 1);
    assert!(lines.contains("\"MUG\""), "{lines}");
    let run = shop.run(&["export", "--where", "colour=red"]).expect(2);
    assert!(run.err.contains("colour=red"), "{}", run.err);
    let run = shop.run(&["export", "gogle"]).expect(2);
    assert!(run.err.contains("google"), "{}", run.err);
}

#[test]
fn a_channel_of_the_shops_own_needs_no_program() {
    let shop = shop();
    shop.change(
        "content/channels/fair.yaml",
        "files:\n  list: {path: fair.xlsx, format: xlsx, rows: variant, sheet: Fair, columns: {Code: sku, Title: name, Price: price.now}}\n",
    );
    shop.replace("content/shop.yaml", "jsonl]", "jsonl, fair]");
    shop.build().expect(0);
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(shop.path("output/exports/fair/fair.xlsx")).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "Fair").unwrap();
    let cells: Vec<String> = sheet.rows().nth(1).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(cells, ["BOWL", "Bowl", "45.50"]);
    assert_eq!(sheet.rows().count(), 4);
    shop.same_as_cold();
}

#[test]
pub(crate) fn a_choice_of_nothing_is_a_slip() {
    let cup = "---\nsku: CUP\ntitle: {en: Cup, zh-CN: 杯}\nprice: 10\n---\n";
    let channels =
        "[taobao, pinduoduo, shopify, woocommerce, google, meta, openai, amazon, ebay, jsonl]";
    let shop = Shop::new(&[
        ("content/shop.yaml", &SHOP.replace(channels, "[jsonl]")),
        ("content/products/cup.md", cup),
    ]);
    let file = "output/exports/jsonl/chosen/catalogue.jsonl";
    for (words, code) in
        [(["--only", "CUPS"], "export/sku"), (["--where", "price>50"], "export/nothing")]
    {
        let run =
            shop.run(&[&["export", "jsonl", "--format", "short"][..], &words].concat()).expect(1);
        assert!(run.codes().iter().any(|one| one == code), "{}", run.out);
        assert!(!shop.path(file).exists());
    }
    shop.run(&["export", "jsonl", "--only", "cup", "--where", "title=CUP"]).expect(0);
    assert!(shop.text(file).contains("\"CUP\""));
}

#[test]
pub(crate) fn a_run_that_would_empty_a_channel_stops() {
    let shop = Shop::new(&[(
        "content/shop.yaml",
        &SHOP.replace(
            "[taobao, pinduoduo, shopify, woocommerce, google, meta, openai, amazon, ebay, jsonl]",
            "[jsonl]",
        ),
    )]);
    let path = |nth: usize| format!("content/products/cup-{nth}.md");
    for nth in 0..24 {
        let text = format!("---\nsku: CUP-{nth}\ntitle: {{en: Cup, zh-CN: 杯}}\nprice: 10\n---\n");
        shop.change(&path(nth), text);
    }
    shop.build().expect(0);
    for nth in 0..7 {
        shop.remove(&path(nth));
    }
    shop.build().expect(0);
    for nth in 7..18 {
        shop.remove(&path(nth));
    }
    let run = shop.build().expect(1);
    assert!(run.codes().iter().any(|code| code == "export/removes"), "{}", run.out);
    assert!(shop.text("output/exports/jsonl/catalogue.jsonl").contains("CUP-7\""));
    shop.build_with(&["--keep-going"]).expect(1);
    assert!(shop.text("output/exports/jsonl/catalogue.jsonl").contains("CUP-7\""));
    shop.build_with(&["--allow-removals"]).expect(0);
    assert!(!shop.text("output/exports/jsonl/catalogue.jsonl").contains("CUP-7\""));
}
