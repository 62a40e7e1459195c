//! Rows into bytes: one small room a format. What one product gives depends on no other product.

mod csv;
mod json;
mod xlsx;
mod xml;

use encoding_rs::{GB18030, GBK};

pub(super) use xlsx::LONGEST as LONGEST_CELL;

use super::cell::{Cell, Form};
use crate::catalog::Catalog;
use crate::channel::profile::{Encoding, File, Format};
use crate::id::{Hash, Hasher};

/// The rows of one product in one file.
pub(super) enum Rows {
    /// Cells, for tables.
    Cells(Vec<Vec<String>>),
    /// One finished text a row.
    Texts(Vec<String>),
}

impl Rows {
    /// No rows yet.
    pub(super) fn new(format: Format) -> Self {
        match format {
            Format::Csv | Format::Xlsx => Self::Cells(Vec::new()),
            Format::Xml | Format::Json | Format::Jsonl => Self::Texts(Vec::new()),
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Cells(rows) => rows.len(),
            Self::Texts(rows) => rows.len(),
        }
    }

    /// Adds a row: a form and a value for each column. `check` sees each text that will be read, by its column.
    pub(super) fn add(
        &mut self,
        file: &File,
        row: Vec<(Form<'_>, Cell<'_>)>,
        mut check: impl FnMut(usize, &str),
    ) {
        match self {
            Self::Cells(rows) => {
                let mut cells = Vec::with_capacity(row.len());
                for (nth, (form, cell)) in row.into_iter().enumerate() {
                    let text = form.text(cell);
                    check(nth, &text);
                    cells.push(text);
                }
                rows.push(cells);
            }
            Self::Texts(rows) => rows.push(match file.format {
                Format::Xml => xml::item(file, row, &mut check),
                _ => json::object(row, &mut check),
            }),
        }
    }
}

/// What tells whether a product's rows are what they were.
pub(super) fn hash(files: &[Rows]) -> Hash {
    let mut hasher = Hasher::default();
    for rows in files {
        match rows {
            Rows::Cells(rows) => hasher.value(rows),
            Rows::Texts(rows) => hasher.value(rows),
        };
    }
    hasher.finish()
}

/// One file, growing.
pub(super) struct Writer<'f> {
    pub file: &'f File,
    rows: usize,
    kind: Kind,
}

enum Kind {
    Csv(Box<csv::Table>),
    Xlsx(Box<xlsx::Sheet>),
    Text { text: String, foot: String, between: &'static str },
}

impl<'f> Writer<'f> {
    /// A file with its head.
    pub(super) fn new(file: &'f File, catalog: &Catalog, lang: &str) -> Self {
        let text =
            |text: String, foot: &str, between| Kind::Text { text, foot: foot.to_owned(), between };
        let kind = match file.format {
            Format::Csv => Kind::Csv(Box::new(csv::Table::new(file))),
            Format::Xlsx => Kind::Xlsx(Box::new(xlsx::Sheet::new(file))),
            Format::Xml => {
                let (head, foot) = xml::around(file, catalog, lang);
                text(head, &foot, "\n")
            }
            Format::Json => text("[\n".to_owned(), "\n]\n", ",\n"),
            Format::Jsonl => text(String::new(), "\n", "\n"),
        };
        Self { file, rows: 0, kind }
    }

    /// Adds the rows of a product.
    pub(super) fn add(&mut self, rows: &Rows) {
        match (&mut self.kind, rows) {
            (Kind::Csv(table), Rows::Cells(rows)) => rows.iter().for_each(|row| table.row(row)),
            (Kind::Xlsx(sheet), Rows::Cells(rows)) => rows.iter().for_each(|row| sheet.row(row)),
            (Kind::Text { text, between, .. }, Rows::Texts(rows)) => {
                for (nth, row) in rows.iter().enumerate() {
                    if self.rows + nth > 0 {
                        text.push_str(between);
                    }
                    text.push_str(row);
                }
            }
            // Rows are made for the format of their file.
            _ => {}
        }
        self.rows += rows.count();
    }

    /// The file's bytes, and how many rows are in it.
    pub(super) fn finish(self) -> (Vec<u8>, usize) {
        let text = match self.kind {
            Kind::Xlsx(sheet) => return (sheet.finish(), self.rows),
            Kind::Csv(table) => table.finish(),
            Kind::Text { text, .. } if self.rows == 0 && self.file.format == Format::Jsonl => text,
            Kind::Text { mut text, foot, .. } => {
                text.push_str(&foot);
                text
            }
        };
        (encode(text, self.file.encoding), self.rows)
    }
}

/// A text in an encoding. Characters it lacks were reported cell by cell.
fn encode(text: String, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8Bom => {
            let mut bytes = Vec::with_capacity(text.len() + 3);
            bytes.extend_from_slice("\u{feff}".as_bytes());
            bytes.extend_from_slice(text.as_bytes());
            bytes
        }
        Encoding::Utf16LeBom => {
            let mut bytes = Vec::with_capacity(text.len() * 2 + 2);
            bytes.extend_from_slice(&[0xFF, 0xFE]);
            text.encode_utf16().for_each(|unit| bytes.extend_from_slice(&unit.to_le_bytes()));
            bytes
        }
        Encoding::Gbk => GBK.encode(&text).0.into_owned(),
        Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
    }
}
