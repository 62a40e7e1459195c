//! Any table, by a row source: its own, or one made of the columns' names.

mod cells;
mod guess;
mod names;
mod plan;
mod reading;
mod values;

use std::borrow::Cow;
use std::collections::HashSet;

use super::sheet::{above, forgiven, note};
use super::{Found, Kind, is_sum};
use crate::catalog::rows::{self, Main, Source};
use crate::diag::{Diagnostic, Place, Severity};
use crate::id::SourcePath;
use crate::source::table::{self, Column, Options, Table};
use reading::Reading;

/// Why nothing can be taken over.
#[derive(Debug)]
pub enum Fault {
    /// The key of a term.
    Term(&'static str),
    /// What is wrong with the row source or its table.
    Findings(Vec<Diagnostic>),
}

/// Gives the bytes of a file.
pub type Load<'l> = dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic> + 'l;

/// Reads a table by the row source beside it, given with its text; `table` is read in place of the one it names.
pub fn by(
    spec: &SourcePath,
    text: &str,
    table: Option<&SourcePath>,
    load: &mut Load<'_>,
) -> Result<Found, Fault> {
    let mut left = Vec::new();
    let mut find = |table: &Table| {
        left = strays(table);
        left.iter().map(|(row, ..)| *row).collect()
    };
    let main = table.map_or(Main::Named, Main::File);
    let raw = rows::raw(spec, text, main, &mut find, load);
    let Some(source) = raw.table.clone() else { return Err(Fault::Findings(raw.faults)) };
    let grave = |fault: &Diagnostic| {
        let row = matches!(fault.at, Place::Bytes(..)) && fault.file() != Some(spec);
        fault.severity() == Severity::Error && !(row && MENDED.contains(&&*fault.code))
    };
    if raw.faults.iter().any(grave) {
        return Err(Fault::Findings(raw.faults));
    }
    let mut found = Reading::of(&source, &raw).read();
    let table = &source.table;
    found.rows = table.rows.len();
    if table.header > 1 {
        found.notes.extend(above(table));
    }
    let told =
        left.iter().map(|(row, what, words)| note(table.line(table.rows[*row].at), *what, words));
    found.notes.extend(told);
    super::complete(&mut found);
    Ok(found)
}

/// Faults of single rows, which an import tells and goes on.
const MENDED: [&str; 5] =
    ["rows/quote", "rows/extra-cells", "rows/cell-error", "rows/unmatched", "rows/no-group"];

/// Reads a table by the names of its columns.
pub fn read(file: &SourcePath, load: &mut Load<'_>) -> Result<Found, Fault> {
    let bytes = load(file).map_err(|fault| Fault::Findings(vec![fault]))?;
    let options = Options { heads: names::known().heads(), ..Options::default() };
    let mut faults = Vec::new();
    let mut table = table::read(file, bytes.clone(), &options, &mut faults);
    let mut items = None;
    // The list of a json file may stand deeper, if there is only one.
    if table.is_none() && faults.iter().any(|fault| fault.code == "rows/no-list") {
        items = faults.iter().find_map(|fault| fault.arg("near")).map(str::to_owned);
        let deeper = Options { items: items.clone(), ..options };
        faults.clear();
        table = table::read(file, bytes, &deeper, &mut faults);
    }
    let Some(mut table) = table else { return Err(Fault::Findings(faults)) };
    let count = table.rows.len();
    let mut notes = if table.header > 0 { above(&table) } else { Vec::new() };
    notes.extend(forgiven(&table, &faults));
    let strays = strays(&table);
    let lines = table.lines();
    notes.extend(strays.iter().map(|(row, what, words)| note(lines[*row], *what, words)));
    let left: HashSet<usize> = strays.iter().map(|(row, ..)| *row).collect();
    let mut nth = 0;
    table.rows.retain(|_| {
        nth += 1;
        !left.contains(&(nth - 1))
    });
    let guess = guess::guess(&table, file.name(), items.as_deref());
    let Some(guess) = guess else { return Err(Fault::Term("@no-known-columns")) };
    let spec = SourcePath::new(format!("{}.rows.yaml", file.as_str()));
    let source = Source { file: file.clone(), table };
    let raw = rows::raw(&spec, &guess.yaml, Main::Read(source), &mut |_| Vec::new(), load);
    let Some(source) = raw.table.clone() else { return Err(Fault::Findings(raw.faults)) };
    if raw.faults.iter().any(|fault| fault.file() == Some(&spec)) {
        return Err(Fault::Findings(raw.faults));
    }
    let mut found = Reading::of(&source, &raw).read();
    found.rows = count;
    found.notes.extend(notes);
    found.notes.extend(guess.notes);
    found.mapping = guess.yaml;
    super::complete(&mut found);
    Ok(found)
}

/// Rows that are no products: names of columns once more, what templates write below them, sums, remarks in a single cell.
fn strays(table: &Table) -> Vec<(usize, Kind, String)> {
    if table.header == 0 {
        return Vec::new();
    }
    let names = names::known();
    let columns: Vec<Column> = (0..table.columns.len()).map(Column::Nth).collect();
    let field = |nth: usize| names.field(&table.columns[nth].value).map(|(field, _)| field);
    let named = (0..columns.len()).filter(|nth| field(*nth).is_some()).count();
    let mut found = Vec::new();
    for (nth, row) in table.rows.iter().enumerate() {
        let cell = |(at, column)| Some((at, table.cell(row, column)?.0));
        let cells: Vec<_> = columns.iter().enumerate().filter_map(cell).collect();
        let Some((at, first)) = cells.first() else { continue };
        let words = || {
            let texts = cells.iter().take(4).map(|(_, text)| &**text);
            texts.collect::<Vec<_>>().join(" | ")
        };
        let heading = |(at, text): &(usize, Cow<'_, str>)| {
            table.columns[*at].value == *text || names.is_heading(text)
        };
        let again = || cells.iter().filter(|cell| heading(cell)).count() * 2 > cells.len();
        let alone = named > 2 && !matches!(field(*at), Some("images" | "option" | "option_name"));
        if cells.len() > 1 && cells.iter().take(2).any(heading) && again() {
            found.push((nth, Kind::Heading, words()));
        } else if is_sum(first) || cells.len() == 1 && alone {
            found.push((nth, Kind::Stray, words()));
        }
    }
    found
}
