//! Tables as people keep them (csv, tsv, json, xlsx, xls), with the place of every cell. Knows no product.
//!
//! Whatever the file is, there is one text that places point into: [`text`] gives it, [`read`] reads it.

mod delimited;
mod encoding;
mod json;
mod workbook;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::fields::At;
use crate::source::yaml::{Node, Value};

/// More cells than this are refused: the places alone would take a quarter of a gigabyte.
const MAX_CELLS: usize = 32 << 20;

/// Endings of files that can be read as tables.
pub const ENDINGS: [&str; 7] = ["csv", "tsv", "txt", "json", "xlsx", "xlsm", "xls"];

/// A header further down than this is not looked for.
const MAX_PREAMBLE: usize = 30;

/// How a table lies in its file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    /// The sheet of a workbook; the first when not said.
    pub sheet: Option<String>,
    /// The row with the columns' names, from 1; the first that is not empty when not said.
    pub header: Option<usize>,
    /// Where the list of a json file is, its keys joined by dots.
    pub items: Option<String>,
    /// Names that columns may have, each as [`head_form`] gives it: the header is the row with most of them.
    pub heads: Vec<String>,
}

/// A column's name as names are compared: small letters, no blanks, strokes or stars, no remark in brackets.
pub fn head_form(name: &str) -> String {
    let mut parts = name.split(['(', '（', '[', '【']);
    let plain = parts.next().filter(|plain| !plain.trim_matches(['*', ' ']).is_empty());
    // A remark may stand in front.
    let behind = || parts.next()?.split([')', '）', ']', '】']).nth(1);
    let plain = plain.or_else(behind).unwrap_or(name);
    let word = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-' | '*');
    plain.chars().filter(word).flat_map(char::to_lowercase).collect()
}

impl Options {
    /// Of the first rows the one that most looks like a header: how many names it has, and its number from 1.
    fn find_header<'t>(
        &self,
        rows: impl Iterator<Item = (usize, Vec<&'t str>)>,
    ) -> Option<(usize, usize)> {
        let known = |cells: Vec<&str>| {
            let plain = |cell: &str| head_form(cell.trim().trim_matches(['"', '\u{feff}']));
            cells.into_iter().filter(|cell| self.heads.contains(&plain(cell))).count()
        };
        let mut best = None;
        for (number, cells) in rows.take(MAX_PREAMBLE) {
            let many = known(cells);
            if many > best.map_or(0, |(many, _)| many) {
                best = Some((many, number));
            }
        }
        best
    }
}

/// Rows under named columns.
pub struct Table {
    /// The columns' names and where they stand; of json: the paths of all values, joined by dots.
    pub columns: Vec<At<String>>,
    /// The rows that are not empty.
    pub rows: Vec<Row>,
    /// The row of the columns' names, from 1, as [`Options::header`] counts; 0 of json.
    pub header: usize,
    text: Arc<str>,
    cells: Vec<Span>,
    /// Values that their place's text does not give: cells of a workbook with line breaks or tabs.
    apart: HashMap<u32, String>,
}

/// One row, or one item of a json list.
pub struct Row {
    /// Where its first value stands.
    pub at: Span,
    data: Data,
}

enum Data {
    /// Positions in the table's cells.
    Cells(usize, usize),
    Item(Node),
}

/// A column that was found to be there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Column {
    /// By position.
    Nth(usize),
    /// By path in a json item.
    Path(String),
}

/// Reads a table; `None` when there is none to be read. Faults of single rows do not stop it.
pub fn read(
    file: &SourcePath,
    bytes: Vec<u8>,
    options: &Options,
    faults: &mut Vec<Diagnostic>,
) -> Option<Table> {
    let read = match file.extension().as_str() {
        "json" => encoding::decode(file, bytes).and_then(|text| items(file, text, options)),
        "xlsx" | "xlsm" | "xls" if !is_text(&bytes) => workbook::read(file, bytes, options),
        // Many programs write tab-separated lines and call the file a workbook.
        "xls" if !is_html(&bytes) => encoding::decode(file, bytes)
            .and_then(|text| delimited::read(file, text, options, faults)),
        "xls" => Err(workbook::not_a_table(file, "@web-page")),
        "xlsx" | "xlsm" => workbook::read(file, bytes, options),
        "csv" | "tsv" | "txt" => encoding::decode(file, bytes)
            .and_then(|text| delimited::read(file, text, options, faults)),
        other => Err(unknown(file, other)),
    };
    read.map_err(|fault| faults.push(fault)).ok()
}

/// The text that places in a table point into: of a workbook, each row's cells with tabs between them,
/// so that line 12 is row 12; the sheets' rows stand beside each other.
pub fn text(file: &SourcePath, bytes: Vec<u8>) -> Result<Arc<str>, Diagnostic> {
    match file.extension().as_str() {
        "xlsx" | "xlsm" => workbook::text(file, bytes),
        "xls" if !is_text(&bytes) => workbook::text(file, bytes),
        _ => encoding::decode(file, bytes),
    }
}

impl Table {
    /// The column of a name or json path; `name#2` is the second column of that name.
    pub fn column(&self, name: &str) -> Option<Column> {
        if !self.is_json() {
            let named = |name: &str, nth: usize| {
                let same = self.columns.iter().enumerate().filter(|(_, head)| head.value == name);
                same.map(|(at, _)| Column::Nth(at)).nth(nth)
            };
            return named(name, 0).or_else(|| {
                let (name, nth) = name.rsplit_once('#')?;
                named(name, nth.parse::<usize>().ok()?.checked_sub(1)?)
            });
        }
        let parts: Vec<&str> =
            name.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
        let plain = parts.join(".");
        let inside = |path: &str| {
            let rest = path.strip_prefix(&plain);
            path == name || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let found = self.columns.iter().any(|head| inside(&head.value));
        found.then(|| Column::Path(name.to_owned()))
    }

    /// The columns a pattern with one `*` fits, each with what the `*` stands for.
    pub fn matching(&self, pattern: &str) -> Vec<(String, Column)> {
        let Some((before, after)) = pattern.split_once('*') else {
            return self
                .column(pattern)
                .map(|found| (pattern.to_owned(), found))
                .into_iter()
                .collect();
        };
        let part = |name: &str| {
            let part = name.strip_prefix(before)?.strip_suffix(after)?;
            (!part.is_empty()).then(|| part.to_owned())
        };
        let fitting = self.columns.iter().filter_map(|head| Some((part(&head.value)?, head)));
        fitting.filter_map(|(part, head)| Some((part, self.column(&head.value)?))).collect()
    }

    /// A column's name.
    pub fn head<'t>(&'t self, column: &'t Column) -> &'t str {
        match column {
            Column::Nth(nth) => &self.columns[*nth].value,
            Column::Path(path) => path,
        }
    }

    /// A second column of the same name.
    pub fn twice(&self, column: &Column) -> Option<Span> {
        let Column::Nth(first) = column else { return None };
        let name = &self.columns[*first].value;
        self.columns[first + 1..].iter().find(|head| head.value == *name).map(|head| head.at)
    }

    /// What a row has in a column; nothing when that is empty.
    pub fn get(&self, row: &Row, column: &Column) -> Option<Node> {
        match (&row.data, column) {
            (Data::Cells(..), Column::Nth(_)) => {
                let (text, at) = self.cell(row, column)?;
                Some(Node::text(text, at))
            }
            (Data::Item(item), Column::Path(path)) => {
                within(item, path).map(Cow::into_owned).filter(|node| !is_empty(node))
            }
            _ => None,
        }
    }

    /// What a row has in a column as one text; a list's texts are joined by commas.
    pub fn cell(&self, row: &Row, column: &Column) -> Option<(Cow<'_, str>, Span)> {
        match (&row.data, column) {
            (Data::Cells(from, to), Column::Nth(nth)) => {
                let span = *self.cells[*from..*to].get(*nth)?;
                let (text, span) = match self.value(span) {
                    Cow::Borrowed(text) => trimmed(text, span),
                    Cow::Owned(text) => (Cow::Owned(text.trim().to_owned()), span),
                };
                (!text.is_empty()).then_some((text, span))
            }
            (Data::Item(item), Column::Path(path)) => {
                let node = within(item, path)?;
                let text = joined(&node);
                (!text.is_empty()).then_some((Cow::Owned(text), node.span))
            }
            _ => None,
        }
    }

    /// The line that a place of the table stands in, from 1, whichever way lines end.
    pub fn line(&self, at: Span) -> usize {
        let above = &self.text.as_bytes()[..at.start as usize];
        1 + lines(above)
    }

    /// The line of each row, from 1.
    pub fn lines(&self) -> Vec<usize> {
        let (mut at, mut line) = (0, 1);
        let mut next = |row: &Row| {
            let start = row.at.start as usize;
            line += self.text.as_bytes().get(at..start).map_or(0, lines);
            at = at.max(start);
            line
        };
        self.rows.iter().map(&mut next).collect()
    }

    /// The lines above the columns' names that are not empty, with their numbers.
    pub fn above(&self) -> Vec<(usize, &str)> {
        let first = self.columns.iter().map(|column| column.at.start as usize).min().unwrap_or(0);
        // The first name may stand behind a quote.
        let start = self.text[..first].rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let lines =
            self.text[..start].lines().enumerate().map(|(nth, line)| (nth + 1, line.trim()));
        lines.filter(|(_, line)| line.chars().any(char::is_alphanumeric)).collect()
    }

    fn is_json(&self) -> bool {
        self.rows.first().is_none_or(|row| matches!(row.data, Data::Item(_)))
    }

    /// A cell's value: its text without the quotes' own marks.
    fn value(&self, span: Span) -> Cow<'_, str> {
        if let Some(text) = self.apart.get(&span.start) {
            return Cow::Borrowed(text);
        }
        let text = &self.text[span.start as usize..span.end as usize];
        let quoted = span.start > 0 && self.text.as_bytes()[span.start as usize - 1] == b'"';
        if quoted && text.contains("\"\"") {
            return Cow::Owned(text.replace("\"\"", "\""));
        }
        Cow::Borrowed(text)
    }
}

/// How many lines end in some bytes.
fn lines(bytes: &[u8]) -> usize {
    let ends = |(nth, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(nth + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|pair| ends(*pair)).count()
}

/// A json file's items as a table.
fn items(file: &SourcePath, text: Arc<str>, options: &Options) -> Result<Table, Diagnostic> {
    let root = json::parse(file, &text)?;
    let top = head(root.span);
    let lists: Vec<String> = match &root.value {
        Value::Map(entries) => {
            let lists = entries.iter().filter(|entry| matches!(entry.node.value, Value::List(_)));
            lists.map(|entry| entry.key.clone()).collect()
        }
        _ => Vec::new(),
    };
    let list = match &options.items {
        Some(path) => within(&root, path).map(Cow::into_owned),
        None => Some(root),
    };
    let Some(Value::List(found)) = list.map(|node| node.value) else {
        let fault = Diagnostic::new("rows/no-list", Place::Bytes(file.clone(), top));
        return Err(match lists.first() {
            Some(name) => fault.with("near", name),
            None => fault,
        });
    };
    let mut columns = Columns { seen: HashSet::new(), found: Vec::new(), path: String::new() };
    let mut rows = Vec::with_capacity(found.len());
    for item in found {
        if is_empty(&item) {
            continue;
        }
        columns.add(&item);
        rows.push(Row { at: head(item.span), data: Data::Item(item) });
    }
    let columns = columns.found;
    Ok(Table { columns, rows, header: 0, text, cells: Vec::new(), apart: HashMap::new() })
}

/// Gathers the paths of all values.
struct Columns {
    seen: HashSet<String>,
    found: Vec<At<String>>,
    path: String,
}

impl Columns {
    fn add(&mut self, node: &Node) {
        match &node.value {
            Value::Map(entries) => {
                for entry in entries {
                    let length = self.path.len();
                    if length > 0 {
                        self.path.push('.');
                    }
                    self.path.push_str(&entry.key);
                    let leaf = !matches!(entry.node.value, Value::Map(_) | Value::List(_));
                    if leaf && !self.seen.contains(&self.path) {
                        self.seen.insert(self.path.clone());
                        self.found.push(At::new(self.path.clone(), entry.key_span));
                    }
                    self.add(&entry.node);
                    self.path.truncate(length);
                }
            }
            Value::List(list) => {
                if !self.path.is_empty() && !self.seen.contains(&self.path) {
                    self.seen.insert(self.path.clone());
                    self.found.push(At::new(self.path.clone(), node.span));
                }
                for item in list {
                    self.add(item);
                }
            }
            _ => {}
        }
    }
}

/// What stands at a path. A key may have dots of its own; a number picks from a list,
/// and any other name is looked up in each of a list's items.
fn within<'n>(node: &'n Node, path: &str) -> Option<Cow<'n, Node>> {
    if let Value::List(items) = &node.value {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Ok(nth) = first.parse::<usize>() {
            let item = items.get(nth)?;
            return if rest.is_empty() { Some(Cow::Borrowed(item)) } else { within(item, rest) };
        }
        let found: Vec<Node> =
            items.iter().filter_map(|item| within(item, path)).map(Cow::into_owned).collect();
        return Some(Cow::Owned(Node { value: Value::List(found), span: node.span }));
    }
    if let Some(found) = node.get(path) {
        return Some(Cow::Borrowed(found));
    }
    path.match_indices('.').find_map(|(at, _)| within(node.get(&path[..at])?, &path[at + 1..]))
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Scalar { text, .. } => text.trim().is_empty(),
        Value::List(items) => items.iter().all(is_empty),
        Value::Map(entries) => entries.iter().all(|entry| is_empty(&entry.node)),
    }
}

fn joined(node: &Node) -> String {
    match &node.value {
        Value::Scalar { text, .. } => text.trim().to_owned(),
        Value::List(items) => {
            let texts: Vec<String> =
                items.iter().map(joined).filter(|text| !text.is_empty()).collect();
            texts.join(", ")
        }
        _ => String::new(),
    }
}

/// A text without the blanks around it, and its place without them, if that holds just the text.
fn trimmed(text: &str, span: Span) -> (Cow<'_, str>, Span) {
    let inner = text.trim();
    if inner.len() == text.len() || (span.end - span.start) as usize != text.len() {
        return (Cow::Borrowed(inner), span);
    }
    let before = text.len() - text.trim_start().len();
    let start = span.start as usize + before;
    (Cow::Borrowed(inner), Span::new(start, start + inner.len()))
}

/// The first byte of something long.
fn head(span: Span) -> Span {
    Span { start: span.start, end: span.end.min(span.start + 1) }
}

/// Neither a zip nor an old compound file: text, whatever its name says.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.starts_with(b"PK") && !bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

fn is_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(2048)];
    let head = String::from_utf8_lossy(head).to_lowercase();
    head.contains("<html") || head.contains("<table")
}

fn unknown(file: &SourcePath, ending: &str) -> Diagnostic {
    Diagnostic::new("rows/format", Place::File(file.clone()))
        .with("found", ending)
        .with("choices", "csv, tsv, json, xlsx, xls")
        .near(ending, ENDINGS)
}

fn too_large(file: &SourcePath, limit: &'static str) -> Diagnostic {
    Diagnostic::new("rows/too-large", Place::File(file.clone())).with("limit", limit)
}
