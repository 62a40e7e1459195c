//! A table as other programs write it: any usual encoding, padded cells, line breaks within cells.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// A table by the names of its columns.
pub(super) struct Sheet {
    heads: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// One row.
pub(super) struct Row<'s> {
    heads: &'s [String],
    cells: &'s [String],
    /// Its line in the file, from 1.
    pub line: usize,
}

/// The text of a file: by its byte order mark, else UTF-8, else what Chinese systems write.
pub(super) fn text(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let (text, bad) = UTF_8.decode_without_bom_handling(bytes);
    if bad { GB18030.decode(bytes).0.into_owned() } else { text.into_owned() }
}

/// Reads a table whose header stands after some other lines.
pub(super) fn read(bytes: &[u8], skip: usize) -> Result<Sheet, &'static str> {
    let text = text(bytes);
    let mut body = text.as_str();
    for _ in 0..skip {
        body = body.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let head = body.lines().next().unwrap_or_default();
    let delimiter =
        [',', '\t', ';'].into_iter().max_by_key(|mark| head.matches(*mark).count()).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter as u8)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut heads = Vec::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| "@not-a-table")?;
        let line = record.position().map_or(0, |at| at.line() as usize) + skip;
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if heads.is_empty() {
            heads = cells;
        } else if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, cells));
        }
    }
    if heads.len() < 2 { Err("@not-a-table") } else { Ok(Sheet { heads, rows }) }
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

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
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
}
