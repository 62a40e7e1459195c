//! What one file says of a product: typed, with places, nothing inherited yet.
//! A product's file, its other languages, a category's defaults and a row of a table all give this one type.

use serde::{Deserialize, Serialize};

use super::fact::{self, Fact};
use super::moment::{self, Moment};
use super::money::{self, Money};
use super::text::{self, Text};
use crate::diag::{Diagnostic, Span};
use crate::source::fields::{At, Decoder, Fields, narrow};
use crate::source::yaml::{Node, Value};

/// Whether a product is for sale.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not to be seen anywhere yet.
    Draft,
    /// For sale, within its shelf times.
    OnShelf,
    /// No longer for sale; its page stays for old links.
    OffShelf,
}

/// The words of `status:`.
pub const STATUSES: [(&str, Status); 3] =
    [("draft", Status::Draft), ("on_shelf", Status::OnShelf), ("off_shelf", Status::OffShelf)];

/// Everything a file may say of a product.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Record {
    /// Stock keeping unit: the product's name for machines.
    pub sku: Option<At<String>>,
    /// What people call it.
    pub title: Option<At<Text>>,
    /// A line below the title.
    pub subtitle: Option<At<Text>>,
    /// For search engines and feeds.
    pub description: Option<At<Text>>,
    /// The maker's name.
    pub brand: Option<At<Text>>,
    /// Newest first by this.
    pub date: Option<At<Moment>>,
    /// Free words.
    pub tags: Option<Vec<At<String>>>,
    /// For sale or not.
    pub status: Option<At<Status>>,
    /// First moment of sale.
    pub shelf_on: Option<At<Moment>>,
    /// First moment after sale.
    pub shelf_off: Option<At<Moment>>,
    /// What it costs.
    pub price: PriceRecord,
    /// Pieces in stock.
    pub stock: Option<At<u64>>,
    /// Global trade item number.
    pub gtin: Option<At<String>>,
    /// What is true of it.
    pub facts: Option<Vec<Fact>>,
    /// Its variants.
    pub variants: Option<Variants>,
    /// Its pictures, in order.
    pub images: Option<Vec<ImageRecord>>,
    /// How its titles are composed.
    pub keywords: Option<KeywordsRecord>,
    /// What differs by sales channel.
    pub channels: Vec<ChannelRecord>,
    /// SKUs shown beside it.
    pub related: Option<Vec<At<String>>>,
    /// Posters wanted: names of templates.
    pub posters: Option<Vec<At<String>>>,
    /// Files that prove a claim: claim, file.
    pub evidence: Vec<(String, At<String>)>,
    /// The last part of its address.
    pub slug: Option<At<String>>,
    /// Former addresses.
    pub redirects: Vec<At<String>>,
    /// Names of axes and their values in this file's language: axis, name, (value, name).
    pub options: Vec<OptionNames>,
    /// Markdown text, where it does not stand below front matter (rows of a table).
    pub body: Option<At<String>>,
}

/// What a file says of a price.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct PriceRecord {
    /// The regular price.
    pub list: Option<At<Money>>,
    /// The reduced price.
    pub sale: Option<At<Money>>,
    /// First moment of the reduced price.
    pub from: Option<At<Moment>>,
    /// The reduced price's end; a day counts as a whole.
    pub to: Option<At<Moment>>,
    /// Something was written, readable or not.
    pub given: bool,
}

/// A product's variants.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Variants {
    /// What they differ in.
    pub axes: Vec<At<String>>,
    /// The variants.
    pub items: Vec<VariantRecord>,
    /// Where `variants` stands.
    pub at: Span,
}

/// What a file says of one variant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct VariantRecord {
    /// Its own SKU.
    pub sku: Option<At<String>>,
    /// Its value on each axis, by axis.
    pub options: Vec<(String, At<String>)>,
    /// Its price, where it differs.
    pub price: PriceRecord,
    /// Pieces in stock.
    pub stock: Option<At<u64>>,
    /// Its picture.
    pub image: Option<At<String>>,
    /// Its trade item number.
    pub gtin: Option<At<String>>,
    /// Where it differs in facts.
    pub facts: Option<Vec<Fact>>,
    /// Where it stands.
    pub at: Span,
}

/// What a picture is for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// In the gallery.
    #[default]
    Main,
    /// In the text.
    Detail,
    /// Of one variant.
    Variant,
    /// On a white ground, for channels that ask for one.
    White,
}

const ROLES: [(&str, Role); 4] = [
    ("main", Role::Main),
    ("detail", Role::Detail),
    ("variant", Role::Variant),
    ("white", Role::White),
];

/// One picture as named by a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ImageRecord {
    /// The file, relative to the record's own.
    pub src: At<String>,
    /// What is to be seen.
    pub alt: Option<At<Text>>,
    /// What it is for.
    pub role: Role,
    /// The point to keep when it is cropped: per cent from the left and top.
    pub focus: Option<(u8, u8)>,
}

/// How titles are composed from keywords.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct KeywordsRecord {
    /// Name of the keyword table.
    pub table: Option<At<String>>,
    /// Words every title has.
    pub must: Vec<At<String>>,
    /// Words no title has.
    pub never: Vec<At<String>>,
}

/// What a file says of one sales channel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ChannelRecord {
    /// The channel's name.
    pub name: At<String>,
    /// A title of the author's own.
    pub title: Option<At<Text>>,
    /// The channel's category.
    pub category: Option<At<String>>,
    /// The product's address there.
    pub url: Option<At<String>>,
    /// Anything else, by field name.
    pub fields: Vec<(String, At<String>)>,
}

/// An axis in another language.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct OptionNames {
    /// The axis as the product names it.
    pub axis: At<String>,
    /// Its name in this language.
    pub name: Option<String>,
    /// Values and their names in this language.
    pub values: Vec<(String, String)>,
}

/// Reads all product fields of a map and marks them known.
pub fn decode(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Record {
    let mut record = Record {
        sku: fields.take("sku").and_then(|node| sku(decoder, node)),
        title: fields.take("title").and_then(|node| text::decode(decoder, node)),
        subtitle: fields.take("subtitle").and_then(|node| text::decode(decoder, node)),
        description: fields.take("description").and_then(|node| text::decode(decoder, node)),
        brand: fields.take("brand").and_then(|node| text::decode(decoder, node)),
        date: fields.take("date").and_then(|node| moment::decode(decoder, node)),
        tags: fields.take("tags").and_then(|node| decoder.words(node)),
        status: fields.take("status").and_then(|node| decoder.choice(node, &STATUSES)),
        price: fields.take("price").map(|node| price(decoder, node)).unwrap_or_default(),
        stock: fields.take("stock").and_then(|node| decoder.count(node)),
        gtin: fields.take("gtin").and_then(|node| gtin(decoder, node)),
        facts: fields.take("facts").and_then(|node| fact::decode(decoder, node)),
        variants: fields.take("variants").and_then(|node| variants(decoder, node)),
        images: fields.take("images").and_then(|node| images(decoder, node)),
        keywords: fields.take("keywords").map(|node| keywords(decoder, node)),
        channels: fields.take("channels").map(|node| channels(decoder, node)).unwrap_or_default(),
        related: fields.take("related").and_then(|node| decoder.words(node)),
        posters: fields.take("posters").and_then(|node| decoder.names(node)),
        slug: fields.take("slug").and_then(|node| decoder.name(node)),
        ..Record::default()
    };
    if let Some(node) = fields.take("shelf") {
        let mut shelf = decoder.fields(node);
        record.shelf_on = shelf.take("on").and_then(|node| moment::decode(decoder, node));
        record.shelf_off = shelf.take("off").and_then(|node| moment::decode(decoder, node));
        decoder.finish(&shelf);
    }
    if let Some(node) = fields.take("evidence") {
        let claims = decoder.fields(node);
        for entry in claims.rest() {
            if let Some(file) = decoder.name(&entry.node) {
                record.evidence.push((entry.key.clone(), file));
            }
        }
    }
    if let Some(node) = fields.take("redirects") {
        record.redirects = decoder.names(node).unwrap_or_default();
    }
    if let Some(node) = fields.take("options") {
        record.options = options(decoder, node);
    }
    record
}

/// Reads a whole map as a record; unknown keys are faults.
pub fn decode_map(decoder: &mut Decoder<'_>, node: &Node) -> Record {
    let mut fields = decoder.fields(node);
    let record = decode(decoder, &mut fields);
    decoder.finish(&fields);
    record
}

/// A SKU is one word that fits a table's cell, a file's name and an address.
fn sku(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<String>> {
    let sku = decoder.name(node)?;
    let bad = sku
        .value
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || "/\\,;\"'<>|?*".contains(c));
    if bad || sku.value.chars().count() > 64 {
        let place = decoder.place(sku.at);
        decoder.say(Diagnostic::new("sku/form", place).with("found", &sku.value));
    }
    Some(sku)
}

/// A price: an amount, or `{list, sale, from, to}`.
fn price(decoder: &mut Decoder<'_>, node: &Node) -> PriceRecord {
    let Value::Map(entries) = &node.value else {
        return PriceRecord {
            list: money::decode(decoder, node),
            given: !node.is_null(),
            ..PriceRecord::default()
        };
    };
    let mut fields = decoder.fields(node);
    let record = PriceRecord {
        list: fields.take("list").and_then(|node| money::decode(decoder, node)),
        sale: fields.take("sale").and_then(|node| money::decode(decoder, node)),
        from: fields.take("from").and_then(|node| moment::decode(decoder, node)),
        to: fields.take("to").and_then(|node| moment::decode(decoder, node)),
        // A window alone says no price.
        given: entries
            .iter()
            .any(|one| !one.node.is_null() && !matches!(one.key.as_str(), "from" | "to")),
    };
    decoder.finish(&fields);
    record
}

/// Whether a text is a trade item number: its length and its check digit.
pub fn is_gtin(text: &str) -> bool {
    let digits = text.replace([' ', '-'], "");
    matches!(digits.len(), 8 | 12 | 13 | 14)
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.ends_with(check_digit(&digits[..digits.len() - 1]))
}

/// A trade item number of 8, 12, 13 or 14 digits whose check digit is right (GS1 General Specifications 7.9).
fn gtin(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<String>> {
    let gtin = decoder.name(node)?;
    let digits = gtin.value.replace([' ', '-'], "");
    let place = decoder.place(gtin.at);
    let form =
        matches!(digits.len(), 8 | 12 | 13 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
    if !form {
        let mut fault = Diagnostic::new("gtin/form", place).with("found", &gtin.value);
        let meant = narrow(&gtin.value);
        if meant != gtin.value && meant.bytes().all(|b| b.is_ascii_digit()) {
            fault = fault.with("near", meant);
        }
        decoder.say(fault);
        return None;
    }
    let right = check_digit(&digits[..digits.len() - 1]);
    if !digits.ends_with(right) {
        decoder.say(
            Diagnostic::new("gtin/check-digit", place)
                .with("found", &gtin.value)
                .with("right", format!("{}{right}", &digits[..digits.len() - 1])),
        );
        return None;
    }
    Some(At::new(digits, gtin.at))
}

fn check_digit(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| u32::from(byte - b'0') * if at.is_multiple_of(2) { 3 } else { 1 })
        .sum();
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

fn variants(decoder: &mut Decoder<'_>, node: &Node) -> Option<Variants> {
    if node.is_null() {
        return None;
    }
    let mut fields = decoder.fields(node);
    let axes = fields.take("axes").and_then(|node| decoder.words(node)).unwrap_or_default();
    let items = fields.take("items").map(|node| decoder.list(node)).unwrap_or_default();
    decoder.finish(&fields);
    for (at, axis) in axes.iter().enumerate() {
        if let Some(first) = axes[..at].iter().find(|other| other.value == axis.value) {
            let fault = Diagnostic::new("variant/axis-twice", decoder.place(axis.at))
                .with("axis", &axis.value)
                .also(decoder.place(first.at), "first-here");
            decoder.say(fault);
        }
    }
    let items = items.iter().map(|item| variant(decoder, item, &axes)).collect();
    Some(Variants { axes, items, at: node.span })
}

fn variant(decoder: &mut Decoder<'_>, node: &Node, axes: &[At<String>]) -> VariantRecord {
    let mut fields = decoder.fields(node);
    let mut record = VariantRecord {
        sku: fields.take("sku").and_then(|node| sku(decoder, node)),
        options: Vec::with_capacity(axes.len()),
        price: fields.take("price").map(|node| price(decoder, node)).unwrap_or_default(),
        stock: fields.take("stock").and_then(|node| decoder.count(node)),
        image: fields.take("image").and_then(|node| decoder.name(node)),
        gtin: fields.take("gtin").and_then(|node| gtin(decoder, node)),
        facts: fields.take("facts").and_then(|node| fact::decode(decoder, node)),
        at: node.span,
    };
    for entry in fields.rest() {
        if axes.iter().any(|axis| axis.value == entry.key) {
            if let Some(value) = decoder.name(&entry.node) {
                record.options.push((entry.key.clone(), value));
            }
        } else {
            let known = ["sku", "price", "stock", "image", "gtin", "facts"];
            let names = known.into_iter().chain(axes.iter().map(|axis| axis.value.as_str()));
            let fault = Diagnostic::new("key/unknown", decoder.place(entry.key_span))
                .with("key", &entry.key)
                .near(&entry.key, names);
            decoder.say(fault);
        }
    }
    record
}

fn images(decoder: &mut Decoder<'_>, node: &Node) -> Option<Vec<ImageRecord>> {
    if node.is_null() {
        return None;
    }
    let single = std::slice::from_ref(node);
    let items = if matches!(node.value, Value::List(_)) { decoder.list(node) } else { single };
    Some(items.iter().filter_map(|item| image(decoder, item)).collect())
}

fn image(decoder: &mut Decoder<'_>, node: &Node) -> Option<ImageRecord> {
    if !matches!(node.value, Value::Map(_)) {
        let src = decoder.name(node)?;
        return Some(ImageRecord { src, alt: None, role: Role::Main, focus: None });
    }
    let mut fields = decoder.fields(node);
    let src = fields.take("src").and_then(|node| decoder.name(node));
    let alt = fields.take("alt").and_then(|node| text::decode(decoder, node));
    let role = fields.take("role").and_then(|node| decoder.choice(node, &ROLES));
    let focus = fields.take("focus").and_then(|node| focus(decoder, node));
    decoder.finish(&fields);
    let Some(src) = src else {
        let fault = Diagnostic::new("field/missing", decoder.place(node.span)).with("field", "src");
        decoder.say(fault);
        return None;
    };
    Some(ImageRecord { src, alt, role: role.map(|role| role.value).unwrap_or_default(), focus })
}

/// `[30, 60]`: per cent from the left and from the top.
fn focus(decoder: &mut Decoder<'_>, node: &Node) -> Option<(u8, u8)> {
    let points: Vec<u64> = decoder
        .list(node)
        .iter()
        .filter_map(|item| decoder.count(item))
        .map(|at| at.value)
        .collect();
    if let [x @ 0..=100, y @ 0..=100] = points[..] {
        return Some((x as u8, y as u8));
    }
    decoder.wrong(node, "focus");
    None
}

fn keywords(decoder: &mut Decoder<'_>, node: &Node) -> KeywordsRecord {
    if let Value::Scalar { .. } = node.value {
        return KeywordsRecord { table: decoder.name(node), ..KeywordsRecord::default() };
    }
    let mut fields = decoder.fields(node);
    let record = KeywordsRecord {
        table: fields.take("table").and_then(|node| decoder.name(node)),
        must: fields.take("must").and_then(|node| decoder.words(node)).unwrap_or_default(),
        never: fields.take("never").and_then(|node| decoder.words(node)).unwrap_or_default(),
    };
    decoder.finish(&fields);
    record
}

fn channels(decoder: &mut Decoder<'_>, node: &Node) -> Vec<ChannelRecord> {
    let all = decoder.fields(node);
    let mut records = Vec::new();
    for entry in all.rest() {
        let mut fields = decoder.fields(&entry.node);
        let mut record = ChannelRecord {
            name: At::new(entry.key.clone(), entry.key_span),
            title: fields.take("title").and_then(|node| text::decode(decoder, node)),
            category: fields.take("category").and_then(|node| decoder.name(node)),
            url: fields.take("url").and_then(|node| decoder.name(node)),
            fields: Vec::new(),
        };
        for field in fields.rest() {
            if let Some(value) = decoder.text(&field.node) {
                record.fields.push((field.key.clone(), value));
            }
        }
        records.push(record);
    }
    records
}

fn options(decoder: &mut Decoder<'_>, node: &Node) -> Vec<OptionNames> {
    let axes = decoder.fields(node);
    let mut names = Vec::new();
    for axis in axes.rest() {
        let mut fields = decoder.fields(&axis.node);
        let name = fields.take("name").and_then(|node| decoder.name(node));
        let mut values = Vec::new();
        if let Some(node) = fields.take("values") {
            let table = decoder.fields(node);
            for entry in table.rest() {
                if let Some(text) = decoder.name(&entry.node) {
                    values.push((entry.key.clone(), text.value));
                }
            }
        }
        decoder.finish(&fields);
        let axis = At::new(axis.key.clone(), axis.key_span);
        names.push(OptionNames { axis, name: name.map(|name| name.value), values });
    }
    names
}
