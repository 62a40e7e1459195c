//! Tables of other systems become content files, and the same table comes out again.

use std::collections::BTreeMap;

use crate::fixtures::png;
use crate::shop::{NOW, Shop};

const SHOP: &str = "\
name: Kiln
base_url: https://kiln.example
locales: [en]
currency: USD
channels: [shopify, woocommerce]
pictures: {widths: [16, 24], formats: [jpeg]}
";

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn shop() -> Shop {
    Shop::new(&[
        ("content/shop.yaml", SHOP),
        (
            "content/products/cups/mug/index.md",
            "---\nsku: MUG\ntitle: Mug\nbrand: Kiln\ndescription: A mug.\ntags: [tea, blue]\nfacts: {Weight: 320 g}\nvariants:\n  axes: [Colour, Size]\n  items:\n    - {sku: MUG-C, Colour: Celadon, Size: S, stock: 12, image: c.png, gtin: '6901234001013', price: {list: 89, sale: 69.5}}\n    - {sku: MUG-W, Colour: White, Size: S, stock: 0, price: 92}\n---\n## Light\n\nIt is *light*, 2 \\* 3.\n\n- one\n- two\n",
        ),
        ("content/products/cups/mug/c.png", ""),
        (
            "content/products/bowl.md",
            "---\nsku: BOWL\ntitle: Bowl\nbrand: Kiln\ndescription: A bowl.\nprice: 45.5\nstock: 3\nstatus: off_shelf\n---\nFor noodles.\n",
        ),
    ])
}

fn full_shop() -> Shop {
    let shop = shop();
    shop.change("content/products/cups/mug/c.png", png(30, 30, 1));
    shop
}

/// Exports a shop, imports the table into an empty one, and exports that.
fn there_and_back(system: &str, file: &str) -> [Vec<BTreeMap<String, String>>; 2] {
    let shop = full_shop();
    shop.build().expect(0);
    let table = shop.text(&format!("output/exports/{system}/{file}"));
    let other = Shop::new(&[("content/shop.yaml", SHOP), ("table.csv", &table)]);
    let pictures = shop.path("output/site/pictures").display().to_string();
    let words = ["import", "table.csv", "--as", system, "--pictures", &pictures];
    let run = other.run(&words).expect(0);
    other.build().expect(0);
    let again = other.text(&format!("output/exports/{system}/{file}"));
    assert!(!run.err.contains("not here"), "{}", run.err);
    [rows(&table), rows(&again)]
}

/// Columns whose values are addresses of pictures, which are named by what is in them.
fn without_pictures(rows: &mut [BTreeMap<String, String>]) {
    for row in rows {
        row.retain(|name, _| !name.contains("mage"));
    }
}

#[test]
fn shopify_there_and_back() {
    for file in ["shopify.csv", "shopify-legacy.csv"] {
        let [mut before, mut after] = there_and_back("shopify", file);
        without_pictures(&mut before);
        without_pictures(&mut after);
        let sku = if file == "shopify.csv" { "SKU" } else { "Variant SKU" };
        before.sort_by_key(|row| row[sku].clone());
        after.sort_by_key(|row| row[sku].clone());
        assert_eq!(before, after, "{file}");
    }
}

#[test]
fn woocommerce_there_and_back() {
    let [mut before, mut after] = there_and_back("woocommerce", "woocommerce.csv");
    without_pictures(&mut before);
    without_pictures(&mut after);
    before.sort_by_key(|row| row["SKU"].clone());
    after.sort_by_key(|row| row["SKU"].clone());
    // The table has one column for the weight and none for other facts of a product with variants.
    assert_eq!(before, after);
}

#[test]
fn a_table_is_merged_into_a_shop_that_is_there() {
    let shop = full_shop();
    shop.build().expect(0);
    // The last export is what both sides began with: nothing new in it changes nothing.
    let table = shop.text("output/exports/shopify/shopify.csv");
    shop.change("table.csv", &table);
    let before = crate::shop::tree(&shop.path("content/products"));
    let run = shop.run(&["import", "table.csv", "--as", "shopify"]).expect(0);
    assert_eq!(crate::shop::tree(&shop.path("content/products")), before, "{}", run.err);
    // The table changes a brand and a price; the author changes the title, as the table does.
    let bowl = "content/products/bowl.md";
    shop.replace(bowl, "title: Bowl", "title: My bowl   # by hand");
    let table = table.replace("Bowl,bowl", "Their bowl,bowl").replace("45.5", "46.5");
    shop.change("table.csv", table);
    let run = shop.run(&["import", "table.csv", "--as", "shopify"]).expect(1);
    assert!(
        run.err.contains("changed on both sides") && run.err.contains("bowl.md:3:8"),
        "{}",
        run.err
    );
    let text = shop.text(bowl);
    assert!(text.contains("title: My bowl   # by hand\n") && text.contains("46.5"), "{text}");
    // It is told again until the author says who is right.
    shop.run(&["import", "table.csv", "--as", "shopify"]).expect(1);
    shop.run(&["import", "table.csv", "--as", "shopify", "--mine"]).expect(0);
    shop.run(&["import", "table.csv", "--as", "shopify"]).expect(0);
    assert_eq!(shop.text(bowl), text);
}

#[test]
fn any_table_is_merged_into_a_shop_that_is_there() {
    let table = "款号,标题,颜色,SKU,价格,库存,材质\nM1,马克杯,青,M1-Q,69,12,瓷\nM1,马克杯,白,M1-B,72,0,瓷\nP1,盘,,P1,15,3,陶\n";
    let shop = Shop::new(&[("content/shop.yaml", SHOP), ("goods.csv", table)]);
    shop.run(&["import", "goods.csv", "--as", "rows"]).expect(0);
    shop.run(&["check", "--format", "short", "--as-of", NOW]).expect(0);
    let (mug, plate) = ("content/products/ma-ke-bei/index.md", "content/products/pan/index.md");
    // The author writes a text and another title, the table has new stock, a new variant and a new title.
    shop.replace(mug, "title: 马克杯", "title: 青釉马克杯   # 手写");
    shop.replace(plate, "---\n\n", "---\n自己写的文字。\n");
    let new = table.replace("M1-Q,69,12", "M1-Q,69,9").replace("盘,,P1,15", "大盘,,P1,16")
        + "M1,马克杯,黑,M1-H,75,2,瓷\n";
    shop.change("goods.csv", new);
    let run = shop.run(&["import", "goods.csv", "--as", "rows"]).expect(0);
    assert!(run.err.contains("0 new products, 2 products changed"), "{}", run.err);
    let text = shop.text(mug);
    assert!(text.contains("title: 青釉马克杯   # 手写\n") && text.contains("stock: 9"), "{text}");
    assert!(text.contains("sku: M1-H"), "{text}");
    let text = shop.text(plate);
    assert!(text.contains("自己写的文字。") && text.contains("title: 大盘\n"), "{text}");
    // Another table knows nothing of these products, and they are not gone for it.
    shop.change("more.csv", "sku,title,price\nX1,Cup,3\n");
    let run = shop.run(&["import", "more.csv", "--as", "rows"]).expect(0);
    assert!(!run.err.contains("no longer has"), "{}", run.err);
    // Both change one thing: told with its place, and the author's stays.
    shop.replace(plate, "price: 16", "price: 18");
    let table = shop.text("goods.csv").replace("P1,16", "P1,17");
    shop.change("goods.csv", table);
    let run = shop.run(&["import", "goods.csv", "--as", "rows"]).expect(1);
    assert!(run.err.contains("pan/index.md:4:8"), "{}", run.err);
    assert!(shop.text(plate).contains("price: 18"));
}

#[test]
fn pictures_beside_a_table_are_taken_and_others_are_not() {
    let table = "sku,title,price,images\nA,Cup,3,shots/a.png\nB,Bowl,4,../secret.png\n";
    let shop = Shop::new(&[("content/shop.yaml", SHOP), ("in/goods.csv", table)]);
    shop.change("in/shots/a.png", png(20, 20, 1));
    shop.change("secret.png", png(20, 20, 2));
    let run = shop.run(&["import", "in/goods.csv", "--as", "rows"]).expect(0);
    assert!(shop.path("content/products/cup/a.png").is_file(), "{}", run.err);
    assert!(!shop.path("content/products/bowl/secret.png").exists(), "{}", run.err);
    assert!(run.err.contains("secret.png"), "{}", run.err);
}

#[test]
fn real_tables_are_untidy() {
    let table = "\u{feff}Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty,Image Src,Image Alt Text,Status\r\n\
        cup,,,,,,,Size,Small , C-S ,10.00,,5,https://x.example/a.jpg,,\r\n\
        cup,Cup,\"<p>A <b>cup</b>,\r\nround<script>x()</script></p>\",Kiln,Cups > Tea,\"tea, \"\"best\"\"\",TRUE,Size,Large,,12.00,15.00,7,https://x.example/b.jpg,,active\r\n\
        ,,,,,,,,,STRAY,1.00,,,,,\r\n\
        cup,,,,,,,,,,,,,https://x.example/c.jpg,Third,\r\n\
        plate,Plate,,,,,TRUE,Title,Default Title,C-S,abc,,,,,draft\r\n";
    let shop = Shop::new(&[("content/shop.yaml", SHOP), ("table.csv", table)]);
    let run = shop.run(&["import", "table.csv", "--as", "shopify", "--json"]).expect(0);
    let notes: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let kinds: Vec<&str> =
        notes.as_array().unwrap().iter().map(|note| note["what"].as_str().unwrap()).collect();
    for kind in ["stray", "made-sku", "bad-price", "picture"] {
        assert!(kinds.contains(&kind), "{kind}: {notes}");
    }
    let cup = shop.text("content/products/cups/tea/cup/index.md");
    assert!(cup.contains("A **cup**, round\n"), "{cup}");
    assert!(!cup.contains("script"), "{cup}");
    assert!(cup.contains("sku: C-S\n") && cup.contains("Size: Small"), "{cup}");
    assert!(cup.contains("list: 15\n") && cup.contains("sale: 12\n"), "{cup}");
    assert!(shop.text("content/products/plate/index.md").contains("status: draft"));
    let run = shop.run(&["import", "table.csv", "--as", "google"]).expect(2);
    assert!(run.err.contains("item"), "{}", run.err);
}

#[test]
fn the_data_pack_and_the_feed_come_back() {
    let shop = full_shop();
    shop.replace("content/shop.yaml", "[shopify, woocommerce]", "[taobao, google]");
    shop.build_with(&["--keep-going"]);
    let other = Shop::new(&[("content/shop.yaml", SHOP)]);
    let pack = shop.path("output/exports/taobao/taobao.zip").display().to_string();
    other.run(&["import", &pack, "--as", "taobao"]).expect(0);
    let files = crate::shop::tree(&other.path("content/products"));
    assert!(files.contains_key("mug/index.md"), "{:?}", files.keys());
    let mug = other.text("content/products/mug/index.md");
    assert!(mug.contains("颜色: Celadon") && mug.contains("尺码: S"), "{mug}");
    assert!(mug.contains("price: '69.50'"), "{mug}");
    assert_eq!(files.keys().filter(|name| name.ends_with(".jpg")).count(), 1, "{:?}", files.keys());
    other.run(&["check", "--format", "short", "--as-of", NOW]);
    let other = Shop::new(&[("content/shop.yaml", SHOP)]);
    // Google takes no picture as small as that, and it takes those of the site.
    shop.change("content/products/cups/mug/c.png", png(120, 120, 2));
    shop.replace("content/shop.yaml", "[16, 24]", "[120]");
    shop.build_with(&["--keep-going"]);
    let feed = shop.path("output/exports/google/google.xml").display().to_string();
    other.run(&["import", &feed, "--as", "google"]).expect(0);
    let files = crate::shop::tree(&other.path("content/products"));
    let mug = files.iter().find(|(name, _)| name.ends_with("mug/index.md")).unwrap();
    let mug = String::from_utf8_lossy(mug.1).into_owned();
    assert!(mug.contains("title: Mug\n") && mug.contains("color: Celadon"), "{mug}");
}

/// A shop with what a data pack and a feed can say, and pictures that they take.
fn shop_for(channel: &str) -> Shop {
    let shop = full_shop();
    let said = "facts: {Weight: 320 g, Material: Porcelain}\nchannels: {taobao: {category: 50008779}, google: {category: '2169', mpn: Q-1}}\n";
    let mug = "content/products/cups/mug/index.md";
    shop.replace(mug, "facts: {Weight: 320 g}\n", said);
    shop.change("content/products/cups/mug/c.png", png(120, 120, 2));
    shop.change("content/products/bowl.png", png(120, 120, 3));
    let bowl = "content/products/bowl.md";
    shop.replace(bowl, "status: off_shelf\n", "images: [bowl.png]\ngtin: '6901234001020'\n");
    shop.replace("content/shop.yaml", "[shopify, woocommerce]", &format!("[{channel}]"));
    shop.replace("content/shop.yaml", "[16, 24]", "[120]");
    shop
}

/// The table of a channel, and the same after the exported file was taken into an empty shop; cells that say the same in
/// both are left out, rows are known by their SKU.
fn what_differs(
    channel: &str,
    file: &str,
    table: &str,
    read: fn(Vec<u8>) -> Vec<BTreeMap<String, String>>,
    key: &str,
) -> (usize, std::collections::BTreeSet<(String, String)>) {
    let shop = shop_for(channel);
    shop.build_with(&["--keep-going"]);
    let other = Shop::new(&[("content/shop.yaml", &shop.text("content/shop.yaml"))]);
    let exported = shop.path(&format!("output/exports/{channel}/{file}")).display().to_string();
    let pictures = shop.path("output/site/pictures").display().to_string();
    other.run(&["import", &exported, "--as", channel, "--pictures", &pictures]).expect(0);
    other.build_with(&["--keep-going"]);
    let [before, after] = [&shop, &other].map(|shop| {
        let bytes = std::fs::read(shop.path(&format!("output/exports/{channel}/{table}"))).unwrap();
        let rows = read(bytes).into_iter().map(|row| (row[key].clone(), row));
        rows.collect::<BTreeMap<_, _>>()
    });
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let mut differs = std::collections::BTreeSet::new();
    for (sku, row) in &before {
        let others = row.iter().filter(|(column, cell)| after[sku].get(*column) != Some(cell));
        differs.extend(others.map(|(column, _)| (sku.clone(), column.clone())));
    }
    (before.len(), differs)
}

#[test]
fn the_data_pack_there_and_back() {
    let read = |bytes: Vec<u8>| {
        let words: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&words).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        // The keys of the columns stand in the second line, their labels in the third.
        let (_, table) = text.split_once('\n').unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_reader(table.as_bytes());
        reader.deserialize().map(Result::unwrap).skip(1).collect()
    };
    let (rows, differs) = what_differs("taobao", "taobao.zip", "taobao.csv", read, "outer_id");
    assert_eq!(rows, 2);
    // Pictures are named by what is in them, and those of the pack are encoded a second time.
    let columns: std::collections::BTreeSet<&str> =
        differs.iter().map(|(_, column)| column.as_str()).collect();
    assert_eq!(columns.into_iter().collect::<Vec<_>>(), ["picture", "wireless_desc"]);
    let mug = shop_for("taobao");
    mug.build_with(&["--keep-going"]);
    let pack = mug.path("output/exports/taobao/taobao.zip").display().to_string();
    let other = Shop::new(&[("content/shop.yaml", SHOP)]);
    other.run(&["import", &pack, "--as", "taobao"]).expect(0);
    // The text for phones comes back as well, beside its pictures.
    let text = other.text("content/products/mug/index.md");
    assert!(text.contains("description: A mug.\n"), "{text}");
}

#[test]
fn the_feed_there_and_back() {
    let read = |bytes: Vec<u8>| {
        let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_reader(&bytes[..]);
        reader.deserialize().map(Result::unwrap).collect()
    };
    let (rows, differs) = what_differs("google", "google.xml", "google.tsv", read, "id");
    assert_eq!(rows, 3);
    let columns: std::collections::BTreeSet<&str> =
        differs.iter().map(|(_, column)| column.as_str()).collect();
    assert_eq!(columns.into_iter().collect::<Vec<_>>(), ["image_link"]);
}
