//! A row source made of a table's own column names: what each column is, and which rows are one product.

use std::collections::HashSet;
use std::fmt::Write;

use super::super::{Kind, Note};
use super::cells;
use super::names::{self, LEAVE};
use super::plan::{Plan, differs};
use crate::source::table::{Column, Table};
use crate::source::yaml::Value;

/// What the columns are.
pub(super) struct Guess {
    /// The row source that says so.
    pub(super) yaml: String,
    /// What became of each column.
    pub(super) notes: Vec<Note>,
}

/// A column of the table.
pub(super) struct Head {
    /// As a row source names it: `图片#2` is the second of that name.
    pub(super) name: String,
    /// As the table does.
    pub(super) heading: String,
    /// What people call what stands in it.
    pub(super) label: String,
    /// It holds lists of json, or what stands in one.
    pub(super) list: bool,
    pub(super) listed: bool,
    pub(super) field: Option<&'static str>,
    pub(super) rank: usize,
    pub(super) cells: Vec<String>,
    /// The field it became.
    pub(super) became: Option<String>,
}

impl Head {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    pub(super) fn said(&self) -> impl Iterator<Item = &String> {
        self.cells.iter().filter(|cell| !cell.is_empty())
    }
}

/// Recognises the columns of a table; nothing when none is a title or a SKU.
pub(super) fn guess(table: &Table, file: &str, items: Option<&str>) -> Option<Guess> {
    let mut heads = heads(table);
    let any = |field: &str| heads.iter().any(|head| head.field == Some(field) && !head.is_empty());
    if !["title", "sku", "variant_sku"].into_iter().any(any) {
        return None;
    }
    let plan = Plan::of(&heads);
    let mut writer = Writer { heads: &mut heads, columns: String::new(), variants: String::new() };
    let (category, name) = writer.product(&plan);
    writer.bought(&plan);
    writer.facts(&plan);
    let (columns, variants) = (writer.columns, writer.variants);
    let mut yaml = format!("source: {}\n", cells::quoted(file));
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(yaml, "{key}: {value}");
        }
    };
    put("items", items.map(cells::quoted));
    put("header", (table.header > 1).then(|| table.header.to_string()));
    put("group", plan.group.map(|at| cells::quoted(&heads[at].name)));
    put("name", name);
    put("category", category);
    let _ = write!(yaml, "columns:\n{columns}");
    if !variants.is_empty() {
        let _ = write!(yaml, "variants:\n{variants}");
    }
    Some(Guess { yaml, notes: notes(table, &heads, file) })
}

/// The columns with their cells and the fields that their names mean.
fn heads(table: &Table) -> Vec<Head> {
    let names = names::known();
    let mut heads: Vec<Head> = Vec::with_capacity(table.columns.len());
    for (nth, at) in table.columns.iter().enumerate() {
        let heading = at.value.as_str();
        let same = |other: &&crate::source::fields::At<String>| other.value == heading;
        let count = table.columns[..=nth].iter().filter(same).count();
        let twice = table.columns.iter().filter(same).count() > 1;
        let name = if twice { format!("{heading}#{count}") } else { heading.to_owned() };
        // A path of json is known whole or by its last part, unless that stands in a list.
        let listed = |path: &str| {
            let above = |other: &crate::source::fields::At<String>| {
                path.strip_prefix(&*other.value).is_some_and(|rest| rest.starts_with('.'))
            };
            table.columns.iter().any(above)
        };
        let last = heading.rsplit_once('.').filter(|_| table.header == 0);
        let listed = table.header == 0 && listed(heading);
        let inner = last.filter(|_| !listed);
        let field = names.field(heading).or_else(|| inner.and_then(|(_, last)| names.field(last)));
        let column = match table.header {
            0 => table.column(&name).unwrap_or(Column::Path(name.clone())),
            _ => Column::Nth(nth),
        };
        let is_list =
            |row| matches!(table.get(row, &column).map(|node| node.value), Some(Value::List(_)));
        let list = table.header == 0 && table.rows.iter().any(is_list);
        let cell = |row| table.cell(row, &column).map_or(String::new(), |(text, _)| text.into());
        let cells = table.rows.iter().map(cell).collect();
        let (field, rank) = field.unzip();
        heads.push(Head {
            name,
            heading: heading.to_owned(),
            label: cells::label(last.map_or(heading, |(_, last)| last)).to_owned(),
            list,
            listed,
            field,
            rank: rank.unwrap_or_default(),
            cells,
            became: None,
        });
    }
    heads
}

/// The columns with names of a field and something in them, the best name first.
pub(super) fn all(heads: &[Head], field: &str) -> Vec<usize> {
    let fitting = |at: &usize| heads[*at].field == Some(field) && !heads[*at].is_empty();
    let mut found: Vec<usize> = (0..heads.len()).filter(fitting).collect();
    found.sort_by_key(|at| heads[*at].rank);
    found
}

/// Writes fields, and remembers what became of columns.
struct Writer<'h> {
    heads: &'h mut Vec<Head>,
    columns: String,
    variants: String,
}

impl Writer<'_> {
    /// Takes the best column of a field.
    fn take(&mut self, field: &str) -> Option<usize> {
        let free = |at: &usize| self.heads[*at].became.is_none();
        all(self.heads, field).into_iter().find(free)
    }

    fn column(&mut self, at: usize, field: &str, changes: &str) {
        let how = self.how(at, field, changes);
        let _ = writeln!(self.columns, "  {}: {how}", cells::quoted(field));
    }

    /// Of what is bought: the variant, where there are some.
    fn own(&mut self, plan: &Plan, at: usize, field: &str, changes: &str) {
        let how = self.how(at, field, changes);
        let part = if plan.axes.is_empty() { &mut self.columns } else { &mut self.variants };
        let _ = writeln!(part, "  {}: {how}", cells::quoted(field));
    }

    /// How the texts of columns are cut into lists; those of json are lists already.
    fn split(&self, columns: &[usize], marks: &[&str]) -> String {
        let texts = columns.iter().filter(|at| !self.heads[**at].list);
        cells::split(texts.flat_map(|at| self.heads[*at].said()), marks)
    }

    fn how(&mut self, at: usize, field: &str, changes: &str) -> String {
        let head = &mut self.heads[at];
        head.became = Some(field.to_owned());
        let name = cells::quoted(&head.name);
        if changes.is_empty() { name } else { format!("{{column: {name}{changes}}}") }
    }

    /// What is the same for all variants; gives the category and what the address is made from.
    fn product(&mut self, plan: &Plan) -> (Option<String>, Option<String>) {
        if let Some(group) = plan.group {
            self.heads[group].became = Some("group".to_owned());
        }
        if let Some(title) = plan.title {
            self.column(title, "title", "");
        }
        if let Some(sku) = plan.sku.filter(|_| plan.axes.is_empty()) {
            self.column(sku, "sku", "");
        }
        let handle = all(self.heads, "handle").first().copied();
        let name = handle.or(plan.title).map(|at| cells::quoted(&self.heads[at].name));
        if let Some(handle) = handle {
            self.heads[handle].became.get_or_insert_with(|| "name".to_owned());
        }
        // A long description is the product's text.
        let long = |head: &Head| head.said().any(|cell| cells::is_long(cell));
        let text = self
            .take("description")
            .filter(|at| long(&self.heads[*at]) && all(self.heads, "body").is_empty());
        if let Some(at) = text {
            self.column(at, "body", "");
        }
        for field in ["subtitle", "description", "body", "brand"] {
            if let Some(at) = self.take(field)
                && !(field == "description" && text.is_some())
                && !(field == "body" && text.is_some())
            {
                self.column(at, field, "");
            }
        }
        if let Some(at) = self.take("tags") {
            let changes = self.split(&[at], &cells::COMMAS);
            self.column(at, "tags", &changes);
        }
        if let Some(at) = self.take("status")
            && let Some(map) = cells::status(self.heads[at].said())
        {
            self.column(at, "status", &map);
        }
        (self.categories(), name)
    }

    fn categories(&mut self) -> Option<String> {
        let mut found = all(self.heads, "category");
        // Numbers are some platform's own and no names.
        let number = |cell: &String| cell.bytes().all(|byte| byte.is_ascii_digit());
        found.retain(|at| !self.heads[*at].said().all(number));
        found.sort_unstable();
        let first = *found.first()?;
        let changes = self.split(&[first], &cells::PATHS);
        for at in &found {
            self.heads[*at].became = Some("category".to_owned());
        }
        if let [only] = found[..] {
            return Some(self.how(only, "category", &changes));
        }
        let names: Vec<String> =
            found.iter().map(|at| cells::quoted(&self.heads[*at].name)).collect();
        Some(format!("[{}]", names.join(", ")))
    }

    /// Price, stock, number and pictures.
    fn bought(&mut self, plan: &Plan) {
        if !plan.axes.is_empty() {
            self.axes(plan);
            if let Some(sku) = plan.sku {
                self.own(plan, sku, "sku", "");
            }
        }
        let [price, sale, was] = ["price", "sale", "was"].map(|field| self.take(field));
        let (now, before) = match (price, sale, was) {
            (Some(price), Some(sale), _) => (Some(sale), Some(price)),
            (Some(now), None, was) | (None, Some(now), was) => (Some(now), was),
            (None, None, was) => (was, None),
        };
        for (at, field) in [(now, "price.now"), (before, "price.was")] {
            let field = if before.is_none() { "price" } else { field };
            if let Some(at) = at {
                let changes = cells::money(self.heads[at].said());
                self.own(plan, at, field, &changes);
            }
        }
        if let Some(at) = self.take("stock") {
            let changes = cells::pieces(self.heads[at].said());
            self.own(plan, at, "stock", &changes);
        }
        if let Some(at) = self.take("gtin") {
            let quote = self.heads[at].said().any(|cell| cell.starts_with('\''));
            self.own(plan, at, "gtin", if quote { ", remove: \"'\"" } else { "" });
        }
        self.pictures(plan);
    }

    fn axes(&mut self, plan: &Plan) {
        let named = plan.axes.iter().any(|axis| axis.name.is_some());
        let mut parts = Vec::new();
        for axis in &plan.axes {
            let value = cells::quoted(&self.heads[axis.value].name);
            let label = &self.heads[axis.value].label;
            parts.push(match axis.name {
                Some(name) => {
                    self.heads[name].became = Some("variants.options".to_owned());
                    format!("{{name: {}, value: {value}}}", cells::quoted(&self.heads[name].name))
                }
                None => format!("{}: {value}", cells::quoted(label)),
            });
            self.heads[axis.value].became = Some("variants.options".to_owned());
        }
        let parts = parts.join(", ");
        let list = if named { format!("[{parts}]") } else { format!("{{{parts}}}") };
        let _ = writeln!(self.variants, "  options: {list}");
    }

    fn pictures(&mut self, plan: &Plan) {
        let mut found = all(self.heads, "images");
        found.sort_unstable();
        let own = self.take("variant_image").filter(|_| !plan.axes.is_empty());
        // One picture a row, and not the same for all: it is the variant's.
        let single = found.first().copied().filter(|at| {
            let head = &self.heads[*at];
            self.split(&[*at], &cells::LISTS).is_empty()
                && !head.list
                && plan.groups.iter().any(|rows| differs(head, rows))
        });
        if plan.axes.is_empty() {
            found.extend(all(self.heads, "variant_image"));
        } else if let Some(at) = own.or(single) {
            self.own(plan, at, "image", "");
        }
        let names: Vec<String> =
            found.iter().map(|at| cells::quoted(&self.heads[*at].name)).collect();
        let mut changes = self.split(&found, &cells::LISTS);
        if !plan.groups.is_empty() {
            changes.push_str(", rows: all");
        }
        for at in &found {
            self.heads[*at].became = Some("images".to_owned());
        }
        let _ = match &names[..] {
            [] => Ok(()),
            [only] if changes.is_empty() => writeln!(self.columns, "  images: {only}"),
            [only] => writeln!(self.columns, "  images: {{column: {only}{changes}}}"),
            many => {
                writeln!(self.columns, "  images: {{columns: [{}]{changes}}}", many.join(", "))
            }
        };
    }

    /// Columns that nobody knows and that look like facts.
    fn facts(&mut self, plan: &Plan) {
        let mut names: HashSet<String> = HashSet::new();
        for at in 0..self.heads.len() {
            let head = &self.heads[at];
            let label = head.label.clone();
            if head.became.is_some()
                || head.is_empty()
                || head.listed
                || label.is_empty()
                || !matches!(head.field, None | Some("option"))
                || !head.said().all(|cell| cells::is_fact(cell))
                || !names.insert(label.clone())
            {
                continue;
            }
            let name = cells::quoted(&head.name);
            let how = match cells::unit(&head.heading)
                .filter(|_| head.said().all(|cell| cells::is_number(cell)))
            {
                Some(unit) => {
                    format!("{{text: {}}}", cells::quoted(&format!("{{{}}} {unit}", head.name)))
                }
                None => name,
            };
            let field = format!("facts.{label}");
            let varies = plan.groups.iter().any(|rows| differs(head, rows));
            let variant = varies && !plan.axes.is_empty();
            let part = if variant { &mut self.variants } else { &mut self.columns };
            let _ = writeln!(part, "  {}: {how}", cells::quoted(&field));
            self.heads[at].became = Some(field);
        }
    }
}

/// What became of each column.
fn notes(table: &Table, heads: &[Head], file: &str) -> Vec<Note> {
    let lines = table.lines();
    let note = |head: &Head| {
        let about = if head.heading.is_empty() { "?" } else { &head.name };
        let first = head.cells.iter().position(|cell| !cell.is_empty());
        let long = head.cells.iter().position(|cell| !cell.is_empty() && !cells::is_fact(cell));
        let (what, shown) = match (&head.became, first) {
            (Some(field), _) => {
                return Note {
                    about: about.to_owned(),
                    what: Kind::Column,
                    value: field.clone(),
                    ..Note::default()
                };
            }
            (None, None) => (Kind::ColumnEmpty, None),
            (None, _) if head.field.is_none() && long.is_some() => (Kind::ColumnNoFact, long),
            (None, first) => (Kind::ColumnLeft, first),
        };
        let value = shown.map_or(String::new(), |at| super::super::sheet::short(&head.cells[at]));
        let line = shown.and_then(|at| lines.get(at).copied()).unwrap_or_default();
        // A line would count its row as left out.
        let place = if line > 0 { format!("{file}:{line}") } else { String::new() };
        Note { about: about.to_owned(), what, value, place, ..Note::default() }
    };
    // Columns without a name and without a value are no columns.
    let real = heads.iter().filter(|head| !head.heading.is_empty() || !head.is_empty());
    real.filter(|head| head.field != Some(LEAVE) || !head.is_empty()).map(note).collect()
}
