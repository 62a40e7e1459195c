//! Content files of imported products: front matter through `serde_yaml`, text as Markdown.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Kind, Note, Price, Product, Variant, html};
use crate::catalog::address;

/// A file to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the content folder.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SKU of the product it is of, if it is one's text.
    pub sku: Option<String>,
}

#[derive(Serialize)]
struct Front<'p> {
    sku: &'p str,
    title: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subtitle: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    brand: &'p str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'p [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    status: &'p str,
    #[serde(skip_serializing_if = "Value::is_null")]
    price: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    stock: Option<u64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    gtin: &'p str,
    #[serde(skip_serializing_if = "Value::is_null")]
    facts: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    variants: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    images: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    channels: Value,
    #[serde(flatten)]
    more: &'p Map<String, Value>,
}

/// The files of products. `picture` gives the bytes of one, when it is here.
pub fn files(
    products: &[Product],
    mut picture: impl FnMut(&str) -> Option<Vec<u8>>,
    notes: &mut Vec<Note>,
) -> Vec<File> {
    let mut files = Vec::new();
    let mut categories: BTreeMap<String, String> = BTreeMap::new();
    for product in products {
        let mut folder = String::from("products");
        for name in &product.category {
            let slug = address::slug(name);
            let slug = if slug.is_empty() { "category".to_owned() } else { slug };
            folder = format!("{folder}/{slug}");
            categories.entry(folder.clone()).or_insert_with(|| name.clone());
        }
        folder = format!("{folder}/{}", product.handle);
        let names = pictures(product, &folder, &mut picture, &mut files, notes);
        let text = text(product, &names);
        files.push(File {
            path: format!("{folder}/index.md"),
            bytes: text.into_bytes(),
            sku: Some(product.sku.clone()),
        });
        for (locale, matter, body) in &product.locales {
            files.push(File {
                path: format!("{folder}/index.{locale}.md"),
                bytes: format!("{}{body}\n", front(matter)).into_bytes(),
                sku: None,
            });
        }
    }
    for (folder, name) in categories {
        let text = front(&json!({ "title": name }));
        files.push(File {
            path: format!("{folder}/category.md"),
            bytes: text.into_bytes(),
            sku: None,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Puts the pictures that are here beside the product: their names by what the table calls them.
fn pictures(
    product: &Product,
    folder: &str,
    picture: &mut impl FnMut(&str) -> Option<Vec<u8>>,
    files: &mut Vec<File>,
    notes: &mut Vec<Note>,
) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let own = product.variants.iter().map(|variant| &variant.picture);
    let all = product.pictures.iter().map(|one| &one.source).chain(own);
    for source in all.filter(|source| !source.is_empty()) {
        if names.contains_key(source) {
            continue;
        }
        let Some(bytes) = picture(source) else {
            notes.push(Note {
                line: product.line,
                about: product.handle.clone(),
                what: Kind::Picture,
                value: source.clone(),
                ..Note::default()
            });
            names.insert(source.clone(), String::new());
            continue;
        };
        let plain = source.split(['?', '#']).next().unwrap_or(source);
        let file = plain.rsplit('/').next().unwrap_or(plain);
        let (stem, end) = file.rsplit_once('.').unwrap_or((file, "jpg"));
        // The data pack's pictures are JPEG under another name.
        let end = if end.eq_ignore_ascii_case("tbi") { "jpg" } else { end };
        let stem = Some(address::slug(stem)).filter(|stem| !stem.is_empty());
        let stem = stem.unwrap_or_else(|| "picture".to_owned());
        let mut name = format!("{stem}.{}", end.to_ascii_lowercase());
        let mut nth = 2;
        while !taken.insert(name.clone()) {
            name = format!("{stem}-{nth}.{}", end.to_ascii_lowercase());
            nth += 1;
        }
        files.push(File { path: format!("{folder}/{name}"), bytes, sku: None });
        names.insert(source.clone(), name);
    }
    names
}

/// A product's file as the table alone would have it, without pictures: what a merge compares.
pub fn plain(product: &Product) -> String {
    text(product, &BTreeMap::new())
}

fn text(product: &Product, names: &BTreeMap<String, String>) -> String {
    let named = |source: &str| names.get(source).filter(|name| !name.is_empty());
    let images: Vec<Value> = product
        .pictures
        .iter()
        .filter_map(|one| {
            let name = named(&one.source)?;
            Some(if one.alt.is_empty() {
                json!(name)
            } else {
                json!({"src": name, "alt": one.alt})
            })
        })
        .collect();
    let facts = named_values(&product.facts);
    let mut channels: Map<String, Value> = Map::new();
    for (channel, field, value) in &product.channels {
        let entry = channels.entry(channel.clone()).or_insert_with(|| json!({}));
        entry[field] = json!(value);
    }
    let variants: Vec<Value> = product
        .variants
        .iter()
        .map(|variant| item(product, variant, named(&variant.picture)))
        .collect();
    let matter = Front {
        sku: &product.sku,
        title: if product.title.is_empty() { &product.sku } else { &product.title },
        subtitle: &product.subtitle,
        description: &product.description,
        brand: &product.brand,
        tags: &product.tags,
        status: &product.status,
        price: money(&product.price),
        stock: product.stock,
        gtin: &product.gtin,
        facts: some(facts.is_empty(), json!(facts)),
        variants: some(variants.is_empty(), json!({"axes": product.axes, "items": variants})),
        images: some(images.is_empty(), json!(images)),
        channels: some(channels.is_empty(), json!(channels)),
        more: &product.more,
    };
    let body = match &*product.text {
        "" => html::markdown(&product.html),
        text => text.to_owned(),
    };
    format!("{}{body}\n", front(&matter))
}

fn named_values(facts: &[(String, String)]) -> Map<String, Value> {
    facts.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
}

fn some(empty: bool, value: Value) -> Value {
    if empty { Value::Null } else { value }
}

fn item(product: &Product, variant: &Variant, picture: Option<&String>) -> Value {
    let mut item = Map::new();
    item.insert("sku".to_owned(), json!(variant.sku));
    for (axis, value) in product.axes.iter().zip(&variant.values) {
        item.insert(axis.clone(), json!(value));
    }
    let price = money(&variant.price);
    if !price.is_null() {
        item.insert("price".to_owned(), price);
    }
    if let Some(stock) = variant.stock {
        item.insert("stock".to_owned(), json!(stock));
    }
    if !variant.gtin.is_empty() {
        item.insert("gtin".to_owned(), json!(variant.gtin));
    }
    if !variant.facts.is_empty() {
        item.insert("facts".to_owned(), json!(named_values(&variant.facts)));
    }
    if let Some(picture) = picture {
        item.insert("image".to_owned(), json!(picture));
    }
    Value::Object(item)
}

/// `69` or `{list: 69, sale: 59}`.
fn money(price: &Price) -> Value {
    if price.list.is_empty() {
        return Value::Null;
    }
    if price.sale.is_empty() {
        return number(&price.list);
    }
    let mut parts = Map::new();
    for (name, value) in [("list", &price.list), ("sale", &price.sale)] {
        parts.insert(name.to_owned(), number(value));
    }
    for (name, value) in [("from", &price.from), ("to", &price.to)] {
        if !value.is_empty() {
            parts.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(parts)
}

/// Whole amounts as numbers; others stay texts, so that no digit is lost.
fn number(text: &str) -> Value {
    let whole = text.strip_suffix(".00").unwrap_or(text);
    whole.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number))
}

/// Front matter.
fn front(matter: &impl Serialize) -> String {
    let yaml = serde_yaml::to_string(matter).unwrap_or_default();
    format!("---\n{}---\n", if yaml.ends_with('\n') { yaml } else { format!("{yaml}\n") })
}
