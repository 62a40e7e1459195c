//! Products for a channel: each becomes rows of its files, or is left out with a reason; nothing is lost in between.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::OnceLock;

use super::cell::{Cell, Form, runs};
use super::line::{Good, Line};
use super::lot::{self, Head, LeftOut};
use super::value;
use super::write::{self, Part};
use regex::Regex;

use crate::catalog::product::{Product, Shown};
use crate::channel::limit::{Confidence, Limit, Source, TitleRule};
use crate::channel::profile::{Column, Encoding, File, Format, Formulas, Profile};
use crate::cx::{Cx, Wares};
use crate::diag::{Diagnostic, Place, Span};
use crate::text::units::Unit;

/// Why a product is left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Reason {
    /// A draft, or before its time.
    Hidden,
    /// No longer for sale.
    OffShelf,
    /// A column that every row needs has nothing to show.
    Missing(String),
    /// A list has fewer items than the channel wants for sure: the column, how many there are, how many it wants.
    Few(String, usize, usize),
    /// It differs in more ways than the channel has room for.
    Options,
    /// The channel wants a category.
    Category,
    /// Others were asked for.
    NotChosen,
}

impl Reason {
    /// Its name in the manifest.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Hidden => "hidden".to_owned(),
            Self::OffShelf => "off_shelf".to_owned(),
            Self::Missing(column) => format!("missing: {column}"),
            Self::Few(column, ..) => format!("few: {column}"),
            Self::Options => "options".to_owned(),
            Self::Category => "category".to_owned(),
            Self::NotChosen => "not_chosen".to_owned(),
        }
    }
}

/// A column with the functions behind its values.
pub(super) struct Planned<'p> {
    pub column: &'p Column,
    sources: Vec<value::Source<'p>>,
    /// The column shows the channel's title, which has a rule of its own.
    title: Option<&'p TitleRule>,
}

/// The rows of some products in every file of a channel.
pub(super) fn lot(
    cx: &Rc<Cx>,
    wares: Wares<'_>,
    profile: &Profile,
    products: &[Arc<Product>],
    only: Option<&[String]>,
) -> Vec<u8> {
    let catalog = wares.catalog();
    let folder = super::folder(&profile.name, only.is_some());
    let plans: Vec<Vec<Planned<'_>>> =
        profile.files.iter().map(|file| plan(profile, file)).collect();
    let mut parts: Vec<Part<'_>> = profile.files.iter().map(Part::new).collect();
    let mut head = Head::default();
    let mut said = Vec::new();
    let mut wants = BTreeSet::new();
    for product in products {
        head.products += 1;
        let good = Good::new(wares, profile, product, cx.lang(), &folder);
        let rows = match unfit(&good, only) {
            Some(reason) => Err(reason),
            None => rows(&good, &plans, catalog, &mut said),
        };
        match rows {
            Ok(rows) => {
                head.variants += product.variants.len().max(1);
                head.items.push((product.sku.to_string(), write::hash(&rows)));
                parts.iter_mut().zip(rows).for_each(|(part, rows)| part.add(&rows));
                wants.extend(good.wants.into_inner());
                wants.extend(good.gallery.others);
                said.extend(good.gallery.said);
            }
            Err(reason) => {
                said.extend(told(&good, &reason));
                let file = product.own.file.clone();
                let sku = product.sku.to_string();
                head.left_out.push(LeftOut { sku, reason: reason.name(), file });
            }
        }
    }
    for want in wants {
        cx.want(want);
    }
    for finding in said {
        cx.say(finding);
    }
    lot::write(head, parts.into_iter().map(Part::finish).collect())
}

/// Columns with the functions behind them.
pub(super) fn plan<'p>(profile: &'p Profile, file: &'p File) -> Vec<Planned<'p>> {
    let is_title = |column: &Column| {
        column.value.iter().any(|value| {
            matches!(value, crate::channel::value::Expression::Value("title" | "title.variant", _))
        })
    };
    file.columns
        .iter()
        .map(|column| Planned {
            column,
            sources: column.value.iter().map(value::Source::of).collect(),
            title: profile.title.as_ref().filter(|_| is_title(column)),
        })
        .collect()
}

impl Planned<'_> {
    /// What the column shows in a row.
    pub(super) fn cell<'a>(&'a self, line: &Line<'a>) -> Cell<'a> {
        if !line.carries(&self.column.on) {
            return Cell::Empty;
        }
        self.sources
            .iter()
            .map(|source| source.cell(line))
            .find(|cell| *cell != Cell::Empty)
            .unwrap_or(Cell::Empty)
    }
}

/// Why a product cannot be on a channel, whatever its columns say.
pub(super) fn unfit(good: &Good<'_>, only: Option<&[String]>) -> Option<Reason> {
    let product = good.product;
    match product.shown {
        Shown::Hidden => return Some(Reason::Hidden),
        Shown::OffShelf if !good.profile.off_shelf => return Some(Reason::OffShelf),
        _ => {}
    }
    if let Some(only) = only {
        let chosen = |sku: &str| only.iter().any(|wanted| wanted == sku);
        if !chosen(&product.sku) && !product.variants.iter().any(|one| chosen(&one.sku)) {
            return Some(Reason::NotChosen);
        }
    }
    let axes = product.variant_records().map_or(0, |records| records.axes.len());
    if good.profile.max_options.is_some_and(|most| axes > most) {
        return Some(Reason::Options);
    }
    let category = good.records().any(|record| record.category.is_some());
    (good.profile.category.required && !category).then_some(Reason::Category)
}

/// What the author is told of a product that is left out; what is not for sale goes without saying.
fn told(good: &Good<'_>, reason: &Reason) -> Option<Diagnostic> {
    let code = match reason {
        Reason::Hidden | Reason::OffShelf | Reason::NotChosen => return None,
        Reason::Missing(_) => "export/missing",
        Reason::Few(..) => "export/few",
        Reason::Options => "export/options",
        Reason::Category => "export/category",
    };
    let mut finding = Diagnostic::new(code, sku_place(good.product))
        .with("sku", &good.product.sku)
        .with("channel", good.profile.label(good.lang));
    if let Reason::Missing(column) = reason {
        finding = finding.with("column", column);
    }
    if let Reason::Few(column, has, least) = reason {
        finding = finding.with("column", column).with("length", has).with("limit", least);
    }
    if let Some(most) = good.profile.max_options.filter(|_| *reason == Reason::Options) {
        finding = finding.with("most", most);
    }
    Some(finding)
}

/// The rows of a product in each file, or why there are none.
fn rows(
    good: &Good<'_>,
    plans: &[Vec<Planned<'_>>],
    catalog: &crate::catalog::Catalog,
    said: &mut Vec<Diagnostic>,
) -> Result<Vec<write::Rows>, Reason> {
    let mut all = Vec::with_capacity(plans.len());
    let mut found = Vec::new();
    for (file, plan) in good.profile.files.iter().zip(plans) {
        let lines = good.lines(file.rows);
        let mut rows = write::Rows::new(file.format);
        for line in &lines {
            let mut row = Vec::with_capacity(plan.len());
            for planned in plan {
                let cell = planned.cell(line);
                let column = planned.column;
                if column.required && cell == Cell::Empty && line.carries(&column.on) {
                    return Err(Reason::Missing(column.label.clone()));
                }
                if let Some((has, least)) = too_few(line, column, &cell) {
                    return Err(Reason::Few(column.label.clone(), has, least));
                }
                Check { good, line, planned, file }.count(&cell, &mut found);
                let form = Form { column, file, currency: &catalog.currency, zone: &catalog.zone };
                row.push((form, cell));
            }
            rows.add(file, row, |nth, text| {
                Check { good, line, planned: &plan[nth], file }.text(text, &mut found);
            });
        }
        all.push(rows);
    }
    said.append(&mut found);
    Ok(all)
}

/// How many items a list has and how many are wanted, where a channel that is sure of it refuses fewer.
pub(super) fn too_few(line: &Line<'_>, column: &Column, cell: &Cell<'_>) -> Option<(usize, usize)> {
    let has = match cell {
        Cell::List(items) => items.len(),
        // A list without items is nothing.
        Cell::Empty if line.carries(&column.on) => 0,
        _ => return None,
    };
    let sure = column.limits.iter().filter(|limit| limit.unit.is_none());
    let sure = sure.filter(|limit| limit.source.confidence.sure());
    let least = sure.filter_map(|limit| limit.min).max()?;
    (has < least).then_some((has, least))
}

/// The first sign in a text that is drawn as a small coloured picture.
fn emoji(text: &str) -> Option<&str> {
    static EMOJI: OnceLock<Option<Regex>> = OnceLock::new();
    let emoji = EMOJI.get_or_init(|| Regex::new(r"\p{Emoji_Presentation}|.\x{FE0F}").ok());
    let found = emoji.as_ref().filter(|_| !text.is_ascii())?.find(text)?;
    Some(found.as_str())
}

/// Judges the cells of one column in one row.
struct Check<'c> {
    good: &'c Good<'c>,
    line: &'c Line<'c>,
    planned: &'c Planned<'c>,
    file: &'c File,
}

impl Check<'_> {
    /// How many items a list has.
    fn count(&self, cell: &Cell<'_>, found: &mut Vec<Diagnostic>) {
        let Cell::List(items) = cell else { return };
        for limit in self.planned.column.limits.iter().filter(|limit| limit.unit.is_none()) {
            self.judge(limit.min, limit.max, items.len(), "items", &limit.source, found);
        }
    }

    /// How long a text is, and whether it can be written at all.
    fn text(&self, text: &str, found: &mut Vec<Diagnostic>) {
        if text.is_empty() {
            return;
        }
        if let Some(rule) = self.planned.title {
            let length = rule.unit.measure(text);
            self.judge(rule.min, Some(rule.max), length, rule.unit.name(), &rule.source, found);
            if let Some(picture) = emoji(text).filter(|_| !rule.emoji) {
                let source = format!("{} ({})", rule.source.source, rule.source.seen);
                found.push(
                    self.finding("export/emoji").with("found", picture).with("source", source),
                );
            }
        }
        for Limit { unit, min, max, source, .. } in &self.planned.column.limits {
            let Some(unit) = unit else { continue };
            // Most texts are far from any limit, and bytes are the most that anything can count.
            if min.is_none() && max.is_some_and(|max| text.len() <= max) && *unit != Unit::Pixels {
                continue;
            }
            self.judge(*min, *max, unit.measure(text), unit.name(), source, found);
        }
        if self.file.format == Format::Xlsx && text.encode_utf16().count() > write::LONGEST_CELL {
            let source = Source {
                source: "Excel specifications".to_owned(),
                seen: "2026-11".to_owned(),
                confidence: Confidence::A,
            };
            let length = text.encode_utf16().count();
            self.judge(None, Some(write::LONGEST_CELL), length, Unit::Utf16.name(), &source, found);
        }
        // Every format and encoding has plain letters, and most texts are nothing else.
        let plain = text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        if let Some(c) = (!plain).then(|| text.chars().find(|c| !writable(self.file, *c))).flatten()
        {
            found.push(
                self.finding("export/character")
                    .with("found", format!("U+{:04X}", u32::from(c)))
                    .with("file", &self.file.path),
            );
        }
        if self.file.formulas == Formulas::Keep && runs(text) && !number(text) {
            found.push(
                self.finding("export/formula")
                    .with("found", text.chars().take(20).collect::<String>()),
            );
        }
    }

    fn judge(
        &self,
        min: Option<usize>,
        max: Option<usize>,
        length: usize,
        unit: &str,
        source: &Source,
        found: &mut Vec<Diagnostic>,
    ) {
        let low = min.filter(|min| length < *min);
        let high = max.filter(|max| length > *max);
        let (code, limit) = match (low, high, source.confidence.sure()) {
            (Some(low), _, true) => ("export/too-short", low),
            (Some(low), _, false) => ("export/short", low),
            (_, Some(high), true) => ("export/too-long", high),
            (_, Some(high), false) => ("export/long", high),
            _ => return,
        };
        found.push(
            self.finding(code)
                .with("length", length)
                .with("limit", limit)
                .with("unit", format!("@{}", unit.replace('_', "-")))
                .with("source", format!("{} ({})", source.source, source.seen)),
        );
    }

    fn finding(&self, code: &'static str) -> Diagnostic {
        let sku = match self.line.variant {
            Some(variant) => &*variant.sku,
            None => &*self.good.product.sku,
        };
        Diagnostic::new(code, self.place())
            .with("sku", sku)
            .with("channel", self.good.profile.label(self.good.lang))
            .with("column", &self.planned.column.label)
    }

    /// Where the author wrote what the column shows, as far as it is one place.
    fn place(&self) -> Place {
        let product = self.good.product;
        if self.planned.title.is_some() {
            for layer in std::iter::once(&product.own).chain(product.defaults.iter()) {
                let own = layer
                    .record
                    .channels
                    .iter()
                    .find(|one| one.name.value == self.good.profile.name);
                if let Some(title) = own.and_then(|record| record.title.as_ref()) {
                    return Place::Bytes(layer.file.clone(), title.at);
                }
            }
            if let Some((title, layer)) =
                product.find(self.good.lang, |record| record.title.as_ref())
            {
                return Place::Bytes(layer.file.clone(), title.at);
            }
        }
        if let Some(record) = self.line.record {
            let at = record.sku.as_ref().map_or(record.at, |sku| sku.at);
            return Place::Bytes(product.own.file.clone(), at);
        }
        sku_place(product)
    }
}

/// Whether a format and an encoding have a character.
fn writable(file: &File, c: char) -> bool {
    if c.is_control() && !matches!(c, '\t' | '\n' | '\r') {
        return false;
    }
    let xml = file.format == Format::Xml || file.format == Format::Xlsx;
    if xml && matches!(c, '\u{fffe}' | '\u{ffff}') {
        return false;
    }
    file.encoding != Encoding::Gbk || Unit::GbkBytes.lacking(c.encode_utf8(&mut [0; 4])).is_empty()
}

/// A number is no formula, though it may begin with a sign.
fn number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

fn sku_place(product: &Product) -> Place {
    let at = product.own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
    Place::Bytes(product.own.file.clone(), at)
}
