//! Taobao's data pack: the table; its pictures are files called by their keys.

use std::collections::HashMap;

use super::sheet::{self, Row};
use super::{Found, Picture, Product, Variant, price};

/// Columns by their Chinese label, which every generation of the table has, and by their key.
const TITLE: [&str; 2] = ["宝贝名称", "title"];

pub(super) fn read(bytes: &[u8]) -> Result<Found, &'static str> {
    // `version 1.00`, keys, labels; some packs leave the first or the second line out.
    let text = sheet::text(bytes);
    let head = text
        .lines()
        .take(4)
        .position(|line| line.contains(TITLE[0]))
        .or_else(|| text.lines().take(4).position(|line| line.starts_with("title\t")));
    let table = sheet::read(bytes, head.ok_or("@not-taobao")?)?;
    let mut found = Found { rows: table.len(), ..Found::default() };
    found.products = table.rows().map(|row| product(&row)).collect();
    Ok(found)
}

fn product(row: &Row<'_>) -> Product {
    let names = names(row.get(&["自定义属性值", "input_custom_cpv"]));
    let aliases = names_of_aliases(row.get(&["销售属性别名", "propAlias"]));
    let mut product = Product {
        sku: row.get(&["商家编码", "outer_id"]).to_owned(),
        title: row.get(&TITLE).to_owned(),
        subtitle: row.get(&["宝贝卖点", "subtitle"]).to_owned(),
        html: row.get(&["宝贝描述", "description"]).to_owned(),
        price: price(row.get(&["宝贝价格", "price"]), ""),
        stock: row.get(&["宝贝数量", "num"]).parse().ok(),
        gtin: row.get(&["商品条形码", "barcode"]).to_owned(),
        ..Product::default()
    };
    let category = row.get(&["宝贝类目", "cid"]);
    if !category.is_empty() && category != "0" {
        product.channels.push(("taobao", "category", category.to_owned()));
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
                    stock: stock.parse().ok(),
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
