//! What each named value of a profile means for a row: one table.

mod options;
mod pictures;
mod taobao;
mod words;

use super::cell::Cell;
use super::line::Line;
use crate::catalog::product::{Price, Shown};
use crate::channel::value::Expression;

/// What a name gives for a row; the second value is what stands in its brackets.
pub(super) type Value = for<'a> fn(&Line<'a>, &str) -> Cell<'a>;

/// Every name of `channel::value::NAMES`, in its order; a test holds the two against each other.
const VALUES: [(&str, Value); 64] = [
    ("sku", |line, _| match line.variant {
        Some(variant) => Cell::text(&*variant.sku),
        None => Cell::text(&*line.good.product.sku),
    }),
    ("product", |line, _| Cell::text(&*line.good.product.sku)),
    ("group", |line, _| {
        if line.good.product.variants.is_empty() {
            Cell::Empty
        } else {
            Cell::text(&*line.good.product.sku)
        }
    }),
    ("parent", |line, _| match line.variant {
        Some(_) => Cell::text(&*line.good.product.sku),
        None => Cell::Empty,
    }),
    ("handle", words::handle),
    ("gtin", words::gtin),
    ("identified", words::identified),
    ("title", |line, _| words::title(line)),
    ("title.variant", words::variant_title),
    ("name", |line, _| Cell::text(line.good.product.title(line.good.lang))),
    ("subtitle", |line, _| {
        Cell::text(line.good.product.text(line.good.lang, |record| record.subtitle.as_ref()))
    }),
    ("description", |line, _| {
        Cell::text(crate::catalog::card::description(line.good.product, line.good.lang))
    }),
    ("html", words::html),
    ("plain", |line, _| Cell::text(super::text::plain(line.good))),
    ("brand", |line, _| Cell::text(line.good.product.brand(line.good.lang))),
    ("tags", words::tags),
    ("category", words::category),
    ("category.path", words::category_path),
    ("link", words::link),
    ("link.product", words::product_link),
    ("price.list", |line, _| money(line, |price| Some(price.list))),
    ("price.now", |line, _| money(line, |price| Some(price.now))),
    ("price.sale", |line, _| money(line, |price| price.on_sale().then_some(price.now))),
    ("price.compare", |line, _| money(line, |price| price.on_sale().then_some(price.list))),
    ("price.window", |line, _| match line.price().filter(Price::on_sale) {
        Some(Price { from: Some(from), to: Some(to), .. }) => Cell::Window(Some(from), Some(to)),
        _ => Cell::Empty,
    }),
    ("price.from", |line, _| moment(line.price().filter(Price::on_sale).and_then(|p| p.from))),
    ("price.to", |line, _| {
        // A span that closes with a day is called by that day.
        moment(line.price().filter(Price::on_sale).and_then(|price| price.to).map(|to| to - 1))
    }),
    ("stock", |line, _| stock(line).map_or(Cell::Empty, Cell::Number)),
    ("availability", |line, _| {
        Cell::Word(if available(line) { "in_stock" } else { "out_of_stock" })
    }),
    ("available", |line, _| Cell::Word(if available(line) { "true" } else { "false" })),
    ("status", |line, _| {
        let on = line.good.product.shown == Shown::OnShelf;
        Cell::Word(if on { "on_shelf" } else { "off_shelf" })
    }),
    ("picture", pictures::main),
    ("pictures", pictures::all),
    ("pictures.more", pictures::more),
    ("picture.row", pictures::of_row),
    ("picture.position", |line, _| {
        line.picture.map_or(Cell::Empty, |nth| Cell::Number(nth as u64 + 1))
    }),
    ("picture.alt", pictures::alt),
    ("picture.variant", pictures::of_variant),
    ("picture.files", pictures::files),
    ("picture.file", pictures::file),
    ("option.name", options::name),
    ("option.value", options::value),
    ("option.values", options::values),
    ("option", options::known),
    ("options", options::all),
    ("fact", options::fact),
    ("facts", options::facts),
    ("weight", options::weight),
    ("date", |line, _| moment(line.good.product.date)),
    ("field", words::field),
    ("composed", words::composed),
    ("setting", |line, name| Cell::text(line.good.profile.setting(name))),
    ("shop", |line, name| words::shop(line.good.catalog(), line.good.lang, name)),
    ("row.type", |line, _| {
        Cell::Word(match (line.variant, line.is_parent()) {
            (Some(_), _) => "variation",
            (None, true) => "variable",
            (None, false) => "simple",
        })
    }),
    ("variants", options::objects),
    ("gallery", |line, name| match line.variant {
        Some(_) => pictures::of_variant(line, name),
        None => pictures::all(line, name),
    }),
    ("tracked", |line, _| Cell::Word(if stock(line).is_some() { "true" } else { "" })),
    ("option.visible", options::visible),
    ("taobao.picture", taobao::picture),
    ("taobao.skus", taobao::skus),
    ("taobao.props", taobao::props),
    ("taobao.custom", taobao::custom),
    ("taobao.mobile", taobao::mobile),
    ("taobao.barcodes", taobao::barcodes),
];

/// What an expression gives, found once for a whole column.
pub(super) enum Source<'p> {
    /// The same text in every row.
    Text(&'p str),
    /// What a function says, with what stands in the brackets.
    Value(Value, &'p str),
}

impl<'p> Source<'p> {
    /// The function behind an expression.
    pub(super) fn of(expression: &'p Expression) -> Self {
        match expression {
            Expression::Text(text) => Self::Text(text),
            Expression::Value(name, argument) => {
                let found = VALUES.iter().find(|(known, _)| known == name);
                // Names were checked when the profile was read.
                found.map_or(Self::Text(""), |(_, value)| Self::Value(*value, argument))
            }
        }
    }

    /// What it gives for a row.
    pub(super) fn cell<'a>(&'a self, line: &Line<'a>) -> Cell<'a> {
        match self {
            Self::Text(text) => Cell::text(*text),
            Self::Value(value, argument) => value(line, argument),
        }
    }
}

/// What an expression about the shop gives; rows have no part in it.
pub(super) use words::shop;

fn money<'a>(
    line: &Line<'a>,
    pick: impl Fn(Price) -> Option<crate::catalog::money::Money>,
) -> Cell<'a> {
    line.price().and_then(pick).map_or(Cell::Empty, Cell::Money)
}

fn moment<'a>(seconds: Option<i64>) -> Cell<'a> {
    seconds.map_or(Cell::Empty, Cell::Moment)
}

/// Pieces in stock of what is bought, if anybody counts.
fn stock(line: &Line<'_>) -> Option<u64> {
    match line.variant {
        Some(variant) => variant.stock,
        None => line.good.product.stock(),
    }
}

/// Whether what the row stands for can be bought.
fn available(line: &Line<'_>) -> bool {
    let product = line.good.product;
    match line.variant {
        Some(variant) => product.shown == Shown::OnShelf && variant.available(),
        None => product.available(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::value::NAMES;

    #[test]
    fn every_name_of_a_profile_gives_something() {
        let known: Vec<&str> = NAMES.iter().map(|(name, ..)| *name).collect();
        let given: Vec<&str> = VALUES.iter().map(|(name, _)| *name).collect();
        assert_eq!(known, given);
    }
}
