//! Taobao's data pack: the table; its pictures are files called by their keys.

use std::collections::HashMap;

use super::sheet::{self, Row};
use super::{Found, Kind, Picture, Product, Variant, price};

/// Columns by their Chinese label, which every generation of the table has, and by their key.
const TITLE: [&str; 2] = ["宝贝名称", "title"];

/// Columns that tell the row of labels, and those that tell the row of keys.
const LABELS: [&str; 6] = ["宝贝名称", "宝贝类目", "宝贝价格", "宝贝数量", "宝贝描述", "商家编码"];
const KEYS: [&str; 6] = ["title", "cid", "price", "num", "description", "outer_id"];

pub(super) fn read(bytes: &[u8]) -> Result<Found, &'static str> {
    // `version 1.00`, keys, labels; some packs leave one of these lines out.
    let labelled = sheet::read(bytes, &LABELS)?;
    let sheet = if labelled.has(TITLE[0]) { labelled } else { sheet::read(bytes, &KEYS)? };
    if !sheet.has(TITLE[0]) && !sheet.has(TITLE[1]) {
        return Err("@not-taobao");
    }
    let mut found = Found::of(&sheet);
    let usual = |note: &super::Note| {
        note.what == Kind::Above
            && ["version", "title"].iter().any(|word| note.value.contains(word))
    };
    found.notes.retain(|note| !usual(note));
    for row in sheet.rows() {
        let coded = !row.get(&["商家编码", "outer_id"]).is_empty();
        if row.get(&TITLE).is_empty() || super::is_sum(row.get(&TITLE)) && !coded {
            found.note(row.line, "", Kind::Stray, &row.words());
            continue;
        }
        let (money, pieces) = (row.get(&PRICE), row.get(&STOCK));
        if !money.is_empty() && super::amount(money).is_none() {
            found.note(row.line, row.get(&TITLE), Kind::BadPrice, money);
        }
        if !pieces.is_empty() && super::pieces(pieces).is_none() {
            found.note(row.line, row.get(&TITLE), Kind::BadStock, pieces);
        }
        found.products.push(product(&row));
    }
    Ok(found)
}

const PRICE: [&str; 2] = ["宝贝价格", "price"];
const STOCK: [&str; 2] = ["宝贝数量", "num"];

fn product(row: &Row<'_>) -> Product {
    let names = names(row.get(&["自定义属性值", "input_custom_cpv"]));
    let aliases = names_of_aliases(row.get(&["销售属性别名", "propAlias"]));
    let mut product = Product {
        sku: row.get(&["商家编码", "outer_id"]).to_owned(),
        title: row.get(&TITLE).to_owned(),
        subtitle: row.get(&["宝贝卖点", "subtitle"]).to_owned(),
        description: mobile(row.get(&["无线详情", "wireless_desc"])),
        html: row.get(&["宝贝描述", "description"]).to_owned(),
        price: price(row.get(&PRICE), ""),
        stock: super::pieces(row.get(&STOCK)),
        gtin: row.get(&["商品条形码", "barcode"]).to_owned(),
        line: row.line,
        ..Product::default()
    };
    let category = row.get(&["宝贝类目", "cid"]);
    if !category.is_empty() && category != "0" {
        product.channels.push(("taobao".to_owned(), "category".to_owned(), category.to_owned()));
    }
    let mut properties: Vec<String> = Vec::new();
    let codes: Vec<&str> =
        row.get(&["sku 条形码", "sku条形码", "sku_barcode"]).split(';').collect();
    for part in row.get(&["销售属性组合", "skuProps"]).split(';').filter(|part| !part.is_empty())
    {
        let fields: Vec<&str> = part.split(':').collect();
        let pair = match &fields[..] {
            [money, stock, sku @ .., id, value] if fields.len() >= 5 => {
                product.variants.push(Variant {
                    sku: sku.join(":"),
                    price: price(money, ""),
                    stock: super::pieces(stock),
                    line: row.line,
                    gtin: codes.get(product.variants.len()).copied().unwrap_or_default().to_owned(),
                    ..Variant::default()
                });
                (*id, *value)
            }
            [id, value] => (*id, *value),
            _ => continue,
        };
        if !properties.iter().any(|known| known == pair.0) {
            properties.push(pair.0.to_owned());
        }
        let key = format!("{}:{}", pair.0, pair.1);
        let value = aliases.get(&key).or_else(|| names.get(&key)).cloned();
        if let Some(variant) = product.variants.last_mut() {
            variant.values.push(value.unwrap_or(key));
        }
    }
    product.axes = properties.iter().map(|id| axis(id)).collect();
    if !product.variants.is_empty() {
        product.stock = None;
    }
    pictures(row.get(&["新图片", "picture"]), &names, &mut product);
    product
}

/// The text for phones when it is a single one, between pictures; longer ones repeat the description.
fn mobile(text: &str) -> String {
    let mut texts = text.split("<txt>").skip(1).filter_map(|part| part.split_once("</txt>"));
    match (texts.next(), texts.next()) {
        (Some((only, _)), None) => super::html::words(only),
        _ => String::new(),
    }
}

/// `<key>:<kind>:<position>:<pid:vid>|<address>;` for each picture.
fn pictures(text: &str, names: &HashMap<String, String>, product: &mut Product) {
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let (local, address) = part.split_once('|').unwrap_or((part, ""));
        let fields: Vec<&str> = local.splitn(4, ':').collect();
        let Some(key) = fields.first().filter(|key| !key.is_empty()) else { continue };
        let source = if address.is_empty() { format!("{key}.tbi") } else { address.to_owned() };
        if !product.pictures.iter().any(|known| known.source == source) {
            product.pictures.push(Picture { source: source.clone(), alt: String::new() });
        }
        let property = fields.get(3).copied().unwrap_or_default();
        let shown = names.get(property);
        for variant in &mut product.variants {
            if !property.is_empty()
                && variant.values.iter().any(|value| Some(value) == shown || value == property)
            {
                variant.picture.clone_from(&source);
            }
        }
    }
}

/// `pid:vid:words;` by `pid:vid`.
fn names(text: &str) -> HashMap<String, String> {
    text.split(';')
        .filter_map(|part| {
            let mut fields = part.splitn(3, ':');
            let (id, value, words) = (fields.next()?, fields.next()?, fields.next()?);
            Some((format!("{id}:{value}"), words.to_owned()))
        })
        .collect()
}

fn names_of_aliases(text: &str) -> HashMap<String, String> {
    names(text)
}

/// What a sale property is called.
fn axis(id: &str) -> String {
    match id {
        "1627207" => "颜色".to_owned(),
        "20509" | "20518" => "尺码".to_owned(),
        other => format!("规格{other}"),
    }
}
