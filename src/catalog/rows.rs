//! Products from the rows of a table: the same records that Markdown files give.

mod build;
mod spec;
#[cfg(test)]
mod tests;
mod value;

use std::collections::HashSet;
use std::sync::Arc;

use super::record::Record;
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::source::fields::{At, Decoder};
use crate::source::table::{self, Column, Options, Table};
use crate::source::yaml::{self, Node, Value};
pub use value::Source;

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

/// One product as its rows give it, nothing checked.
#[derive(Clone, Debug)]
pub struct RawProduct {
    /// The value of the column that groups rows.
    pub key: Option<String>,
    /// What its address is to be made from, where the row source says that.
    pub name: Option<String>,
    /// Names of categories below the row source's folder.
    pub category: Vec<String>,
    /// What the rows say.
    pub own: RawLayer,
    /// What they say in other languages.
    pub locales: Vec<(String, RawLayer)>,
    /// Positions of its rows in the table.
    pub rows: Vec<usize>,
}

/// What rows say in one language, nothing checked.
#[derive(Clone, Debug)]
pub struct RawLayer {
    /// The table that places are in.
    pub file: SourcePath,
    /// Fields as front matter has them, `body` among them.
    pub fields: Node,
}

/// A row source as it stands: its table, and products of which nothing is checked.
#[derive(Default)]
pub struct Raw {
    /// The table.
    pub table: Option<Arc<Source>>,
    /// Its products, in the order of their first rows.
    pub products: Vec<RawProduct>,
    /// Rows that are no products.
    pub strays: HashSet<usize>,
    /// Columns that a product takes from its first row, by field.
    pub columns: Vec<(String, Column)>,
    /// What groups rows is neither the title nor what addresses are made from.
    pub grouped_by_code: bool,
    /// What is wrong with it or its tables.
    pub faults: Vec<Diagnostic>,
}

/// What a reader forgives who takes every row: see [`raw`].
struct Loose {
    /// Rows that are no products.
    strays: HashSet<usize>,
    /// The column of titles.
    title: Option<Column>,
}

/// Which table a row source is read with.
pub enum Main<'a> {
    /// The one it names.
    Named,
    /// Another file.
    File(&'a SourcePath),
    /// One that was read before.
    Read(Source),
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
    let mut shelf = Shelf { file, load, rows: Rows::default(), read: Vec::new() };
    if let Some(spec) = shelf.spec(text, true)
        && let (Some(main), others) = (shelf.take(&spec.source, &spec.options), shelf.others(&spec))
    {
        let rows = &mut shelf.rows;
        rows.products = build::products(file, &spec, &main, &others, &mut rows.faults);
    }
    shelf.rows
}

/// Reads a row source as [`read`] does, but checks nothing of its products, which need no SKU. A row without a group belongs
/// to the product above where it has no title, else it is a product of its own. `strays` finds rows that are no products.
pub fn raw(
    file: &SourcePath,
    text: &str,
    main: Main<'_>,
    strays: &mut dyn FnMut(&Table) -> Vec<usize>,
    load: &mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
) -> Raw {
    let mut shelf = Shelf { file, load, rows: Rows::default(), read: Vec::new() };
    let Some(spec) = shelf.spec(text, false) else {
        return Raw { faults: shelf.rows.faults, ..Raw::default() };
    };
    let table = match main {
        Main::Named => shelf.take(&spec.source, &spec.options),
        Main::File(path) => shelf.table(path.clone(), &spec.source, &spec.options),
        Main::Read(source) => Some(Arc::new(source)),
    };
    let others = shelf.others(&spec);
    let faults = shelf.rows.faults;
    let Some(source) = table else { return Raw { faults, ..Raw::default() } };
    let columns = spec.columns(&source.table);
    let title = columns.iter().find(|(field, _)| field == "title");
    let loose = Loose {
        strays: strays(&source.table).into_iter().collect(),
        title: title.map(|(_, column)| column.clone()),
    };
    let mut raw =
        Raw { columns, grouped_by_code: spec.grouped_by_code(), faults, ..Raw::default() };
    let products = &mut raw.products;
    build::each(file, &spec, &source, &others, Some(&loose), &mut raw.faults, |product, _| {
        products.push(product);
    });
    raw.table = Some(source);
    raw.strays = loose.strays;
    raw
}

/// The tables that one row source reads, each once.
struct Shelf<'a> {
    file: &'a SourcePath,
    load: &'a mut dyn FnMut(&SourcePath) -> Result<Vec<u8>, Diagnostic>,
    rows: Rows,
    read: Vec<(SourcePath, Options, Option<Arc<Source>>)>,
}

impl Shelf<'_> {
    /// What the row source says; `named` when it must say what a product's SKU is.
    fn spec(&mut self, text: &str, named: bool) -> Option<spec::Spec> {
        let parsed = yaml::parse(self.file, text, 0);
        let mut decoder = Decoder::new(self.file);
        decoder.faults = parsed.faults;
        let empty = Node { value: Value::Map(Vec::new()), span: Span::default() };
        let spec = spec::decode(&mut decoder, parsed.root.as_ref().unwrap_or(&empty), named);
        self.rows.faults.append(&mut decoder.faults);
        spec
    }

    /// Tables in other languages.
    fn others(&mut self, spec: &spec::Spec) -> Vec<Option<Arc<Source>>> {
        let tables = spec.locales.iter().map(|locale| locale.table.as_ref());
        tables.map(|table| self.take(&table?.source, &table?.options)).collect()
    }

    fn take(&mut self, named: &At<String>, options: &Options) -> Option<Arc<Source>> {
        let here = Place::Bytes(self.file.clone(), named.at);
        let Some(path) = self.file.resolve(&named.value) else {
            self.rows
                .faults
                .push(Diagnostic::new("path/outside", here).with("found", &named.value));
            return None;
        };
        self.table(path, named, options)
    }

    /// The table of a file; `named` is the place that asks for it.
    fn table(
        &mut self,
        path: SourcePath,
        named: &At<String>,
        options: &Options,
    ) -> Option<Arc<Source>> {
        let here = Place::Bytes(self.file.clone(), named.at);
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
