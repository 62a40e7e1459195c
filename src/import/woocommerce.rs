//! The product CSV of `WooCommerce`: parents and variations, with its own escaping.

use std::collections::HashMap;

use super::sheet::{Row, Sheet};
use super::{Found, Kind, Note, Picture, Price, Product, Variant, price};

pub(super) fn read(sheet: &Sheet) -> Result<Found, &'static str> {
    if !sheet.has("Type") || !sheet.has("Name") {
        return Err("@not-woocommerce");
    }
    let mut found = Found { rows: sheet.len(), ..Found::default() };
    let mut parents: HashMap<String, usize> = HashMap::new();
    let is_variant =
        |row: &Row<'_>| row.get(&["Type"]).split(',').any(|kind| kind.trim() == "variation");
    for row in sheet.rows().filter(|row| !is_variant(row)) {
        let product = whole(&row, &mut found.notes);
        for key in [format!("id:{}", row.get(&["ID"])), product.sku.clone()] {
            if !key.is_empty() && key != "id:" {
                parents.insert(key, found.products.len());
            }
        }
        found.products.push(product);
    }
    for row in sheet.rows().filter(is_variant) {
        let parent = parents.get(row.get(&["Parent"])).copied();
        let Some(product) = parent.and_then(|at| found.products.get_mut(at)) else {
            found.notes.push(Note {
                line: row.line,
                about: row.get(&["Name"]).to_owned(),
                what: Kind::Stray,
                value: row.get(&["SKU"]).to_owned(),
            });
            continue;
        };
        let (axes, values): (Vec<String>, Vec<String>) = attributes(&row).unzip();
        if product.axes.is_empty() {
            product.axes = axes;
        }
        product.variants.push(Variant {
            sku: plain(row.get(&["SKU"])),
            values,
            price: paid(&row),
            stock: row.get(&["Stock"]).parse().ok(),
            gtin: row.get(&["GTIN, UPC, EAN, or ISBN"]).to_owned(),
            picture: list(row.get(&["Images"])).into_iter().next().unwrap_or_default(),
        });
    }
    Ok(found)
}

fn whole(row: &Row<'_>, notes: &mut Vec<Note>) -> Product {
    let mut categories = list_escaped(row.get(&["Categories"]));
    let rest = if categories.len() > 1 { categories.split_off(1) } else { Vec::new() };
    let mut tags: Vec<String> = list_escaped(row.get(&["Tags"]));
    if !rest.is_empty() {
        notes.push(Note {
            line: row.line,
            about: row.get(&["Name"]).to_owned(),
            what: Kind::MoreCategories,
            value: rest.join(", "),
        });
        tags.extend(rest.iter().filter_map(|path| path.rsplit(" > ").next().map(str::to_owned)));
    }
    let category = categories.first().map_or("", String::as_str);
    let variable = row.get(&["Type"]).split(',').any(|kind| kind.trim() == "variable");
    let facts = if variable { Vec::new() } else { attributes(row).collect() };
    let short = plain(row.get(&["Short description"]));
    Product {
        sku: plain(row.get(&["SKU"])),
        title: plain(row.get(&["Name"])),
        subtitle: if short.contains('<') { String::new() } else { short },
        html: row.get(&["Description"]).to_owned(),
        brand: plain(row.get(&["Brands", "Meta: _shangjia_brand"])),
        tags,
        status: match row.get(&["Published"]) {
            "-1" => "off_shelf",
            "0" | "2" => "draft",
            _ => "",
        },
        category: category
            .split('>')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        price: paid(row),
        stock: row.get(&["Stock"]).parse().ok().filter(|_| !variable),
        gtin: row.get(&["GTIN, UPC, EAN, or ISBN"]).to_owned(),
        pictures: list(row.get(&["Images"]))
            .into_iter()
            .map(|source| Picture { source, alt: String::new() })
            .collect(),
        facts,
        ..Product::default()
    }
}

fn paid(row: &Row<'_>) -> Price {
    let day = |name| row.get(&[name]).chars().take(10).collect::<String>();
    let price = price(row.get(&["Regular price"]), row.get(&["Sale price"]));
    if price.sale.is_empty() {
        return price;
    }
    Price { from: day("Date sale price starts"), to: day("Date sale price ends"), ..price }
}

/// Names and values of attributes; of several values all, as one text.
fn attributes(row: &Row<'_>) -> impl Iterator<Item = (String, String)> {
    let cell = |nth: usize, what: &str| row.get(&[&format!("Attribute {nth} {what}")]).to_owned();
    let pairs: Vec<(String, String)> = (1..=20)
        .map(|nth| (cell(nth, "name"), cell(nth, "value(s)").replace("\\,", ",")))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
        .collect();
    pairs.into_iter()
}

/// A text whose formula guard is taken off.
fn plain(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// Items between commas; `\,` is a comma of the item's own.
fn list_escaped(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(',')) => {
                chars.next();
                items.last_mut().expect("never empty").push(',');
            }
            (',', _) => items.push(String::new()),
            _ => items.last_mut().expect("never empty").push(c),
        }
    }
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}
