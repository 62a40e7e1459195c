//! A table as other programs write it, by the names of its columns. What the reader of tables had to forgive is noted.

use super::{Kind, Note};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;
use crate::source::table::{self, Column, Options, Table, head_form};

/// A table by the names of its columns.
pub(super) struct Sheet {
    heads: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
    /// What the reader noticed: lines above the header, heads that come again, cells too many.
    pub notes: Vec<Note>,
    /// Rows below the header, those that only repeat it among them.
    pub count: usize,
}

/// One row.
pub(super) struct Row<'s> {
    heads: &'s [String],
    cells: &'s [String],
    /// Its line in the file, from 1.
    pub line: usize,
}

/// Reads a table; the row with most of the known names is its header.
pub(super) fn read(bytes: &[u8], known: &[&str]) -> Result<Sheet, &'static str> {
    // A workbook is an archive, everything else is text.
    let name = if bytes.starts_with(b"PK\x03\x04") { "table.xlsx" } else { "table.csv" };
    let file = SourcePath::new(name);
    let heads = known.iter().map(|name| head_form(name)).collect();
    let mut faults = Vec::new();
    let table =
        table::read(&file, bytes.to_vec(), &Options { heads, ..Options::default() }, &mut faults);
    let table = table.ok_or("@not-a-table")?;
    let plain =
        |name: &str| name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
    let heads: Vec<String> = table.columns.iter().map(|head| plain(&head.value)).collect();
    if heads.iter().filter(|head| !head.is_empty()).count() < 2 {
        return Err("@not-a-table");
    }
    let mut notes = above(&table);
    notes.extend(forgiven(&table, &faults));
    let mut rows = Vec::with_capacity(table.rows.len());
    for (row, line) in table.rows.iter().zip(table.lines()) {
        let cell = |nth| table.cell(row, &Column::Nth(nth));
        let cells: Vec<String> = (0..heads.len())
            .map(|nth| cell(nth).map_or_else(String::new, |(text, _)| clean(&text)))
            .collect();
        let again = cells.iter().zip(&heads).filter(|(cell, head)| cell == head);
        if again.filter(|(cell, _)| !cell.is_empty()).count() > 1 {
            notes.push(note(line, Kind::Heading, &cells[0]));
        } else {
            rows.push((line, cells));
        }
    }
    Ok(Sheet { heads, rows, notes, count: table.rows.len() })
}

/// The lines above the columns' names.
pub(super) fn above(table: &Table) -> Vec<Note> {
    table.above().into_iter().map(|(line, text)| note(line, Kind::Above, text)).collect()
}

/// What the reader of a table had to forgive.
pub(super) fn forgiven(table: &Table, faults: &[Diagnostic]) -> Vec<Note> {
    let mut notes = Vec::new();
    for fault in faults {
        let Place::Bytes(_, at) = &fault.at else { continue };
        let (what, value) = match &*fault.code {
            "rows/quote" => (Kind::OpenQuote, None),
            "rows/quote-inside" => (Kind::QuoteInside, fault.arg("found")),
            "rows/extra-cells" => (Kind::ExtraCells, fault.arg("cells")),
            "rows/cell-error" => (Kind::CellError, fault.arg("found")),
            "rows/unmatched" => (Kind::Stray, fault.arg("found")),
            _ => continue,
        };
        notes.push(note(table.line(*at), what, value.unwrap_or_default()));
    }
    notes
}

/// Something about a row.
pub(super) fn note(line: usize, what: Kind, value: &str) -> Note {
    Note { line, what, value: short(value), ..Note::default() }
}

/// A cell's text without signs that no text has.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect()
}

/// The beginning of a text.
pub(super) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

impl Sheet {
    /// Whether there is a column of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.heads.iter().any(|head| head.eq_ignore_ascii_case(name))
    }

    /// The rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let heads = &self.heads;
        self.rows.iter().map(move |(line, cells)| Row { heads, cells, line: *line })
    }
}

impl<'s> Row<'s> {
    /// The cell of the first of these columns that there is.
    pub(super) fn get(&self, names: &[&str]) -> &'s str {
        names
            .iter()
            .find_map(|name| self.heads.iter().position(|head| head.eq_ignore_ascii_case(name)))
            .and_then(|at| self.cells.get(at))
            .map_or("", String::as_str)
    }

    /// What stands in it, for a note.
    pub(super) fn words(&self) -> String {
        let some = self.cells.iter().filter(|cell| !cell.is_empty()).map(String::as_str);
        short(&some.take(4).collect::<Vec<_>>().join(" | "))
    }
}
