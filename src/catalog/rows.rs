//! Products from the rows of a table: the same records that Markdown files give.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::id::{Hash, SourcePath};
use crate::source::fields::At;

use super::record::Record;

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
