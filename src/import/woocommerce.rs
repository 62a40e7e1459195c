//! The product CSV of `WooCommerce`: parents and variations, with its own escaping.

use std::collections::HashMap;

use super::sheet::{Row, Sheet};
use super::{Found, Kind, Picture, Price, Product, Variant, amount, pieces, price};

/// Columns that tell the header's row.
pub(super) const HEADS: [&str; 14] = [
    "ID",
    "Type",
    "SKU",
    "Name",
    "Published",
    "Short description",
    "Description",
    "In stock?",
    "Stock",
    "Sale price",
    "Regular price",
    "Categories",
    "Images",
    "Parent",
];

/// Measures that have a column of their own: the column, the fact, its unit.
const MEASURES: [(&str, &str, &str); 8] = [
    ("Weight (kg)", "Weight", "kg"),
    ("Weight (g)", "Weight", "g"),
    ("Weight (lbs)", "Weight", "lb"),
    ("Weight (oz)", "Weight", "oz"),
    ("Length (cm)", "Length", "cm"),
    ("Width (cm)", "Width", "cm"),
    ("Height (cm)", "Height", "cm"),
    ("Length (mm)", "Length", "mm"),
];

pub(super) fn read(sheet: &Sheet) -> Result<Found, &'static str> {
    if !sheet.has("Type") || !sheet.has("Name") {
        return Err("@not-woocommerce");
    }
    let mut found = Found::of(sheet);
    let mut parents: HashMap<String, usize> = HashMap::new();
    let is_variant = |row: &Row<'_>| kinds(row).any(|kind| kind == "variation");
    let mut attributes_of = Vec::new();
    for row in sheet.rows().filter(|row| !is_variant(row)) {
        if plain(row.get(&["Name"])).is_empty() || kinds(&row).all(|kind| !KINDS.contains(&kind)) {
            found.note(row.line, row.get(&["Name"]), Kind::Stray, &row.words());
            continue;
        }
        let product = whole(&row, &mut found);
        for key in [format!("id:{}", row.get(&["ID"])), product.sku.to_lowercase()] {
            if !key.is_empty() && key != "id:" {
                parents.entry(key).or_insert(found.products.len());
            }
        }
        attributes_of.push(attributes(&row));
        found.products.push(product);
    }
    for row in sheet.rows().filter(is_variant) {
        let parent = parents.get(&plain(row.get(&["Parent"])).to_lowercase()).copied();
        let Some(at) = parent else {
            found.note(row.line, row.get(&["Name"]), Kind::Stray, &row.words());
            continue;
        };
        amounts(&row, &mut found);
        let own = attributes(&row);
        let product = &mut found.products[at];
        if product.axes.is_empty() {
            product.axes = own.iter().map(|(name, _)| name.clone()).collect();
        }
        let value = |axis: &String| {
            let found = own.iter().find(|(name, _)| name.eq_ignore_ascii_case(axis));
            found.map_or(String::new(), |(_, value)| value.clone())
        };
        product.variants.push(Variant {
            sku: plain(row.get(&["SKU"])),
            values: product.axes.iter().map(value).collect(),
            price: paid(&row),
            stock: stock(&row),
            gtin: plain(row.get(&[GTIN])),
            picture: list(row.get(&["Images"])).into_iter().next().unwrap_or_default(),
            line: row.line,
            ..Variant::default()
        });
    }
    // What variants do not differ in is true of all of them.
    for (product, attributes) in found.products.iter_mut().zip(attributes_of) {
        let differs =
            |name: &String| product.axes.iter().any(|axis| axis.eq_ignore_ascii_case(name));
        let facts: Vec<_> = attributes.into_iter().filter(|(name, _)| !differs(name)).collect();
        for (name, value) in facts {
            if !product.facts.iter().any(|(known, _)| *known == name) {
                product.facts.push((name, value));
            }
        }
        if !product.variants.is_empty() {
            product.stock = None;
        }
    }
    Ok(found)
}

const GTIN: &str = "GTIN, UPC, EAN, or ISBN";

/// What a row of a product can be.
const KINDS: [&str; 9] = [
    "simple",
    "variable",
    "grouped",
    "external",
    "virtual",
    "downloadable",
    "subscription",
    "variable-subscription",
    "bundle",
];

fn kinds<'r>(row: &Row<'r>) -> impl Iterator<Item = &'r str> + use<'r> {
    row.get(&["Type"]).split(',').map(str::trim)
}

fn whole(row: &Row<'_>, found: &mut Found) -> Product {
    amounts(row, found);
    let mut categories = list_escaped(row.get(&["Categories"]));
    let rest = if categories.len() > 1 { categories.split_off(1) } else { Vec::new() };
    // A path above the first one is said by it.
    let first = categories.first().cloned().unwrap_or_default();
    let rest: Vec<String> =
        rest.into_iter().filter(|path| !first.starts_with(&format!("{path} >"))).collect();
    let tags = list_escaped(row.get(&["Tags"]));
    let mut tags: Vec<String> = tags.iter().map(|tag| plain(tag)).collect();
    if !rest.is_empty() {
        found.note(row.line, row.get(&["Name"]), Kind::MoreCategories, &rest.join(", "));
        tags.extend(rest.iter().filter_map(|path| path.rsplit(" > ").next().map(str::to_owned)));
    }
    let measures = MEASURES.iter().filter_map(|(column, name, unit)| {
        let value = amount(row.get(&[column]))
            .filter(|value| value.bytes().any(|b| b.is_ascii_digit() && b != b'0'))?;
        Some(((*name).to_owned(), format!("{value} {unit}")))
    });
    let short = newlines(&plain(row.get(&["Short description"])));
    let markup = short.contains('<');
    Product {
        sku: plain(row.get(&["SKU"])),
        title: plain(row.get(&["Name"])),
        subtitle: if markup { String::new() } else { short.replace('\n', " ") },
        description: if markup { super::html::words(&short) } else { String::new() },
        html: newlines(row.get(&["Description"])),
        brand: plain(row.get(&["Brands", "Meta: _shangjia_brand"])),
        tags,
        // Drafts, private and hidden ones: nobody was to see them, and a product off the shelf keeps its page.
        status: match (row.get(&["Published"]), row.get(&["Visibility in catalog"])) {
            _ if row.get(&["Meta: _shangjia_status"]) == "off_shelf" => "off_shelf",
            ("-1" | "0" | "2", _) | (_, "hidden") => "draft",
            _ => "",
        }
        .to_owned(),
        category: first
            .split('>')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        price: paid(row),
        stock: stock(row),
        gtin: plain(row.get(&[GTIN])),
        pictures: list(row.get(&["Images"]))
            .into_iter()
            .map(|source| Picture { source, alt: String::new() })
            .collect(),
        facts: measures.collect(),
        line: row.line,
        ..Product::default()
    }
}

/// Pieces in stock; of what is only said to be out, none.
fn stock(row: &Row<'_>) -> Option<u64> {
    let out = matches!(row.get(&["In stock?"]), "0") && row.get(&["Stock"]).is_empty();
    if out { Some(0) } else { pieces(row.get(&["Stock"])) }
}

/// Amounts that are none are noted.
fn amounts(row: &Row<'_>, found: &mut Found) {
    for column in ["Regular price", "Sale price"] {
        let value = row.get(&[column]);
        if !value.is_empty() && amount(value).is_none() {
            found.note(row.line, row.get(&["Name"]), Kind::BadPrice, value);
        }
    }
    let stock = row.get(&["Stock"]);
    if !stock.is_empty() && pieces(stock).is_none() {
        found.note(row.line, row.get(&["Name"]), Kind::BadStock, stock);
    }
}

/// `WooCommerce` writes a line's end as `\n`, and a backslash before an n as two.
fn newlines(text: &str) -> String {
    let parts = text.split("\\\\n").map(|part| part.replace("\\n", "\n"));
    parts.collect::<Vec<_>>().join("\\n")
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
fn attributes(row: &Row<'_>) -> Vec<(String, String)> {
    let cell = |nth: usize, what: &str| plain(row.get(&[&format!("Attribute {nth} {what}")]));
    (1..=20)
        .map(|nth| (cell(nth, "name"), cell(nth, "value(s)").replace("\\,", ",")))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
        .collect()
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
