//! Tables of other shop systems, or any table, into content files that a person is glad to edit. Nothing that is there is overwritten.

mod google;
mod html;
pub mod merge;
pub mod rows;
mod sheet;
mod shopify;
mod taobao;
mod woocommerce;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use write::{File, files, plain};

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
#[derive(Clone, Default, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Its text, where the table has it as Markdown.
    pub text: String,
    /// The maker.
    pub brand: String,
    /// Free words.
    pub tags: Vec<String>,
    /// `draft`, `off_shelf`, or nothing for what is for sale.
    pub status: String,
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
    pub channels: Vec<(String, String, String)>,
    /// Fields that a row source may name and no other system has, as front matter says them.
    pub more: Map<String, Value>,
    /// What it says in other languages: the language, its front matter, its Markdown text.
    pub locales: Vec<(String, Map<String, Value>, String)>,
    /// The line of its first row.
    #[serde(skip)]
    pub line: usize,
}

/// A price as content files say it.
#[derive(Clone, Default, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
#[derive(Clone, Default, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Where it differs in facts.
    pub facts: Vec<(String, String)>,
    /// The line of its row.
    #[serde(skip)]
    pub line: usize,
}

/// A picture.
#[derive(Clone, Default, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Picture {
    /// Its address or file.
    pub source: String,
    /// What is to be seen.
    pub alt: String,
}

/// What an import could not take over as it was.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Default, Debug)]
pub struct Note {
    /// The line of the table, from 1; 0 for the whole.
    pub line: usize,
    /// The product.
    pub about: String,
    /// What.
    pub what: Kind,
    /// The value in question.
    pub value: String,
    /// The place in the shop, where there is one: file, line and column.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// What was the matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Default, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A line above the names of the columns.
    Above,
    /// A row that repeats the names of the columns.
    Heading,
    /// A row that belongs to no product.
    #[default]
    Stray,
    /// A row that says nothing of its product.
    Nothing,
    /// A row with more cells than there are columns.
    ExtraCells,
    /// A quote that none closes: it is taken as a character.
    OpenQuote,
    /// Text behind the quote that ends its cell: the cells behind it may have moved.
    QuoteInside,
    /// A cell with an error of the spreadsheet's.
    CellError,
    /// A row that the row source leaves out.
    Excluded,
    /// A row that says otherwise than the first of its product.
    Differs,
    /// A SKU was made up.
    MadeSku,
    /// A SKU that is written otherwise here: not every sign may stand in one.
    OtherSku,
    /// Amounts in a currency that is not the shop's.
    Currency,
    /// A SKU that stands twice: the second is left out.
    TwiceSku,
    /// A variant that does not say what it differs in.
    NoOptions,
    /// An amount that is none.
    BadPrice,
    /// A number of pieces that is none.
    BadStock,
    /// A trade item number that is none.
    BadGtin,
    /// Only the first category has a folder; the others became tags.
    MoreCategories,
    /// A picture that is not here.
    Picture,
    /// A new picture of a product that is there: it is left to the author.
    NewPicture,
    /// What a table says in other languages of a product that is there: it is left to the author.
    OtherLanguage,
    /// A product that stands in a table of the shop, which an import does not change.
    InTable,
    /// What a column was taken for.
    Column,
    /// A column that has no place in a product, or whose place another one has.
    ColumnLeft,
    /// A column that nobody knows, and whose values are no facts.
    ColumnNoFact,
    /// A column without values.
    ColumnEmpty,
    /// A product or variant of the shop that the table no longer has: it stays.
    Gone,
    /// What a table says for a channel that the shop does not list: it is left out.
    Unlisted,
    /// A product that the table puts into another category: its folder is the author's.
    Moved,
    /// The author and the table both changed it: the author's stays.
    Conflict,
    /// A file that is there and not of the product: it stays as it is.
    There,
}

impl Kind {
    /// Whether a row was left out for it.
    pub fn row_left_out(self) -> bool {
        matches!(
            self,
            Self::Heading | Self::Stray | Self::Nothing | Self::Excluded | Self::TwiceSku
        )
    }
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
    /// The row source that was made of the columns' names.
    pub mapping: String,
    /// Currencies that amounts name, each with the line and the text of the first.
    pub currencies: BTreeMap<String, (usize, String)>,
}

impl Found {
    /// Nothing yet of a table.
    fn of(sheet: &sheet::Sheet) -> Self {
        Self { rows: sheet.count, notes: sheet.notes.clone(), ..Self::default() }
    }

    /// Notes something about a row.
    fn note(&mut self, line: usize, about: &str, what: Kind, value: &str) {
        let (about, value) = (about.to_owned(), value.to_owned());
        self.notes.push(Note { line, about, what, value, ..Note::default() });
    }

    /// Rows that are not in any product.
    pub fn left_out(&self) -> usize {
        let lines = self.notes.iter().filter(|note| note.line > 0 && note.what.row_left_out());
        lines.map(|note| note.line).collect::<BTreeSet<_>>().len()
    }
}

/// Reads a table.
pub fn read(origin: Origin, bytes: &[u8]) -> Result<Found, &'static str> {
    let mut found = match origin {
        Origin::Google => google::read(bytes)?,
        Origin::Shopify => shopify::read(&sheet::read(bytes, &shopify::HEADS)?)?,
        Origin::Woocommerce => woocommerce::read(&sheet::read(bytes, &woocommerce::HEADS)?)?,
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
    let mut note = |line, about: &str, what, value: &str| {
        let (about, value) = (about.to_owned(), value.to_owned());
        notes.push(Note { line, about, what, value, ..Note::default() });
    };
    for product in &mut found.products {
        let line = product.line;
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
                note(line, &product.title, Kind::MadeSku, &product.sku);
            }
        }
        let plain = word(&product.sku);
        if plain != product.sku.trim() && product.variants.is_empty() {
            note(line, &product.title, Kind::OtherSku, &format!("{} → {plain}", product.sku));
        }
        product.sku = plain;
        let handle = product.handle.clone();
        let mut own = Vec::with_capacity(product.variants.len());
        for (nth, mut variant) in std::mem::take(&mut product.variants).into_iter().enumerate() {
            if variant.sku.is_empty() {
                variant.sku = format!("{}-{}", product.sku, nth + 1);
                note(variant.line, &handle, Kind::MadeSku, &variant.sku);
            }
            let plain = word(&variant.sku);
            if plain != variant.sku.trim() {
                note(variant.line, &handle, Kind::OtherSku, &format!("{} → {plain}", variant.sku));
            }
            variant.sku = plain;
            if variant.values.len() < product.axes.len()
                || variant.values.iter().any(String::is_empty)
            {
                note(variant.line, &handle, Kind::NoOptions, &variant.sku);
            }
            if skus.insert(variant.sku.to_lowercase()) {
                own.push(variant);
            } else {
                note(variant.line, &handle, Kind::TwiceSku, &variant.sku);
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
            note(line, &handle, Kind::MadeSku, &sku);
            product.sku = sku;
        }
        if !product.gtin.is_empty() && !crate::catalog::record::is_gtin(&product.gtin) {
            note(line, &handle, Kind::BadGtin, &product.gtin);
            product.gtin.clear();
        }
        for variant in &mut product.variants {
            if !variant.gtin.is_empty() && !crate::catalog::record::is_gtin(&variant.gtin) {
                note(variant.line, &handle, Kind::BadGtin, &variant.gtin);
                variant.gtin.clear();
            }
        }
    }
}

/// A SKU as one word, without the mark that tells spreadsheets that it is a text.
fn word(sku: &str) -> String {
    let sku = sku.trim();
    let plain: String = sku
        .strip_prefix('\'')
        .unwrap_or(sku)
        .chars()
        .map(|c| {
            let bad = c.is_control() || c.is_whitespace() || "/\\,;\"'<>|?*".contains(c);
            if bad { '-' } else { c }
        })
        .collect();
    plain.chars().take(64).collect()
}

/// An amount as content files write it: digits and a point; nothing when it is none. Thousands may be set apart by commas,
/// points, blanks or quotes, and a comma may stand for the point.
fn amount(text: &str) -> Option<String> {
    let inner = text.trim_matches(|c: char| !c.is_ascii_digit());
    // A sign makes it no price.
    if text.trim_start().starts_with('-') || text.contains('(') {
        return None;
    }
    let plain: String =
        inner.chars().filter(|c| !c.is_whitespace() && !"'’_".contains(*c)).collect();
    let last = plain.rfind([',', '.']);
    let behind = last.map_or(0, |at| plain.len() - at - 1);
    let kinds = [',', '.'].iter().filter(|mark| plain.contains(**mark)).count();
    let once = last.is_some_and(|at| plain.matches(plain.as_bytes()[at] as char).count() == 1);
    if kinds == 2 && !once {
        return None;
    }
    // The last mark divides whole and part, unless three digits behind it say that it sets thousands apart.
    let comma = last.is_some_and(|at| plain.as_bytes()[at] == b',');
    let part = once && (kinds == 2 || !comma || behind != 3);
    let digits: String = match last.filter(|_| part) {
        Some(at) => {
            let whole: String = plain[..at].chars().filter(char::is_ascii_digit).collect();
            format!("{whole}.{}", &plain[at + 1..])
        }
        None if plain.chars().all(|c| c.is_ascii_digit() || ",.".contains(c)) => {
            plain.chars().filter(char::is_ascii_digit).collect()
        }
        None => plain,
    };
    crate::catalog::money::Money::parse(&digits).map(|_| digits)
}

/// Whether a title is only the label of a sum below a table.
fn is_sum(title: &str) -> bool {
    let plain = title.trim().trim_end_matches([':', '：']).to_lowercase();
    matches!(
        plain.as_str(),
        "sum" | "total" | "totals" | "subtotal" | "grand total" | "合计" | "总计" | "小计" | "共计"
    )
}

/// A number of pieces: below nothing is nothing; `None` when it is none, or says nothing.
fn pieces(text: &str) -> Option<u64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let plain = plain.trim_end_matches('0').strip_suffix('.').unwrap_or(&plain);
    match plain.strip_prefix('-') {
        Some(below) => below.parse::<u64>().ok().map(|_| 0),
        None => plain.parse().ok(),
    }
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

#[cfg(test)]
mod tests {
    use super::{amount, pieces};

    #[test]
    fn amounts_of_many_countries() {
        for (text, digits) in [
            ("1299", "1299"),
            ("1,299.50", "1299.50"),
            ("1.299,50", "1299.50"),
            ("1 299,5", "1299.5"),
            ("¥1,299", "1299"),
            ("12,50", "12.50"),
            ("US$ 1,234,567.00", "1234567.00"),
            ("1'299.00", "1299.00"),
            ("0", "0"),
        ] {
            assert_eq!(amount(text).as_deref(), Some(digits), "{text}");
        }
        for text in ["", "abc", "-5", "1e3", "12/50", "(12.00)", "1.2.3,4,5x"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn pieces_in_stock() {
        for (text, count) in [
            ("5", Some(5)),
            ("-3", Some(0)),
            ("1,200", Some(1200)),
            ("7.0", Some(7)),
            ("many", None),
            ("", None),
        ] {
            assert_eq!(pieces(text), count, "{text}");
        }
    }
}
