//! Products from the rows of a table: the same records that Markdown files give.

mod build;
mod spec;
#[cfg(test)]
mod tests;
mod value;

use std::sync::Arc;

use super::record::Record;
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::source::fields::{At, Decoder};
use crate::source::table::{self, Options};
use crate::source::yaml::{self, Node, Value};
use value::Source;

/// One product made from rows.
#[derive(Clone, Debug)]
pub struct RowProduct {
    /// The last part of its address, before it is made fit for one: the `slug` field, else the group's value, else the SKU.
    pub name: String,
    /// Names of categories below the row source's folder.
    pub category: Vec<String>,
    /// What the rows say.
    pub own: RowLayer,
    /// What they say in other languages.
    pub locales: Vec<(String, RowLayer)>,
}

/// What rows say in one language.
#[derive(Clone, Debug)]
pub struct RowLayer {
    /// The table: the record's places are in its text.
    pub file: SourcePath,
    /// What it says.
    pub record: Arc<Record>,
    /// Hash of the cells that were read.
    pub hash: Hash,
    /// Markdown text.
    pub body: Option<At<String>>,
}

/// Everything one row source gave.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Its products, in the order of their first rows.
    pub products: Vec<RowProduct>,
    /// What is wrong with it or its tables.
    pub faults: Vec<Diagnostic>,
    /// Tables it reads.
    pub tables: Vec<SourcePath>,
}

/// Reads a row source and its tables; `load` gives the bytes of a table.
pub fn read(
    file: &SourcePath,
    text: &str,
    load: &mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
) -> Rows {
    let parsed = yaml::parse(file, text, 0);
    let mut decoder = Decoder::new(file);
    decoder.faults = parsed.faults;
    let empty = Node { value: Value::Map(Vec::new()), span: Span::default() };
    let spec = spec::decode(&mut decoder, parsed.root.as_ref().unwrap_or(&empty));
    let mut shelf = Shelf { file, load, rows: Rows::default(), read: Vec::new() };
    shelf.rows.faults = decoder.faults;
    if let Some(spec) = spec {
        let main = shelf.take(&spec.source, &spec.options);
        let others: Vec<Option<Arc<Source>>> = spec
            .locales
            .iter()
            .map(|locale| {
                shelf.take(&locale.table.as_ref()?.source, &locale.table.as_ref()?.options)
            })
            .collect();
        if let Some(main) = main {
            let rows = &mut shelf.rows;
            rows.products = build::products(file, &spec, &main, &others, &mut rows.faults);
        }
    }
    shelf.rows
}

/// The tables that one row source reads, each once.
struct Shelf<'a> {
    file: &'a SourcePath,
    load: &'a mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
    rows: Rows,
    read: Vec<(SourcePath, Options, Option<Arc<Source>>)>,
}

impl Shelf<'_> {
    fn take(&mut self, named: &At<String>, options: &Options) -> Option<Arc<Source>> {
        let here = Place::Bytes(self.file.clone(), named.at);
        let Some(path) = self.file.resolve(&named.value) else {
            self.rows
                .faults
                .push(Diagnostic::new("path/outside", here).with("found", &named.value));
            return None;
        };
        let known = self.read.iter().find(|(file, how, _)| *file == path && how == options);
        if let Some((.., source)) = known {
            return source.clone();
        }
        if !self.rows.tables.contains(&path) {
            self.rows.tables.push(path.clone());
        }
        let table = match (self.load)(&path) {
            Ok(bytes) => {
                let mut faults = Vec::new();
                let table = table::read(&path, bytes, options, &mut faults);
                // A fault of the whole table says who asked for it.
                self.rows.faults.extend(faults.into_iter().map(|fault| match fault.at {
                    Place::File(_) => fault.also(here.clone(), "named-here"),
                    _ => fault,
                }));
                table
            }
            Err(fault) => {
                // The table is not there to be looked at: its name is what the author can mend.
                self.rows.faults.push(match fault.arg("reason") {
                    Some(reason) => Diagnostic::new("rows/no-source", here)
                        .with("found", &named.value)
                        .with("reason", reason),
                    None => fault.also(here, "named-here"),
                });
                None
            }
        };
        let source = table.map(|table| Arc::new(Source { file: path.clone(), table }));
        self.read.push((path, options.clone(), source.clone()));
        source
    }
}
