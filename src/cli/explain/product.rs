//! Where each value of a product comes from: its own file, its category's defaults, the shop's.

use std::fmt::Write;

use super::super::print::Screen;
use crate::catalog::moment::{self, Moment};
use crate::catalog::product::{Layer, Product, Shown, price_text};
use crate::catalog::record::Record;
use crate::catalog::text::Text;
use crate::generation::Generation;
use crate::source::fields::At;

/// A text field and its name.
type TextField = (&'static str, fn(&Record) -> Option<&At<Text>>);

const TEXTS: [TextField; 4] = [
    ("title", |record| record.title.as_ref()),
    ("subtitle", |record| record.subtitle.as_ref()),
    ("description", |record| record.description.as_ref()),
    ("brand", |record| record.brand.as_ref()),
];

/// Fields that can be asked for, by the first part of their names.
pub(super) const FIELDS: [&str; 23] = [
    "sku",
    "title",
    "subtitle",
    "description",
    "brand",
    "price",
    "date",
    "shelf",
    "status",
    "stock",
    "gtin",
    "tags",
    "facts",
    "variants",
    "images",
    "related",
    "channels",
    "keywords",
    "evidence",
    "slug",
    "redirects",
    "category",
    "url",
];

/// A moment's name and where it stands.
type MomentField = (&'static str, fn(&Record) -> Option<&At<Moment>>);

const MOMENTS: [MomentField; 5] = [
    ("price.from", |record| record.price.from.as_ref()),
    ("price.to", |record| record.price.to.as_ref()),
    ("date", |record| record.date.as_ref()),
    ("shelf.on", |record| record.shelf_on.as_ref()),
    ("shelf.off", |record| record.shelf_off.as_ref()),
];

/// Lines of names, values and the files that say them.
struct Lines<'a> {
    text: String,
    /// The field asked for; all of them when empty.
    field: &'a str,
    computed: &'a str,
}

impl Lines<'_> {
    /// `price` asks for `price.list` too, and `title` for `title@en`.
    fn wanted(&self, name: &str) -> bool {
        let rest = name.strip_prefix(self.field);
        self.field.is_empty()
            || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '@', ' ']))
    }

    fn add(&mut self, name: &str, value: &str, layer: Option<&Layer>) {
        if self.wanted(name) {
            let from =
                layer.map_or_else(|| self.computed.to_owned(), |layer| layer.file.to_string());
            let _ = writeln!(self.text, "{name:<14} {value}\n{:<14} ← {from}", "");
        }
    }
}

/// All that is known of a product, or of one field.
pub(super) fn text(
    generation: &Generation,
    product: &Product,
    field: &str,
    channel: &str,
    screen: &Screen,
) -> String {
    let catalog = &generation.catalog;
    let default = catalog.shop.default_locale();
    let mut lines = Lines {
        text: format!("{}  {}\n", product.sku, catalog.url(default, &product.address)),
        field,
        computed: screen.say("computed", "推算"),
    };
    for locale in &catalog.shop.locales {
        for (name, pick) in &TEXTS {
            let found = product.find(locale, |record| {
                pick(record).filter(|text| text.value.exact(locale).is_some())
            });
            let found = found.or_else(|| product.find(locale, |record| pick(record)));
            if let Some((value, layer)) = found {
                lines.add(&format!("{name}@{locale}"), value.value.get(locale), Some(layer));
            }
        }
    }
    prices(generation, product, &mut lines);
    for (name, pick) in &MOMENTS {
        if let Some((moment, layer)) = product.find("", pick) {
            let shown = moment::iso(moment.value.start(&catalog.zone), &catalog.zone);
            lines.add(name, &shown, Some(layer));
        }
    }
    let status = match product.shown {
        Shown::Hidden => screen.say("not shown", "不展示"),
        Shown::OnShelf => screen.say("on the shelf", "在售"),
        Shown::OffShelf => screen.say("no longer sold", "已下架"),
    };
    lines.add(
        "status",
        status,
        product.find("", |record| record.status.as_ref()).map(|found| found.1),
    );
    let stock = product.stock().map_or("–".to_owned(), |stock| stock.to_string());
    lines.add(
        "stock",
        &stock,
        product.find("", |record| record.stock.as_ref()).map(|found| found.1),
    );
    if let Some((gtin, layer)) = product.find("", |record| record.gtin.as_ref()) {
        lines.add("gtin", &gtin.value, Some(layer));
    }
    for (name, pick) in [
        ("tags", (|record| record.tags.as_ref()) as fn(&Record) -> Option<&Vec<At<String>>>),
        ("related", |record| record.related.as_ref()),
    ] {
        if let Some((names, layer)) = product.find("", pick) {
            lines.add(name, &joined(names), Some(layer));
        }
    }
    if let Some((facts, layer)) = product.find(default, |record| record.facts.as_ref()) {
        for fact in facts {
            lines.add(&format!("facts.{}", fact.name), &fact.shown(default), Some(layer));
        }
    }
    rest(product, &mut lines);
    for record in product.channel(channel) {
        for (name, value) in [("category", &record.category), ("url", &record.url)] {
            if let Some(value) = value {
                lines.add(&format!("{name}@{channel}"), &value.value, None);
            }
        }
    }
    if lines.text.lines().count() == 1 {
        let _ = writeln!(lines.text, "{}", screen.say("nothing says it", "没有写"));
    }
    lines.text
}

fn prices(generation: &Generation, product: &Product, lines: &mut Lines<'_>) {
    let catalog = &generation.catalog;
    if let Some((list, layer)) = product.find("", |record| record.price.list.as_ref()) {
        lines.add("price.list", &list.value.decimal(&catalog.currency), Some(layer));
    }
    if let Some((sale, layer)) = product.find("", |record| record.price.sale.as_ref()) {
        lines.add("price.sale", &sale.value.decimal(&catalog.currency), Some(layer));
    }
    if let Some((low, high)) = product.price_range() {
        let locale = catalog.shop.default_locale();
        let now = price_text(low.now, high.now, &catalog.currency, locale);
        lines.add("price now", &now, None);
    }
}

/// What stands in the product's own file, or in none.
fn rest(product: &Product, lines: &mut Lines<'_>) {
    let own = &product.own;
    let variants: Vec<&str> = product.variants.iter().map(|variant| &*variant.sku).collect();
    if !variants.is_empty() {
        lines.add("variants", &variants.join(", "), Some(own));
    }
    for image in &product.images {
        lines.add("images", image.path.as_str(), image.named.map(|_| own));
    }
    if let Some((keywords, layer)) = product.find("", |record| record.keywords.as_ref()) {
        if let Some(table) = &keywords.table {
            lines.add("keywords.table", &table.value, Some(layer));
        }
        for (name, words) in
            [("keywords.must", &keywords.must), ("keywords.never", &keywords.never)]
        {
            if !words.is_empty() {
                lines.add(name, &joined(words), Some(layer));
            }
        }
    }
    for record in &own.record.channels {
        let fields = [("category", &record.category), ("url", &record.url)];
        for (name, value) in
            fields.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
        {
            let name = format!("channels.{}.{name}", record.name.value);
            lines.add(&name, &value.value, Some(own));
        }
    }
    for (claim, file) in &own.record.evidence {
        lines.add(&format!("evidence.{claim}"), &file.value, Some(own));
    }
    if let Some(slug) = &own.record.slug {
        lines.add("slug", &slug.value, Some(own));
    }
    if !own.record.redirects.is_empty() {
        lines.add("redirects", &joined(&own.record.redirects), Some(own));
    }
}

fn joined(names: &[At<String>]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
    names.join(", ")
}
