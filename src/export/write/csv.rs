//! Cells between delimiters (RFC 4180), with lines before the header where a channel wants them.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::channel::profile::{File, Header, Newline, Quote};

/// A table, growing.
pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    /// A table with its head.
    pub(super) fn new(file: &File) -> Self {
        let newline = match file.newline {
            Newline::Lf => "\n",
            Newline::Crlf => "\r\n",
        };
        let mut head = Vec::new();
        for line in &file.preamble {
            head.extend_from_slice(line.as_bytes());
            head.extend_from_slice(newline.as_bytes());
        }
        let writer = WriterBuilder::new()
            .delimiter(u8::try_from(file.delimiter).unwrap_or(b','))
            .quote_style(match file.quote {
                Quote::Necessary => QuoteStyle::Necessary,
                Quote::Always => QuoteStyle::Always,
                Quote::Never => QuoteStyle::Never,
            })
            .terminator(match file.newline {
                Newline::Lf => Terminator::Any(b'\n'),
                Newline::Crlf => Terminator::CRLF,
            })
            .flexible(true)
            .from_writer(head);
        let mut table = Self { writer };
        let keys = || file.columns.iter().map(|column| column.key.clone()).collect::<Vec<_>>();
        let labels = || file.columns.iter().map(|column| column.label.clone()).collect::<Vec<_>>();
        match file.header {
            Header::Keys => table.row(&keys()),
            Header::Labels => table.row(&labels()),
            Header::Both => {
                table.row(&keys());
                table.row(&labels());
            }
            Header::None => {}
        }
        table
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
