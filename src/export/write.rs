//! Rows into bytes: one small room a format. What one product gives depends on no other product.

mod csv;
mod json;
mod xlsx;
mod xml;

use encoding_rs::{GB18030, GBK};

pub(super) use xlsx::LONGEST as LONGEST_CELL;
pub use xlsx::Sheet;

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

/// What some products give in one file, growing.
pub(super) struct Part<'f> {
    file: &'f File,
    rows: usize,
    kind: Kind,
}

enum Kind {
    Csv(Box<csv::Table>),
    Text(String),
}

impl<'f> Part<'f> {
    /// Nothing yet.
    pub(super) fn new(file: &'f File) -> Self {
        let kind = match file.format {
            Format::Csv | Format::Xlsx => Kind::Csv(Box::new(csv::Table::new(file))),
            Format::Xml | Format::Json | Format::Jsonl => Kind::Text(String::new()),
        };
        Self { file, rows: 0, kind }
    }

    /// Adds the rows of a product.
    pub(super) fn add(&mut self, rows: &Rows) {
        match (&mut self.kind, rows) {
            (Kind::Csv(table), Rows::Cells(rows)) => rows.iter().for_each(|row| table.row(row)),
            (Kind::Text(text), Rows::Texts(rows)) => {
                for row in rows {
                    if !text.is_empty() {
                        text.push_str(between(self.file));
                    }
                    text.push_str(row);
                }
            }
            // Rows are made for the format of their file.
            _ => {}
        }
        self.rows += rows.count();
    }

    /// How many rows, and their bytes in the file's encoding.
    pub(super) fn finish(self) -> (usize, Vec<u8>) {
        let text = match self.kind {
            Kind::Csv(table) => table.finish(),
            Kind::Text(text) => text,
        };
        (self.rows, encode(text, self.file.encoding))
    }
}

/// What stands around the rows of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Around {
    /// Before the first row.
    pub head: Vec<u8>,
    /// Between the rows of one lot and those of the next.
    pub between: Vec<u8>,
    /// Behind the last row.
    pub foot: Vec<u8>,
}

/// What stands around the rows of a file; a workbook is put together in its own way.
pub fn around(file: &File, catalog: &Catalog, lang: &str) -> Around {
    let (head, foot) = match file.format {
        Format::Csv => (csv::head(file), String::new()),
        Format::Xlsx => (String::new(), String::new()),
        Format::Xml => xml::around(file, catalog, lang),
        Format::Json => ("[\n".to_owned(), "\n]\n".to_owned()),
        Format::Jsonl => (String::new(), "\n".to_owned()),
    };
    let mut first = match file.encoding {
        Encoding::Utf8Bom => "\u{feff}".as_bytes().to_vec(),
        Encoding::Utf16LeBom => vec![0xFF, 0xFE],
        Encoding::Utf8 | Encoding::Gbk | Encoding::Gb18030 => Vec::new(),
    };
    first.extend(encode(head, file.encoding));
    let between = encode(between(file).to_owned(), file.encoding);
    Around { head: first, between, foot: encode(foot, file.encoding) }
}

/// What stands between two rows, where they do not end by themselves.
fn between(file: &File) -> &'static str {
    match file.format {
        Format::Csv | Format::Xlsx => "",
        Format::Xml | Format::Jsonl => "\n",
        Format::Json => ",\n",
    }
}

/// A text in an encoding, without the mark that a file begins with. Characters it lacks were reported cell by cell.
fn encode(text: String, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => text.into_bytes(),
        Encoding::Utf16LeBom => {
            let mut bytes = Vec::with_capacity(text.len() * 2);
            text.encode_utf16().for_each(|unit| bytes.extend_from_slice(&unit.to_le_bytes()));
            bytes
        }
        Encoding::Gbk => GBK.encode(&text).0.into_owned(),
        Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
    }
}
