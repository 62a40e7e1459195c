//! Reads the tables of `content/keywords`: a YAML file that names or holds the rows, or a table by itself.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::columns::{self, Columns};
use super::number::{Figure, figure};
use super::{Formula, Keyword, LeftOut, Table, Tables};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::source::fields::{At, Decoder, shorten};
use crate::source::table::{self, Options, head_form};
use crate::source::yaml::{self, Node, Value};
use crate::text::normal::normal;

/// More keywords than this are left out, those in least demand: the best title does not need them.
const MAX_KEYWORDS: usize = 5_000;
/// A longer keyword is a sentence that got into the wrong column.
const MAX_LENGTH: usize = 60;

/// Reads all tables among some files; `load` gives the bytes of one.
pub fn read<'p>(
    files: impl Iterator<Item = &'p SourcePath>,
    load: &mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
) -> Tables {
    let mut described: BTreeMap<String, Table> = BTreeMap::new();
    let mut plain: Vec<&SourcePath> = Vec::new();
    let mut named: Vec<SourcePath> = Vec::new();
    for file in files {
        let ending = file.extension();
        if ending == "yaml" {
            let table = of_yaml(file, load, &mut named);
            described.insert(file.stem().to_owned(), table);
        } else if table::ENDINGS.contains(&&*ending) {
            plain.push(file);
        }
    }
    for file in plain {
        let name = file.stem();
        if !named.contains(file) && !described.contains_key(name) {
            let mut table = Table { name: name.to_owned(), ..Table::default() };
            of_file(&mut table, file, &Wanted::default(), load);
            described.insert(name.to_owned(), finish(table));
        }
    }
    described.into_iter().map(|(name, table)| (name, Arc::new(table))).collect()
}

/// Columns that the author names, by field.
#[derive(Default)]
struct Wanted {
    columns: BTreeMap<&'static str, At<String>>,
    options: Options,
    described_in: Option<SourcePath>,
}

const FIELDS: [&str; 8] =
    ["keyword", "popularity", "volume", "impressions", "rank", "ctr", "conversion", "supply"];

fn of_yaml(
    file: &SourcePath,
    load: &mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
    named: &mut Vec<SourcePath>,
) -> Table {
    let mut table = Table { name: file.stem().to_owned(), ..Table::default() };
    let text = load(file).and_then(|bytes| crate::source::disk::utf8(file, bytes));
    let text = match text {
        Ok(text) => text,
        Err(fault) => {
            table.faults.push(fault);
            return finish(table);
        }
    };
    let parsed = yaml::parse(file, &text, 0);
    // The tree's own faults are told by whoever reads all YAML files.
    let Some(root) = parsed.root else { return finish(table) };
    let mut decoder = Decoder::new(file);
    let mut fields = decoder.fields(&root);
    if let Some(node) = fields.take("source") {
        let mut source = decoder.fields(node);
        if let Some(tool) = source.take("tool").and_then(|node| decoder.name(node)) {
            table.tool = tool.value;
        }
        for key in ["exported", "window", "category", "note"] {
            source.take(key);
        }
        decoder.finish(&source);
    }
    let mut wanted = Wanted { described_in: Some(file.clone()), ..Wanted::default() };
    if let Some(node) = fields.take("columns") {
        let mut columns = decoder.fields(node);
        for field in FIELDS.into_iter().chain(["clicks"]) {
            if let Some(name) = columns.take(field).and_then(|node| decoder.name(node)) {
                wanted.columns.insert(field, name);
            }
        }
        decoder.finish(&columns);
    }
    wanted.options.sheet =
        fields.take("sheet").and_then(|node| decoder.name(node)).map(|at| at.value);
    wanted.options.header =
        fields.take("header").and_then(|node| decoder.count(node)).map(|at| at.value as usize);
    let mut words = |key| -> Vec<String> {
        let list = fields.take(key).and_then(|node| decoder.names(node)).unwrap_or_default();
        list.into_iter().map(|word| normal(&word.value)).collect()
    };
    table.words = words("words");
    table.brands = words("brands");
    if let Some(node) = fields.take("exclusive") {
        for group in decoder.list(node) {
            let group = decoder.names(group).unwrap_or_default();
            table.exclusive.push(group.into_iter().map(|word| normal(&word.value)).collect());
        }
    }
    if let Some(node) = fields.take("value") {
        table.formula = formula(&mut decoder, node);
    }
    let rows = fields.take("rows");
    decoder.finish(&fields);
    match rows {
        Some(node) if matches!(node.value, Value::List(_)) => {
            table.file = Some(file.clone());
            inline(&mut table, &mut decoder, node);
        }
        Some(node) => {
            if let Some(name) = decoder.name(node) {
                match file.resolve(&name.value) {
                    Some(path) => {
                        named.push(path.clone());
                        match load(&path) {
                            Ok(bytes) => of_bytes(&mut table, &path, bytes, &wanted),
                            Err(fault) => decoder.say(
                                Diagnostic::new(
                                    "keywords/no-rows",
                                    Place::Bytes(file.clone(), name.at),
                                )
                                .with("found", &name.value)
                                .with("reason", fault.arg("reason").unwrap_or("@not-found")),
                            ),
                        }
                    }
                    None => decoder.say(
                        Diagnostic::new("path/outside", Place::Bytes(file.clone(), name.at))
                            .with("found", &name.value),
                    ),
                }
            }
        }
        None => {
            let place = Place::File(file.clone());
            decoder.say(Diagnostic::new("field/missing", place).with("field", "rows"));
        }
    }
    table.faults.append(&mut decoder.faults);
    finish(table)
}

fn formula(decoder: &mut Decoder<'_>, node: &Node) -> Formula {
    let mut fields = decoder.fields(node);
    let mut formula = Formula::default();
    if let Some(preset) = fields.take("preset") {
        let choice = decoder.choice(preset, &[("default", false), ("operator", true)]);
        formula.operator = choice.is_some_and(|at| at.value);
    }
    for (key, target) in [
        ("ctr", &mut formula.ctr),
        ("conversion", &mut formula.conversion),
        ("supply", &mut formula.supply),
    ] {
        let Some(node) = fields.take(key) else { continue };
        match node.as_str().map(figure) {
            Some(Figure::Number(number)) if (0.0..=4.0).contains(&number) => *target = number,
            _ => decoder.wrong(node, "exponent"),
        }
    }
    decoder.finish(&fields);
    formula
}

/// Rows written in the YAML file: a word, or a map with figures.
fn inline(table: &mut Table, decoder: &mut Decoder<'_>, node: &Node) {
    for item in decoder.list(node) {
        if let Value::Scalar { text, .. } = &item.value {
            add(
                table,
                text,
                item.span,
                Figures { demand: Figure::Number(1.0), ..Figures::default() },
            );
            continue;
        }
        let mut fields = decoder.fields(item);
        let keyword = fields.take("keyword").and_then(|node| decoder.name(node));
        let mut read = |key: &'static str| {
            let node = fields.take(key)?;
            let found = figure(node.as_str().unwrap_or("?"));
            if found == Figure::Unreadable {
                decoder.wrong(node, "figure");
            }
            Some(found)
        };
        let demand = ["popularity", "volume", "impressions"].into_iter().find_map(&mut read);
        let figures = Figures {
            demand: demand.unwrap_or(Figure::Number(1.0)),
            ctr: read("ctr").unwrap_or(Figure::Missing),
            conversion: read("conversion").unwrap_or(Figure::Missing),
            supply: read("supply").unwrap_or(Figure::Missing),
        };
        decoder.finish(&fields);
        match keyword {
            Some(keyword) => add(table, &keyword.value, keyword.at, figures),
            None => decoder.say(
                Diagnostic::new("field/missing", decoder.place(item.span)).with("field", "keyword"),
            ),
        }
    }
}

fn of_file(
    table: &mut Table,
    file: &SourcePath,
    wanted: &Wanted,
    load: &mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
) {
    match load(file) {
        Ok(bytes) => of_bytes(table, file, bytes, wanted),
        Err(fault) => table.faults.push(fault),
    }
}

fn of_bytes(table: &mut Table, file: &SourcePath, bytes: Vec<u8>, wanted: &Wanted) {
    table.file = Some(file.clone());
    let columns = columns::known();
    let mut options = wanted.options.clone();
    options.heads = columns.heads();
    options.heads.extend(wanted.columns.values().map(|name| head_form(&name.value)));
    let mut faults = Vec::new();
    let found = table::read(file, bytes, &options, &mut faults);
    // Remarks beside or above a table of keywords are usual and harm nothing.
    faults.retain(|fault| fault.code != "rows/extra-cells");
    table.faults.append(&mut faults);
    let Some(found) = found else { return };
    let chosen = Chosen::find(&found, columns, wanted, file, &mut table.faults);
    let Some(chosen) = chosen else { return };
    if table.tool.is_empty() {
        table.tool = columns.tool(&found);
    }
    for row in &found.rows {
        let cell = |column: &Option<table::Column>| {
            let cell = column.as_ref().and_then(|column| found.cell(row, column));
            cell.map_or(Figure::Missing, |(text, _)| figure(&text))
        };
        let Some((text, at)) = found.cell(row, &chosen.keyword) else {
            table.left_out.push(LeftOut { text: String::new(), reason: "no-keyword", at: row.at });
            continue;
        };
        let mut demand = cell(&chosen.demand);
        if let (true, Figure::Number(rank)) = (chosen.by_rank, demand) {
            // The first of a ranking counts a million; how fast it falls is a rule of thumb.
            demand =
                if rank >= 1.0 { Figure::Number(1e6 / rank.powf(0.8)) } else { Figure::Unreadable };
        }
        if chosen.demand.is_none() {
            demand = Figure::Number(1.0);
        }
        let figures = Figures {
            demand,
            ctr: cell(&chosen.ctr),
            conversion: cell(&chosen.conversion),
            supply: cell(&chosen.supply),
        };
        add(table, &text, at, figures);
    }
}

/// The columns that are read.
struct Chosen {
    keyword: table::Column,
    demand: Option<table::Column>,
    by_rank: bool,
    ctr: Option<table::Column>,
    conversion: Option<table::Column>,
    supply: Option<table::Column>,
}

impl Chosen {
    fn find(
        found: &table::Table,
        columns: &Columns,
        wanted: &Wanted,
        file: &SourcePath,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let mut pick = |field: &str| -> Option<table::Column> {
            if let Some(name) = wanted.columns.get(field) {
                let form = head_form(&name.value);
                let head = found.columns.iter().find(|head| head_form(&head.value) == form);
                if let Some(column) = head.and_then(|head| found.column(&head.value)) {
                    return Some(column);
                }
                let names: Vec<&str> =
                    found.columns.iter().map(|head| head.value.as_str()).collect();
                let at = wanted.described_in.clone().unwrap_or_else(|| file.clone());
                faults.push(
                    Diagnostic::new("keywords/no-column", Place::Bytes(at, name.at))
                        .with("found", &name.value)
                        .with("choices", names.join(", "))
                        .near(&name.value, names),
                );
                return None;
            }
            columns.find(found, field).map(|(column, _)| column)
        };
        let keyword = pick("keyword");
        let mut demand = None;
        let mut by_rank = false;
        for field in &columns.demand {
            demand = pick(field);
            if demand.is_some() {
                by_rank = field == "rank";
                break;
            }
        }
        let Some(keyword) = keyword else {
            let names: Vec<&str> = found.columns.iter().map(|head| head.value.as_str()).collect();
            if !wanted.columns.contains_key("keyword") {
                faults.push(
                    Diagnostic::new("keywords/no-header", Place::File(file.clone()))
                        .with("found", shorten(&names.join(", "))),
                );
            }
            return None;
        };
        let chosen = Chosen {
            keyword,
            demand,
            by_rank,
            ctr: pick("ctr"),
            conversion: pick("conversion"),
            supply: pick("supply"),
        };
        if let Some(again) = found.twice(&chosen.keyword) {
            faults.push(
                Diagnostic::new("keywords/column-twice", Place::Bytes(file.clone(), again))
                    .with("found", found.head(&chosen.keyword)),
            );
        }
        if chosen.demand.is_none() {
            faults.push(Diagnostic::new("keywords/no-demand", Place::File(file.clone())));
        }
        Some(chosen)
    }
}

#[derive(Clone, Copy)]
struct Figures {
    demand: Figure,
    ctr: Figure,
    conversion: Figure,
    supply: Figure,
}

impl Default for Figures {
    fn default() -> Self {
        let none = Figure::Missing;
        Self { demand: none, ctr: none, conversion: none, supply: none }
    }
}

fn add(table: &mut Table, written: &str, at: Span, figures: Figures) {
    let text = normal(written).trim().to_owned();
    let mut leave = |reason| {
        table.left_out.push(LeftOut { text: shorten(written), reason, at });
    };
    let demand = match figures.demand {
        _ if !text.chars().any(char::is_alphanumeric) => return leave("no-keyword"),
        _ if text.chars().count() > MAX_LENGTH => return leave("keyword-too-long"),
        Figure::Number(number) if number > 0.0 => number,
        Figure::Number(_) => return leave("no-demand"),
        Figure::Missing => return leave("demand-missing"),
        Figure::Unreadable => return leave("demand-unreadable"),
    };
    let number = |figure| match figure {
        Figure::Number(number) if number > 0.0 => Some(number),
        _ => None,
    };
    table.keywords.push(Keyword {
        text,
        written: written.to_owned(),
        demand,
        ctr: number(figures.ctr),
        conversion: number(figures.conversion),
        supply: number(figures.supply),
        value: 0.0,
        at,
    });
}

/// Takes out what stands twice, orders, rates, and tells what was left out.
fn finish(mut table: Table) -> Table {
    let mut all = std::mem::take(&mut table.keywords);
    all.sort_by(|a, b| b.demand.total_cmp(&a.demand).then_with(|| a.text.cmp(&b.text)));
    let mut seen: HashSet<String> = HashSet::with_capacity(all.len());
    for one in all {
        let reason = if seen.contains(&one.text) {
            "keyword-twice"
        } else if table.keywords.len() >= MAX_KEYWORDS {
            "too-many-keywords"
        } else {
            seen.insert(one.text.clone());
            table.keywords.push(one);
            continue;
        };
        table.left_out.push(LeftOut { text: shorten(&one.written), reason, at: one.at });
    }
    table.left_out.sort_by_key(|left| left.at);
    table.rate();
    if let Some(file) = &table.file {
        if table.keywords.is_empty() && table.faults.is_empty() {
            table.faults.push(Diagnostic::new("keywords/none", Place::File(file.clone())));
        }
        let mut reasons: BTreeMap<&'static str, (usize, &LeftOut)> = BTreeMap::new();
        for left in &table.left_out {
            reasons.entry(left.reason).or_insert((0, left)).0 += 1;
        }
        for (reason, (count, first)) in reasons {
            table.faults.push(
                Diagnostic::new("keywords/left-out", Place::Bytes(file.clone(), first.at))
                    .with("count", count)
                    .with("rows", table.keywords.len() + table.left_out.len())
                    .with("found", &first.text)
                    .with("reason", format!("@{reason}")),
            );
        }
    }
    let rows: Vec<(&str, u64)> =
        table.keywords.iter().map(|one| (one.text.as_str(), one.value.to_bits())).collect();
    table.hash = Hash::of_value(&(rows, &table.words, &table.brands, &table.exclusive));
    table
}
