//! What variants differ in, and what is true of a product.

use std::borrow::Cow;

use serde_json::json;

use super::super::cell::Cell;
use super::super::line::Line;
use crate::catalog::attribute::attribute;

/// The place an author of a profile counts from 1.
fn place(number: &str) -> usize {
    number.parse::<usize>().unwrap_or(1).saturating_sub(1)
}

/// The axes of a product, whatever row it is.
fn axis<'a>(line: &Line<'a>, nth: usize) -> Option<&'a str> {
    let axes = &line.good.product.variant_records()?.axes;
    axes.get(nth).map(|axis| axis.value.as_str())
}

pub(super) fn name<'a>(line: &Line<'a>, number: &str) -> Cell<'a> {
    let found = axis(line, place(number));
    found.map_or(Cell::Empty, |axis| Cell::text(line.good.product.axis_name(line.good.lang, axis)))
}

/// The variant's value, by the axis' place among the product's axes.
fn value_of<'a>(line: &Line<'a>, axis: &str) -> Option<&'a str> {
    let record = line.record?;
    let (_, value) = record.options.iter().find(|(name, _)| name == axis)?;
    Some(line.good.product.option_name(line.good.lang, axis, &value.value))
}

pub(super) fn value<'a>(line: &Line<'a>, number: &str) -> Cell<'a> {
    let found = axis(line, place(number)).and_then(|axis| value_of(line, axis));
    found.map_or(Cell::Empty, Cell::text)
}

pub(super) fn values<'a>(line: &Line<'a>, number: &str) -> Cell<'a> {
    let Some(axis) = axis(line, place(number)) else { return Cell::Empty };
    if line.variant.is_some() {
        return value_of(line, axis).map_or(Cell::Empty, |value| Cell::list(vec![value.into()]));
    }
    let product = line.good.product;
    let mut all: Vec<Cow<'a, str>> = Vec::new();
    for record in product.variant_records().map_or(&[][..], |records| &records.items) {
        for (name, value) in &record.options {
            let shown = product.option_name(line.good.lang, axis, &value.value);
            if name == axis && !all.iter().any(|known| *known == shown) {
                all.push(shown.into());
            }
        }
    }
    Cell::list(all)
}

pub(super) fn visible<'a>(line: &Line<'a>, number: &str) -> Cell<'a> {
    axis(line, place(number)).map_or(Cell::Empty, |_| Cell::Word("1"))
}

/// The variant's value of what channels call `color`, `size`, `material` or `pattern`.
pub(super) fn known<'a>(line: &Line<'a>, wanted: &str) -> Cell<'a> {
    let axes = line.good.product.variant_records().map_or(&[][..], |records| &records.axes);
    let found = axes.iter().find(|axis| attribute(&axis.value) == Some(wanted));
    found.and_then(|axis| value_of(line, &axis.value)).map_or(Cell::Empty, Cell::text)
}

pub(super) fn all<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
    while let Some((name, value)) = line.option(pairs.len()) {
        pairs.push((name.into(), value.into()));
    }
    if pairs.is_empty() { Cell::Empty } else { Cell::Map(pairs) }
}

/// A fact by one of its names.
pub(super) fn fact<'a>(line: &Line<'a>, names: &str) -> Cell<'a> {
    let facts = line.good.product.facts(line.good.lang);
    let found = names
        .split('|')
        .find_map(|name| facts.iter().find(|fact| fact.name.eq_ignore_ascii_case(name.trim())));
    found.map_or(Cell::Empty, |fact| Cell::text(fact.shown(line.good.lang)))
}

pub(super) fn facts<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let facts = line.good.product.facts(line.good.lang);
    let pairs: Vec<_> = facts
        .iter()
        .map(|fact| (Cow::from(fact.name.as_str()), fact.shown(line.good.lang).into()))
        .collect();
    if pairs.is_empty() { Cell::Empty } else { Cell::Map(pairs) }
}

/// Grams of the first fact that is a weight by its name.
pub(super) fn weight<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    const NAMES: [&str; 6] = ["重量", "净重", "毛重", "weight", "net weight", "gross weight"];
    let facts = line.good.product.facts(line.good.lang);
    let quantity = facts
        .iter()
        .filter(|fact| NAMES.contains(&fact.name.to_lowercase().as_str()))
        .filter_map(|fact| fact.quantity.as_ref())
        .find(|quantity| quantity.dimension() == "mass");
    // Amounts are kept in millionths of a gram.
    let grams = quantity.and_then(|quantity| u64::try_from(quantity.base / 1_000_000).ok());
    grams.map_or(Cell::Empty, Cell::Number)
}

/// Everything of each variant, for programs.
pub(super) fn objects<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let good = line.good;
    let currency = &good.catalog().currency;
    let lines = good.lines_of_variants();
    if lines.is_empty() {
        return Cell::Empty;
    }
    let objects: Vec<serde_json::Value> = lines
        .iter()
        .map(|line| {
            let options: serde_json::Map<String, serde_json::Value> = (0..)
                .map_while(|nth| line.option(nth))
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            let text = |cell: Cell<'_>| match cell {
                Cell::Text(text) => Some(text.into_owned()),
                _ => None,
            };
            json!({
                "sku": line.variant.map(|variant| &*variant.sku),
                "options": options,
                "price": line.price().map(|price| price.now.decimal(currency)),
                "list_price": line.price().map(|price| price.list.decimal(currency)),
                "available": super::available(line),
                "stock": super::stock(line),
                "gtin": text(super::words::gtin(line, "")),
                "url": text(super::words::link(line, "")),
                "picture": text(super::pictures::of_variant(line, "")),
            })
        })
        .collect();
    Cell::Data(objects.into())
}
