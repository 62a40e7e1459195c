//! All files of one channel: each product becomes rows, or is left out with a reason; nothing is lost in between.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Mutex;

use super::cell::{Cell, Form, runs};
use super::line::{Good, Line};
use super::value;
use super::write::{self, Writer};
use crate::catalog::product::{Product, Shown};
use crate::channel::limit::{Confidence, Limit, Source, TitleRule};
use crate::channel::profile::{Column, Encoding, File, Format, Formulas, Profile};
use crate::cx::{Cx, Want, Wares};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::text::units::Unit;

/// Everything made for one channel.
pub(super) struct Channel {
    pub tables: Vec<Table>,
    /// Products, and how many of them are in the files.
    pub products: usize,
    pub variants: usize,
    /// Products in the files, with a hash of their rows.
    pub items: BTreeMap<String, Hash>,
    pub left_out: Vec<LeftOut>,
    pub wants: Vec<Want>,
    pub said: Vec<Diagnostic>,
}

/// One file.
pub(super) struct Table {
    pub name: String,
    pub rows: usize,
    pub bytes: usize,
    pub hash: Hash,
    content: Mutex<Option<Vec<u8>>>,
}

/// A product that is not in the files.
pub(super) struct LeftOut {
    pub sku: String,
    pub reason: Reason,
    pub file: SourcePath,
}

/// Why a product is left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Reason {
    /// A draft, or before its time.
    Hidden,
    /// No longer for sale.
    OffShelf,
    /// A column that every row needs has nothing to show.
    Missing(String),
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

impl Channel {
    /// Makes everything of a channel.
    pub(super) fn of(
        cx: &Rc<Cx>,
        wares: Wares<'_>,
        profile: &Profile,
        only: Option<&[String]>,
    ) -> Self {
        let catalog = wares.catalog();
        let lang = cx.lang();
        let folder = super::folder(&profile.name, only.is_some());
        let mut made = Self {
            tables: Vec::new(),
            products: 0,
            variants: 0,
            items: BTreeMap::new(),
            left_out: Vec::new(),
            wants: Vec::new(),
            said: Vec::new(),
        };
        let plans: Vec<Vec<Planned<'_>>> =
            profile.files.iter().map(|file| plan(profile, file)).collect();
        let mut writers: Vec<Writer<'_>> =
            profile.files.iter().map(|file| Writer::new(file, catalog, lang)).collect();
        let mut wants = BTreeSet::new();
        for product in &catalog.products {
            made.products += 1;
            let good = Good::new(wares, profile, product, lang, &folder);
            let rows = match unfit(&good, only) {
                Some(reason) => Err(reason),
                None => rows(&good, &plans, catalog, &mut made.said),
            };
            match rows {
                Ok(rows) => {
                    made.variants += product.variants.len().max(1);
                    let hash = write::hash(&rows);
                    made.items.insert(product.sku.to_string(), hash);
                    for (writer, rows) in writers.iter_mut().zip(rows) {
                        writer.add(&rows);
                    }
                    wants.extend(good.wants.into_inner());
                    wants.extend(good.gallery.others);
                    made.said.extend(good.gallery.said);
                }
                Err(reason) => {
                    made.said.extend(told(&good, &reason));
                    let file = product.own.file.clone();
                    made.left_out.push(LeftOut { sku: product.sku.to_string(), reason, file });
                }
            }
        }
        made.wants = wants.into_iter().collect();
        for writer in writers {
            let name = writer.file.path.clone();
            let (bytes, rows) = writer.finish();
            made.tables.push(Table {
                name,
                rows,
                bytes: bytes.len(),
                hash: Hash::of(&bytes),
                content: Mutex::new(Some(bytes)),
            });
        }
        made
    }

    /// The bytes of a file, once.
    pub(super) fn take(&self, name: &str) -> Option<Vec<u8>> {
        let table = self.tables.iter().find(|table| table.name == name)?;
        table.content.lock().ok()?.take()
    }
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
        Reason::Options => "export/options",
        Reason::Category => "export/category",
    };
    let mut finding = Diagnostic::new(code, sku_place(good.product))
        .with("sku", &good.product.sku)
        .with("channel", good.profile.label(good.lang));
    if let Reason::Missing(column) = reason {
        finding = finding.with("column", column);
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
        if let Some(c) = text.chars().find(|c| !writable(self.file, *c)) {
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
