//! Values of a row's fields as what content files say.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::super::sheet::clean;
use super::super::{Picture, Product, Variant};
use crate::source::table::{Column, Table};
use crate::source::yaml::{Entry, Node, Value};

pub(super) fn columns(table: &Table) -> Vec<Column> {
    match table.header {
        0 => table.columns.iter().map(|head| Column::Path(head.value.clone())).collect(),
        _ => (0..table.columns.len()).map(Column::Nth).collect(),
    }
}

/// What is said in other languages: the language, and its fields.
pub(super) type Sided = Vec<(String, Map<String, Json>)>;

pub(super) fn put(sided: &mut Sided, locale: &str, key: &str, value: Json) {
    let at = sided.iter().position(|(other, _)| other == locale).unwrap_or_else(|| {
        sided.push((locale.to_owned(), Map::new()));
        sided.len() - 1
    });
    sided[at].1.entry(key.to_owned()).or_insert(value);
}

pub(super) fn entries(node: &Node) -> &[Entry] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// Where everything that was taken stands.
pub(super) fn places(node: &Node, taken: &mut HashSet<u32>) {
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|entry| places(&entry.node, taken)),
        Value::List(items) => items.iter().for_each(|item| places(item, taken)),
        _ => {
            taken.insert(node.span.start);
        }
    }
}

/// A value as one text.
pub(super) fn words(node: &Node) -> String {
    list(node).join(", ")
}

pub(super) fn list(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().flat_map(list).collect(),
        Value::Scalar { text, .. } => {
            let text = clean(text.trim());
            if text.is_empty() { Vec::new() } else { vec![text] }
        }
        _ => Vec::new(),
    }
}

/// A text whose cell has line breaks in it, where one line is meant.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn named(node: &Node) -> Vec<(String, String)> {
    let pairs =
        entries(node).iter().map(|entry| (entry.key.clone(), one_line(&words(&entry.node))));
    pairs.filter(|(_, value)| !value.is_empty()).collect()
}

pub(super) fn pictures(node: &Node) -> Vec<Picture> {
    let of = |node: &Node| match node.get("src") {
        Some(source) => vec![Picture {
            source: words(source),
            alt: node.get("alt").map_or(String::new(), words),
        }],
        None => {
            list(node).into_iter().map(|source| Picture { source, alt: String::new() }).collect()
        }
    };
    match &node.value {
        Value::List(items) => items.iter().flat_map(of).collect(),
        _ => of(node),
    }
}

pub(super) fn channels(node: &Node) -> Vec<(String, String, String)> {
    let fields = |channel: &Entry| {
        let name = channel.key.clone();
        entries(&channel.node)
            .iter()
            .map(|field| (name.clone(), field.key.clone(), words(&field.node)))
            .collect::<Vec<_>>()
    };
    entries(node).iter().flat_map(fields).collect()
}

pub(super) fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Scalar { text, .. } => Json::String(clean(text)),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), json(&entry.node))).collect()
        }
    }
}

pub(super) fn text_of(value: &Json) -> String {
    value.as_str().unwrap_or_default().replace("\r\n", "\n").trim().to_owned()
}

/// A product of one row has no variants: what it would differ in is a fact.
pub(super) fn single(product: &mut Product) {
    let Some(only) = product.variants.pop() else { return };
    let axes = std::mem::take(&mut product.axes);
    let options = axes.into_iter().zip(only.values).filter(|(_, value)| !value.is_empty());
    product.facts.extend(options.chain(only.facts));
    if !only.sku.is_empty() {
        product.sku = only.sku;
    }
    let Variant { price, stock, gtin, picture, .. } = only;
    if !price.list.is_empty() {
        product.price = price;
    }
    product.stock = stock.or(product.stock);
    if !gtin.is_empty() {
        product.gtin = gtin;
    }
    if !picture.is_empty() && product.pictures.iter().all(|known| known.source != picture) {
        product.pictures.insert(0, Picture { source: picture, alt: String::new() });
    }
}

/// Lines of a cell as paragraphs of their own, unless they are Markdown already.
pub(super) fn paragraphs(text: &str) -> String {
    let marks = ["- ", "* ", "#", "|", "> ", "1."];
    let marked = |line: &str| marks.iter().any(|mark| line.trim_start().starts_with(mark));
    if text.contains("\n\n") || text.lines().any(marked) {
        return text.to_owned();
    }
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n\n")
}

/// What the SKUs of variants have in common, up to a mark within them.
pub(super) fn shared_sku(variants: &[Variant]) -> String {
    let Some((first, others)) = variants.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return String::new();
    };
    let end = others.iter().fold(first.sku.len(), |end, other| {
        let same = first.sku.bytes().zip(other.sku.bytes()).take_while(|(a, b)| a == b).count();
        end.min(same)
    });
    let common = first.sku.get(..end).unwrap_or_default();
    let marks = ['-', '_', '.', '/'];
    let whole = common.rfind(marks).map_or("", |at| &common[..at]);
    if whole.chars().count() > 2 { whole.to_owned() } else { String::new() }
}
