//! One field's value from the rows of a product.

use super::spec::{Change, How, Piece, Take};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::table::{Column, Row, Table};
use crate::source::yaml::{Entry, Node, Value};

/// What spreadsheets write where a formula failed.
const CELL_ERRORS: [&str; 8] =
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"];

/// A table that was read, and its file.
pub struct Source {
    /// The file.
    pub file: SourcePath,
    /// What was read.
    pub table: Table,
}

/// A way to take a value whose columns were found.
pub(super) struct Reader<'s> {
    take: Found<'s>,
    change: Change,
    all_rows: bool,
    /// Several columns give names and values, as facts have them, instead of a list.
    named: bool,
}

enum Found<'s> {
    Column(Column),
    Columns(Vec<(String, Column)>),
    Text(Vec<(&'s str, Option<Column>)>),
    Value(&'s Node),
}

/// Looks up columns, and tells of those that are not there.
pub(super) struct Lookup<'a> {
    /// The row source.
    pub(super) file: &'a SourcePath,
    pub(super) source: &'a Source,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

impl Lookup<'_> {
    /// The column of a name.
    pub(super) fn column(&mut self, name: &str, at: Span) -> Option<Column> {
        let table = &self.source.table;
        let Some(column) = table.column(name) else {
            self.missing(name, at);
            return None;
        };
        self.once(name, &column);
        Some(column)
    }

    /// A way to take a value; `None` when a column is missing.
    pub(super) fn reader<'s>(&mut self, how: &'s How, named: bool) -> Option<Reader<'s>> {
        let mut take = match &how.take {
            Take::Column(name) => Found::Column(self.column(&name.value, name.at)?),
            Take::Value(node) => Found::Value(node),
            Take::Columns(names) => {
                let mut all = Vec::new();
                for name in names {
                    let found = self.source.table.matching(&name.value);
                    if found.is_empty() {
                        self.missing(&name.value, name.at);
                        return None;
                    }
                    for (_, column) in &found {
                        self.once(&name.value, column);
                    }
                    all.extend(found);
                }
                Found::Columns(all)
            }
            Take::Text(pieces) => {
                let mut found = Vec::with_capacity(pieces.len());
                for piece in pieces {
                    found.push(match piece {
                        Piece::Plain(text) => (text.as_str(), None),
                        Piece::Column(name) => ("", Some(self.column(&name.value, name.at)?)),
                    });
                }
                Found::Text(found)
            }
        };
        let mut change = how.change.clone();
        if let (Found::Columns(columns), true) = (&mut take, named && change.words) {
            for (name, _) in columns {
                *name = words(name);
            }
            change.words = false;
        }
        Some(Reader { take, change, all_rows: how.all_rows, named })
    }

    fn missing(&mut self, name: &str, at: Span) {
        let known = self.source.table.columns.iter().map(|head| head.value.as_str());
        self.faults.push(
            Diagnostic::new("rows/no-column", Place::Bytes(self.file.clone(), at))
                .with("column", name)
                .with("table", self.source.file.name())
                .near(name, known),
        );
    }

    /// A name that two columns have does not say which is meant.
    fn once(&mut self, name: &str, column: &Column) {
        let Some(second) = self.source.table.twice(column) else { return };
        let Column::Nth(first) = column else { return };
        // `name#2` says which.
        if self.source.table.columns[*first].value != name && !name.contains('*') {
            return;
        }
        let first = self.source.table.columns[*first].at;
        let place = |span| Place::Bytes(self.source.file.clone(), span);
        let fault = Diagnostic::new("rows/duplicate-column", place(second))
            .with("column", name)
            .also(place(first), "first-here");
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

impl Reader<'_> {
    /// The value, from the first row or from all of them; nothing when that is empty.
    pub(super) fn read(
        &self,
        source: &Source,
        rows: &[usize],
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Node> {
        let table = &source.table;
        let first = &table.rows[*rows.first()?];
        if !self.all_rows {
            return self.of_row(source, first, faults);
        }
        let mut items: Vec<Node> = Vec::new();
        for row in rows {
            let found = match self.of_row(source, &table.rows[*row], faults) {
                Some(Node { value: Value::List(list), .. }) => list,
                Some(node) => vec![node],
                None => continue,
            };
            for node in found {
                if !items.iter().any(|item| item.value == node.value) {
                    items.push(node);
                }
            }
        }
        let span = items.first()?.span;
        Some(Node { value: Value::List(items), span })
    }

    fn of_row(&self, source: &Source, row: &Row, faults: &mut Vec<Diagnostic>) -> Option<Node> {
        let table = &source.table;
        match &self.take {
            Found::Column(column) => self.change(source, table.get(row, column)?, faults),
            Found::Value(node) => Some(placed(node, row.at)),
            Found::Text(pieces) => {
                let mut text = String::new();
                let mut at = row.at;
                for (plain, column) in pieces {
                    text.push_str(plain);
                    if let Some(column) = column {
                        let (cell, span) = table.cell(row, column)?;
                        text.push_str(&cell);
                        at = span;
                    }
                }
                self.change(source, Node::text(text, at), faults)
            }
            Found::Columns(columns) => {
                let mut nodes = Vec::new();
                for (name, column) in columns {
                    let Some(node) = table.get(row, column) else { continue };
                    let Some(node) = self.change(source, node, faults) else { continue };
                    match node.value {
                        Value::List(list) if !self.named => {
                            nodes.extend(list.into_iter().map(|node| (String::new(), node)));
                        }
                        _ => nodes.push((name.clone(), node)),
                    }
                }
                let span = nodes.first()?.1.span;
                let value = if self.named {
                    let entry =
                        |(key, node): (String, Node)| Entry { key, key_span: node.span, node };
                    Value::Map(nodes.into_iter().map(entry).collect())
                } else {
                    Value::List(nodes.into_iter().map(|(_, node)| node).collect())
                };
                Some(Node { value, span })
            }
        }
    }

    fn change(
        &self,
        source: &Source,
        mut node: Node,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Node> {
        let text = match &mut node.value {
            Value::Scalar { text, .. } => text,
            Value::List(items) => {
                let mut changed = Vec::with_capacity(items.len());
                for item in items.drain(..) {
                    match self.change(source, item, faults) {
                        Some(Node { value: Value::List(parts), .. }) => changed.extend(parts),
                        found => changed.extend(found),
                    }
                }
                *items = changed;
                return (!items.is_empty()).then_some(node);
            }
            _ => return Some(node),
        };
        if text.starts_with('#') && CELL_ERRORS.contains(&text.as_str()) {
            let at = Place::Bytes(source.file.clone(), node.span);
            faults.push(Diagnostic::new("rows/cell-error", at).with("found", text));
            return None;
        }
        if let Some(separator) = &self.change.split {
            let parts = parts(&self.change, separator, text, node.span);
            return (!parts.is_empty())
                .then_some(Node { value: Value::List(parts), span: node.span });
        }
        *text = changed(&self.change, std::mem::take(text))?;
        Some(node)
    }
}

/// A part has a place of its own where the cell is written without quotes.
fn parts(change: &Change, separator: &str, text: &str, span: Span) -> Vec<Node> {
    let exact = (span.end - span.start) as usize == text.len();
    let mut parts = Vec::new();
    let mut from = 0;
    for part in text.split(separator) {
        let inner = part.trim();
        let start = from + (part.len() - part.trim_start().len());
        from += part.len() + separator.len();
        let own = Span::new(start, start + inner.len()).shift(span.start as usize);
        let text = changed(change, inner.to_owned());
        parts.extend(text.map(|text| Node::text(text, if exact { own } else { span })));
    }
    parts
}

fn changed(change: &Change, mut text: String) -> Option<String> {
    if !change.remove.is_empty() {
        text.retain(|c| !change.remove.contains(c));
    }
    if text.trim().len() < text.len() {
        text = String::from(text.trim());
    }
    if let Some((_, other)) = change.map.iter().find(|(from, _)| *from == text) {
        text.clone_from(other);
    }
    if change.words {
        text = words(&text);
    }
    if change.basename {
        let path = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let name = path.rsplit(['/', '\\']).next();
        text = name.map(str::to_owned).unwrap_or_default();
    }
    if text.is_empty() {
        return None;
    }
    Some(match &change.folder {
        Some(folder) => format!("{folder}/{text}"),
        None => text,
    })
}

/// `noise_level` and `noise-level` become `Noise level`.
fn words(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut text = String::with_capacity(spaced.len());
    for (nth, word) in spaced.split_whitespace().enumerate() {
        if nth > 0 {
            text.push(' ');
            text.push_str(word);
        } else {
            let mut letters = word.chars();
            text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            text.push_str(letters.as_str());
        }
    }
    text
}

/// The same value, standing for a place in the table.
fn placed(node: &Node, at: Span) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|item| placed(item, at)).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| Entry {
                    key: entry.key.clone(),
                    key_span: at,
                    node: placed(&entry.node, at),
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Node { value, span: at }
}
