//! Cells between delimiters (RFC 4180), with lines before the header where a channel wants them.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::channel::profile::{File, Format, Newline, Quote};

/// A table, growing.
pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    /// A table without its head. Rows for a workbook are kept as plain CSV.
    pub(super) fn new(file: &File) -> Self {
        let mut builder = WriterBuilder::new();
        builder.flexible(true);
        if file.format == Format::Csv {
            builder
                .delimiter(u8::try_from(file.delimiter).unwrap_or(b','))
                .quote_style(match file.quote {
                    Quote::Necessary => QuoteStyle::Necessary,
                    Quote::Always => QuoteStyle::Always,
                    Quote::Never => QuoteStyle::Never,
                })
                .terminator(match file.newline {
                    Newline::Lf => Terminator::Any(b'\n'),
                    Newline::Crlf => Terminator::CRLF,
                });
        }
        Self { writer: builder.from_writer(Vec::new()) }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[String]) {
        // Writing into memory cannot fail, and rows may differ in length.
        let _ = self.writer.write_record(cells);
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        let bytes = self.writer.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// What stands before the first row.
pub(super) fn head(file: &File) -> String {
    let newline = match file.newline {
        Newline::Lf => "\n",
        Newline::Crlf => "\r\n",
    };
    let mut text = String::new();
    for line in &file.preamble {
        text.push_str(line);
        text.push_str(newline);
    }
    let mut table = Table::new(file);
    for names in file.names() {
        table.row(&names);
    }
    text.push_str(&table.finish());
    text
}
