//! Workbooks (xlsx, and the old xls): cells as a person sees them. The only room that knows the library that reads them.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data as Cell, DataRef, Dimensions, ExcelDateTime, Reader, Xls, Xlsx, XlsxError};

use super::{Data, MAX_CELLS, Options, Row, Table, too_large};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::fields::At;

/// A larger workbook is refused before anything is unpacked, so that a small file cannot fill the memory.
const MAX_UNPACKED: u64 = 512 << 20;
const MAX_TEXT: usize = 512 << 20;
/// Excel's own limits are 1,048,576 rows and 16,384 columns.
const MAX_ROWS: u32 = 1_000_000;
const MAX_COLUMNS: u32 = 16_384;

type Book = Xlsx<Cursor<Vec<u8>>>;

/// A sheet's cells that are not empty, by row and column.
type Cells = Vec<(u32, u32, String)>;

/// Reads one sheet.
pub(super) fn read(
    file: &SourcePath,
    bytes: Vec<u8>,
    options: &Options,
) -> Result<Table, Diagnostic> {
    let book = load(file, bytes)?;
    let wanted = match &options.sheet {
        None => 0,
        Some(name) => book.names.iter().position(|other| other == name).ok_or_else(|| {
            Diagnostic::new("rows/no-sheet", Place::File(file.clone()))
                .with("sheet", name)
                .with("choices", book.names.join(", "))
                .near(name, book.names.iter().map(String::as_str))
        })?,
    };
    let mut page = Page::write(file, &book.sheets, wanted)?;
    if let Some(merged) = book.merged.get(wanted) {
        page.fill_merged(merged);
    }
    page.table(file, options)
}

/// All sheets as lines.
pub(super) fn text(file: &SourcePath, bytes: Vec<u8>) -> Result<Arc<str>, Diagnostic> {
    let book = load(file, bytes)?;
    Page::write(file, &book.sheets, 0).map(|page| Arc::from(page.text))
}

/// Everything we want of a workbook, by sheet.
struct Loaded {
    names: Vec<String>,
    sheets: Vec<Cells>,
    merged: Vec<Vec<Dimensions>>,
}

fn load(file: &SourcePath, bytes: Vec<u8>) -> Result<Loaded, Diagnostic> {
    // The library counts on cell names being sound (calamine 0.38: `r="A"` overflows in a debug build).
    let loaded = std::panic::catch_unwind(|| {
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return load_old(file, bytes);
        }
        let mut book = open(file, bytes)?;
        let names = book.sheet_names();
        let sheets = sheets(file, &mut book)?;
        let merged = names
            .iter()
            .map(|name| book.merge_cells_by_sheet_name(name).unwrap_or_default())
            .collect();
        Ok(Loaded { names, sheets, merged })
    });
    loaded.unwrap_or_else(|_| Err(not_a_table(file, "@corrupt")))
}

/// An xls file. A workbook with a password is a file of the same kind.
fn load_old(file: &SourcePath, bytes: Vec<u8>) -> Result<Loaded, Diagnostic> {
    let mut book =
        Xls::new(Cursor::new(bytes)).map_err(|_| not_a_table(file, "@locked-workbook"))?;
    let names = book.sheet_names();
    let mut sheets = Vec::with_capacity(names.len());
    for name in &names {
        let mut cells = Cells::new();
        if let Ok(range) = book.worksheet_range(name) {
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let text = shown_old(value);
                if !text.trim().is_empty() {
                    cells.push((top + row as u32, left + column as u32, text));
                }
            }
        }
        sheets.push(cells);
    }
    if sheets.iter().all(Vec::is_empty) {
        return Err(not_a_table(file, "@locked-workbook"));
    }
    Ok(Loaded { names, sheets, merged: Vec::new() })
}

fn open(file: &SourcePath, bytes: Vec<u8>) -> Result<Book, Diagnostic> {
    match unpacked_size(&bytes) {
        None => return Err(not_a_table(file, "@not-a-workbook")),
        Some(size) if size > MAX_UNPACKED => return Err(too_large(file, "@too-much-unpacked")),
        Some(_) => {}
    }
    Book::new(Cursor::new(bytes)).map_err(|error| broken(file, &error))
}

pub(super) fn not_a_table(file: &SourcePath, reason: &'static str) -> Diagnostic {
    Diagnostic::new("rows/not-a-table", Place::File(file.clone())).with("reason", reason)
}

fn broken(file: &SourcePath, error: &XlsxError) -> Diagnostic {
    let reason = match error {
        XlsxError::Password => "@locked-workbook",
        XlsxError::Zip(_) | XlsxError::FileNotFound(_) => "@not-a-workbook",
        _ => "@corrupt",
    };
    not_a_table(file, reason)
}

/// The sizes that a zip's own table of contents states, together; `None` when it has none
/// (PKWARE APPNOTE 4.3.12 and 4.3.16).
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize, width: usize| -> Option<u64> {
        let part = bytes.get(at..at.checked_add(width)?)?;
        Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let tail = bytes.len().saturating_sub(65_557);
    let end = tail + bytes[tail..].windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let count = number(end + 10, 2)?;
    let mut at = usize::try_from(number(end + 16, 4)?).ok()?;
    let mut sum: u64 = 0;
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        // A size that does not fit here stands elsewhere, and is too large for us anyway.
        sum = sum.saturating_add(number(at + 24, 4)?);
        let names = number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
        at += 46 + names as usize;
    }
    Some(sum)
}

fn sheets(file: &SourcePath, book: &mut Book) -> Result<Vec<Cells>, Diagnostic> {
    let mut budget = MAX_CELLS;
    let mut all = Vec::new();
    for name in book.sheet_names() {
        let mut cells = Cells::new();
        let mut reader = match book.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A chart has a sheet of its own, without cells.
            Err(XlsxError::NotAWorksheet(_)) => {
                all.push(cells);
                continue;
            }
            Err(error) => return Err(broken(file, &error)),
        };
        while let Some(cell) = reader.next_cell().map_err(|error| broken(file, &error))? {
            let (row, column) = cell.get_position();
            let text = shown(cell.get_value());
            if text.trim().is_empty() {
                continue;
            }
            if row >= MAX_ROWS || column >= MAX_COLUMNS {
                return Err(too_large(file, "@too-many-rows"));
            }
            budget = budget.checked_sub(1).ok_or_else(|| too_large(file, "@too-many-cells"))?;
            cells.push((row, column, text));
        }
        cells.sort_by_key(|(row, column, _)| (*row, *column));
        cells.dedup_by_key(|(row, column, _)| (*row, *column));
        all.push(cells);
    }
    Ok(all)
}

/// The sheets' rows as lines, and where the wanted sheet's cells are in them.
struct Page {
    text: String,
    cells: Vec<Span>,
    /// Sheet row, first cell, last cell and one.
    rows: Vec<(u32, usize, usize)>,
    apart: HashMap<u32, String>,
}

impl Page {
    fn write(file: &SourcePath, sheets: &[Cells], wanted: usize) -> Result<Self, Diagnostic> {
        let mut page = Page {
            text: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            apart: HashMap::new(),
        };
        let last = sheets.iter().filter_map(|cells| cells.last()).map(|(row, ..)| *row).max();
        let mut next = vec![0; sheets.len()];
        for row in 0..last.map_or(0, |last| last + 1) {
            let line = page.text.len();
            for (nth, cells) in sheets.iter().enumerate() {
                let from = next[nth];
                let count = cells[from..].iter().take_while(|(other, ..)| *other == row).count();
                next[nth] += count;
                if count == 0 {
                    continue;
                }
                if page.text.len() > line {
                    page.text.push('\t');
                }
                page.row(row, &cells[from..from + count], nth == wanted);
                if page.text.len() > MAX_TEXT || page.cells.len() > MAX_CELLS {
                    return Err(too_large(file, "@too-many-cells"));
                }
            }
            page.text.push('\n');
        }
        Ok(page)
    }

    fn row(&mut self, row: u32, cells: &[(u32, u32, String)], wanted: bool) {
        let from = self.cells.len();
        let mut column = 0;
        for (_, at, value) in cells {
            while column < *at {
                if wanted {
                    self.cells.push(Span::new(self.text.len(), self.text.len()));
                }
                self.text.push('\t');
                column += 1;
            }
            let start = self.text.len();
            let broken = value.contains(['\n', '\r', '\t']);
            if broken {
                self.text.push_str(&value.replace(['\n', '\r', '\t'], " "));
            } else {
                self.text.push_str(value);
            }
            if wanted {
                self.cells.push(Span::new(start, self.text.len()));
                if broken {
                    self.apart.insert(start as u32, value.clone());
                }
            }
            column = at + 1;
            if cells.last().is_some_and(|(_, last, _)| last > at) {
                self.text.push('\t');
            }
        }
        if wanted {
            self.rows.push((row, from, self.cells.len()));
        }
    }

    /// Cells merged downwards hold for each of their rows, as a person reads them.
    fn fill_merged(&mut self, regions: &[Dimensions]) {
        let mut budget = MAX_CELLS;
        let mut fills: HashMap<usize, Vec<(usize, Span)>> = HashMap::new();
        for region in regions {
            let column = region.start.1 as usize;
            let nth = self.rows.partition_point(|(row, ..)| *row < region.start.0);
            let Some((first, from, to)) = self.rows.get(nth) else { continue };
            let Some(span) = self.cells[*from..*to].get(column).copied() else { continue };
            if *first != region.start.0 || span.start == span.end {
                continue;
            }
            let below = self.rows[nth + 1..].iter().take_while(|(row, ..)| *row <= region.end.0);
            for (below, _) in (nth + 1..).zip(below) {
                if budget == 0 {
                    return;
                }
                budget -= 1;
                fills.entry(below).or_default().push((column, span));
            }
        }
        if fills.is_empty() {
            return;
        }
        let mut cells = Vec::with_capacity(self.cells.len());
        for (nth, (_, from, to)) in self.rows.iter_mut().enumerate() {
            let start = cells.len();
            cells.extend_from_slice(&self.cells[*from..*to]);
            for (column, span) in fills.remove(&nth).unwrap_or_default() {
                while cells.len() <= start + column {
                    cells.push(Span { start: span.end, end: span.end });
                }
                cells[start + column] = span;
            }
            (*from, *to) = (start, cells.len());
        }
        self.cells = cells;
    }

    fn table(self, file: &SourcePath, options: &Options) -> Result<Table, Diagnostic> {
        let texts = |from: usize, to: usize| -> Vec<&str> {
            let spans = self.cells[from..to].iter();
            spans.map(|span| &self.text[span.start as usize..span.end as usize]).collect()
        };
        let numbered =
            self.rows.iter().map(|(row, from, to)| (*row as usize + 1, texts(*from, *to)));
        let wanted =
            options.header.or_else(|| options.find_header(numbered).map(|(_, number)| number));
        let wanted = wanted.map_or(0, |row| row.saturating_sub(1)) as u32;
        let above = self.rows.iter().take_while(|(row, ..)| *row < wanted).last();
        let above = above.map_or(&[][..], |(_, from, to)| &self.cells[*from..*to]);
        let above = if options.heads.is_empty() { &[] } else { above };
        let mut rows = self.rows.iter().skip_while(|(row, ..)| *row < wanted);
        let Some((header, from, to)) = rows.next() else {
            return Err(Diagnostic::new("rows/empty", Place::File(file.clone())));
        };
        let heading = |span: &Span| {
            let written = &self.text[span.start as usize..span.end as usize];
            At::new(
                self.apart.get(&span.start).map_or(written, String::as_str).trim().to_owned(),
                *span,
            )
        };
        let names =
            self.cells[*from..*to].iter().enumerate().map(|(nth, span)| match above.get(nth) {
                // Two rows of names: what the lower one leaves empty, the upper one says.
                Some(above) if span.start == span.end => heading(above),
                _ => heading(span),
            });
        let columns: Vec<At<String>> = names.collect();
        let rows = rows
            .filter_map(|(_, from, to)| {
                // What stands beside the table is a remark, not a row of it.
                let to = (*to).min(from + columns.len());
                let first = self.cells[*from..to].iter().find(|span| span.end > span.start)?;
                Some(Row { at: *first, data: Data::Cells(*from, to) })
            })
            .collect();
        let (text, header) = (Arc::from(self.text), *header as usize + 1);
        Ok(Table { columns, rows, header, text, cells: self.cells, apart: self.apart })
    }
}

fn shown_old(value: &Cell) -> String {
    match value {
        Cell::Empty => String::new(),
        Cell::String(text) | Cell::DateTimeIso(text) | Cell::DurationIso(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => decimal(*number),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Error(error) => error.to_string(),
        Cell::DateTime(time) => shown(&DataRef::DateTime(*time)),
    }
}

/// A value as a person sees it in the sheet.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(time) if time.is_duration() => decimal(time.as_f64()),
        DataRef::DateTime(time) => date(*time),
    }
}

/// Fifteen digits, as many as a sheet keeps: 0.1 + 0.2 is 0.3, a barcode has no exponent.
fn decimal(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn date(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let clock = if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    };
    match time.as_f64() {
        value if value < 1.0 => clock,
        value if value.fract() == 0.0 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {clock}"),
    }
}
