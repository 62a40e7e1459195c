//! Tables written as lines: commas, semicolons or tabs between cells (RFC 4180, read forgivingly).

use std::collections::HashMap;
use std::sync::Arc;

use super::{Data, MAX_CELLS, Options, Row, Table, too_large};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::fields::At;

/// Reads such a table.
pub(super) fn read(
    file: &SourcePath,
    text: Arc<str>,
    options: &Options,
    faults: &mut Vec<Diagnostic>,
) -> Result<Table, Diagnostic> {
    // Excel names the separator in a line of its own when it is not the country's.
    let start = match text.strip_prefix("sep=") {
        Some(_) => text.find('\n').map_or(text.len(), |newline| newline + 1),
        None => 0,
    };
    let separator = match text.as_bytes().get(4) {
        Some(byte) if start > 0 && !byte.is_ascii_control() => *byte,
        _ if matches!(&*file.extension(), "tsv" | "txt") => b'\t',
        _ => known_separator(&text, start, options)
            .unwrap_or_else(|| sniff(&text[start..], options.header)),
    };
    let mut scan =
        Scan { bytes: text.as_bytes(), at: start, separator, open_quote: None, inside: Vec::new() };
    let wanted = options.header.or_else(|| found_header(&text, start, separator, options));
    let mut above: Vec<At<String>> = Vec::new();
    let mut header: Option<(Vec<At<String>>, usize)> = None;
    let mut cells: Vec<Span> = Vec::new();
    let mut rows = Vec::new();
    let mut nth = 0;
    loop {
        let from = cells.len();
        if !scan.row(&mut cells) {
            break;
        }
        if cells.len() > MAX_CELLS {
            return Err(too_large(file, "@too-many-cells"));
        }
        for span in scan.inside.drain(..) {
            let found: String =
                text[span.start as usize..span.end as usize].chars().take(40).collect();
            let fault = Diagnostic::new("rows/quote-inside", Place::Bytes(file.clone(), span));
            faults.push(fault.with("found", found.trim_end()));
        }
        nth += 1;
        let row = &cells[from..];
        let Some(first) = row.iter().find(|span| !blank(&text, **span)).copied() else {
            cells.truncate(from);
            continue;
        };
        let Some((columns, _)) = &header else {
            let names = row.iter().map(|span| heading(&text, *span)).collect();
            if wanted.is_none_or(|wanted| nth >= wanted) {
                header = Some((filled(names, &above), nth));
            } else {
                above = names;
            }
            cells.truncate(from);
            continue;
        };
        let extra = row.iter().skip(columns.len()).find(|span| !blank(&text, **span));
        if let Some(extra) = extra {
            faults.push(
                Diagnostic::new("rows/extra-cells", Place::Bytes(file.clone(), *extra))
                    .with("cells", row.len())
                    .with("columns", columns.len()),
            );
        }
        rows.push(Row { at: first, data: Data::Cells(from, cells.len()) });
    }
    if let Some(quote) = scan.open_quote {
        let at = Place::Bytes(file.clone(), Span::new(quote, quote + 1));
        faults.push(Diagnostic::new("rows/quote", at));
    }
    let Some((columns, row)) = header else {
        return Err(Diagnostic::new("rows/empty", Place::File(file.clone())));
    };
    Ok(Table { columns, rows, header: row, text, cells, apart: HashMap::new() })
}

/// The row that most looks like a header, where the names of columns are known.
fn found_header(text: &str, start: usize, separator: u8, options: &Options) -> Option<usize> {
    header(text, start, separator, options).map(|(_, number)| number)
}

/// The separator that gives the best header, where the names of columns are known: other lines may stand above it.
fn known_separator(text: &str, start: usize, options: &Options) -> Option<u8> {
    let found = |separator| Some((header(text, start, separator, options)?.0, separator));
    let best = b",;\t|".iter().filter_map(|separator| found(*separator)).max();
    best.filter(|(many, _)| *many > 1).map(|(_, separator)| separator)
}

/// How many known names the best header has, and its row.
fn header(text: &str, start: usize, separator: u8, options: &Options) -> Option<(usize, usize)> {
    if options.heads.is_empty() {
        return None;
    }
    let mut scan =
        Scan { bytes: text.as_bytes(), at: start, separator, open_quote: None, inside: Vec::new() };
    let mut cells = Vec::new();
    let mut number = 0;
    options.find_header(std::iter::from_fn(|| {
        cells.clear();
        number += 1;
        let texts = |cells: &[Span]| {
            cells.iter().map(|span| &text[span.start as usize..span.end as usize]).collect()
        };
        scan.row(&mut cells).then(|| (number, texts(&cells)))
    }))
}

/// Of two rows of names, one above the other, the lower one; where that says nothing, the upper one.
fn filled(names: Vec<At<String>>, above: &[At<String>]) -> Vec<At<String>> {
    let pairs = names.into_iter().enumerate();
    let filled = pairs.map(|(nth, name)| match above.get(nth) {
        Some(above) if name.value.is_empty() => above.clone(),
        _ => name,
    });
    filled.collect()
}

fn blank(text: &str, span: Span) -> bool {
    text[span.start as usize..span.end as usize].trim().is_empty()
}

fn heading(text: &str, span: Span) -> At<String> {
    At::new(text[span.start as usize..span.end as usize].trim().replace("\"\"", "\""), span)
}

/// The separator is the one that the line of names has most of: the first one, unless another is said to be it.
fn sniff(text: &str, header: Option<usize>) -> u8 {
    let line = match header {
        Some(row @ 2..) => text.lines().nth(row - 1).unwrap_or_default(),
        _ => text.trim_start().lines().next().unwrap_or_default(),
    };
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && byte == *separator);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(separator, _)| *separator)
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    separator: u8,
    /// A quote that no other one closes.
    open_quote: Option<usize>,
    /// Texts behind a quote that closed their cell.
    inside: Vec<Span>,
}

impl Scan<'_> {
    /// Adds the next row's cells, without the quotes around them; `false` at the end.
    fn row(&mut self, cells: &mut Vec<Span>) -> bool {
        if self.at >= self.bytes.len() {
            return false;
        }
        loop {
            let span = self.cell();
            cells.push(span);
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.separator => self.at += 1,
                Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    return true;
                }
                Some(_) => {
                    self.at += 1;
                    return true;
                }
                None => return true,
            }
        }
    }

    /// Moves behind one cell.
    fn cell(&mut self) -> Span {
        let start = self.at;
        let blank = |byte: &u8| *byte == b' ' && self.separator != b' ';
        let padding = self.bytes[start..].iter().take_while(|byte| blank(byte)).count();
        let quote = start + padding;
        if self.bytes.get(quote) == Some(&b'"') {
            if let Some(span) = self.quoted(quote) {
                return span;
            }
            self.open_quote.get_or_insert(quote);
            self.at = start;
        }
        let end = self.plain();
        Span::new(start, end)
    }

    /// The cell behind a quote, to the quote that closes it; nothing when none does.
    fn quoted(&mut self, quote: usize) -> Option<Span> {
        let mut end = quote + 1;
        loop {
            end += self.bytes[end..].iter().position(|byte| *byte == b'"')?;
            if self.bytes.get(end + 1) == Some(&b'"') {
                end += 2;
                continue;
            }
            self.at = end + 1;
            let rest = self.plain();
            let behind = self.bytes[end + 1..rest].iter().any(|byte| !byte.is_ascii_whitespace());
            // Over several lines and text behind it: what closes here was meant to open another cell.
            if behind && self.bytes[quote..end].contains(&b'\n') {
                return None;
            }
            // Text behind the closing quote belongs to the cell, as spreadsheets read it; but if the quote was meant as a
            // character, a comma further on has cut the text in two and moved the cells behind it.
            if behind {
                self.inside.push(Span::new(end, rest));
            }
            return Some(Span::new(quote + 1, if behind { rest } else { end }));
        }
    }

    /// Moves to the next separator or line's end.
    fn plain(&mut self) -> usize {
        let rest = &self.bytes[self.at..];
        let stop = |byte: &u8| *byte == self.separator || matches!(byte, b'\n' | b'\r');
        self.at += rest.iter().position(stop).unwrap_or(rest.len());
        self.at
    }
}
