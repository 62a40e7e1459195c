//! Tables of other shop systems into content files that a person is glad to edit. Nothing that is there is overwritten.

mod google;
mod html;
mod sheet;
mod shopify;
mod taobao;
mod woocommerce;
mod write;

use std::collections::BTreeSet;

use serde::Serialize;

pub use write::{File, files};

/// Where a table comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Product CSV, either header.
    Shopify,
    /// Product CSV.
    Woocommerce,
    /// Data pack: its table.
    Taobao,
    /// Merchant Center XML.
    Google,
}

/// What a table says of a product.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Product {
    /// The name of its folder.
    pub handle: String,
    /// Its SKU; made of the handle when the table has none.
    pub sku: String,
    /// What people call it.
    pub title: String,
    /// A line below.
    pub subtitle: String,
    /// For search engines and feeds.
    pub description: String,
    /// Its text, as HTML.
    pub html: String,
    /// The maker.
    pub brand: String,
    /// Free words.
    pub tags: Vec<String>,
    /// `draft`, `off_shelf`, or nothing for what is for sale.
    pub status: &'static str,
    /// Names of categories from the top.
    pub category: Vec<String>,
    /// What is bought.
    pub price: Price,
    /// Pieces in stock.
    pub stock: Option<u64>,
    /// Its trade item number.
    pub gtin: String,
    /// What variants differ in.
    pub axes: Vec<String>,
    /// Its variants.
    pub variants: Vec<Variant>,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// What is true of it.
    pub facts: Vec<(String, String)>,
    /// What it says for a channel: channel, field, value.
    pub channels: Vec<(&'static str, &'static str, String)>,
}

/// A price as content files say it.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Price {
    /// The regular price.
    pub list: String,
    /// The reduced one.
    pub sale: String,
    /// First day of the reduction.
    pub from: String,
    /// Last day of it.
    pub to: String,
}

/// What a table says of a variant.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Variant {
    /// Its SKU.
    pub sku: String,
    /// Its value on each axis.
    pub values: Vec<String>,
    /// Its price.
    pub price: Price,
    /// Pieces in stock.
    pub stock: Option<u64>,
    /// Its trade item number.
    pub gtin: String,
    /// The address or name of its picture.
    pub picture: String,
}

/// A picture.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Picture {
    /// Its address or file.
    pub source: String,
    /// What is to be seen.
    pub alt: String,
}

/// What an import could not take over as it was.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
pub struct Note {
    /// The line of the table, from 1; 0 for the whole.
    pub line: usize,
    /// The product.
    pub about: String,
    /// What.
    pub what: Kind,
    /// The value in question.
    pub value: String,
}

/// What was the matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A row that belongs to no product.
    Stray,
    /// A SKU was made up.
    MadeSku,
    /// A SKU that stands twice: the second is left out.
    TwiceSku,
    /// An amount that is none.
    BadPrice,
    /// A trade item number that is none.
    BadGtin,
    /// Only the first category has a folder; the others became tags.
    MoreCategories,
    /// A picture that is not here.
    Picture,
    /// A product that the shop has already: it stays as it is.
    There,
}

/// Everything a table gave.
#[derive(Default, Debug)]
pub struct Found {
    /// Products in the order of their first rows.
    pub products: Vec<Product>,
    /// What could not be taken over as it was.
    pub notes: Vec<Note>,
    /// Rows read.
    pub rows: usize,
}

/// Reads a table.
pub fn read(origin: Origin, bytes: &[u8]) -> Result<Found, &'static str> {
    let mut found = match origin {
        Origin::Google => google::read(bytes)?,
        Origin::Shopify => shopify::read(&sheet::read(bytes, 0)?)?,
        Origin::Woocommerce => woocommerce::read(&sheet::read(bytes, 0)?)?,
        Origin::Taobao => taobao::read(bytes)?,
    };
    complete(&mut found);
    Ok(found)
}

/// Gives everything a SKU and a folder of its own.
fn complete(found: &mut Found) {
    let mut skus: BTreeSet<String> = BTreeSet::new();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    let notes = &mut found.notes;
    let mut note = |about: &str, what, value: &str| {
        notes.push(Note { line: 0, about: about.to_owned(), what, value: value.to_owned() });
    };
    for product in &mut found.products {
        let name = if product.handle.is_empty() { &product.title } else { &product.handle };
        let mut folder = crate::catalog::address::slug(name);
        if folder.is_empty() {
            folder = crate::catalog::address::slug(&product.sku);
        }
        let plain = folder.clone();
        let mut nth = 2;
        while folder.is_empty() || !folders.insert(folder.to_lowercase()) {
            folder = format!("{}-{nth}", if plain.is_empty() { "product" } else { &plain });
            nth += 1;
        }
        product.handle = folder;
        if product.sku.is_empty() {
            product.sku = product.handle.to_uppercase();
            if product.variants.is_empty() {
                note(&product.title, Kind::MadeSku, &product.sku);
            }
        }
        product.sku = word(&product.sku);
        let handle = product.handle.clone();
        let mut own = Vec::with_capacity(product.variants.len());
        for (nth, mut variant) in std::mem::take(&mut product.variants).into_iter().enumerate() {
            if variant.sku.is_empty() {
                variant.sku = format!("{}-{}", product.sku, nth + 1);
                note(&handle, Kind::MadeSku, &variant.sku);
            }
            variant.sku = word(&variant.sku);
            if skus.insert(variant.sku.to_lowercase()) {
                own.push(variant);
            } else {
                note(&handle, Kind::TwiceSku, &variant.sku);
            }
        }
        product.variants = own;
        // A product and its variant are two things: the product's own name gets a mark.
        let mut sku = product.sku.clone();
        let mut nth = 2;
        while !skus.insert(sku.to_lowercase()) {
            sku = format!("{}-P{nth}", product.sku);
            nth += 1;
        }
        if sku != product.sku {
            note(&handle, Kind::MadeSku, &sku);
            product.sku = sku;
        }
        if !product.gtin.is_empty() && !crate::catalog::record::is_gtin(&product.gtin) {
            note(&handle, Kind::BadGtin, &product.gtin);
            product.gtin.clear();
        }
        for variant in &mut product.variants {
            if !variant.gtin.is_empty() && !crate::catalog::record::is_gtin(&variant.gtin) {
                note(&handle, Kind::BadGtin, &variant.gtin);
                variant.gtin.clear();
            }
        }
    }
}

/// A SKU as one word.
fn word(sku: &str) -> String {
    let plain: String = sku
        .trim()
        .chars()
        .map(|c| {
            let bad = c.is_control() || c.is_whitespace() || "/\\,;\"'<>|?*".contains(c);
            if bad { '-' } else { c }
        })
        .collect();
    plain.chars().take(64).collect()
}

/// An amount as content files write it: digits and a point; nothing when it is none.
fn amount(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let plain = plain.trim_start_matches(|c: char| !c.is_ascii_digit());
    let plain = plain.trim_end_matches(|c: char| !c.is_ascii_digit());
    crate::catalog::money::Money::parse(plain).map(|_| plain.to_owned())
}

/// A price of a regular and a reduced amount, in whichever order they are given.
fn price(regular: &str, reduced: &str) -> Price {
    let value = |text: &str| crate::catalog::money::Money::parse(text).unwrap_or_default();
    let (regular, reduced) =
        (amount(regular).unwrap_or_default(), amount(reduced).unwrap_or_default());
    match (regular.is_empty(), reduced.is_empty()) {
        (true, _) => Price { list: reduced, ..Price::default() },
        (_, true) => Price { list: regular, ..Price::default() },
        _ if value(&reduced) < value(&regular) => {
            Price { list: regular, sale: reduced, ..Price::default() }
        }
        _ => Price { list: reduced, ..Price::default() },
    }
}
