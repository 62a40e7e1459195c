//! What columns of keyword tables are called, by tool: data in `columns.yaml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::source::table::{self, head_form};

/// The names.
#[derive(Deserialize, Default)]
pub struct Columns {
    /// Fields that measure demand, best first.
    pub demand: Vec<String>,
    /// By field, by tool: names of columns.
    pub fields: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Columns that are known and not used.
    pub unused: Vec<String>,
}

/// The names of all tools.
pub fn known() -> &'static Columns {
    static COLUMNS: OnceLock<Columns> = OnceLock::new();
    COLUMNS.get_or_init(|| serde_yaml::from_str(include_str!("columns.yaml")).unwrap_or_default())
}

impl Columns {
    /// Every name, as headers are compared.
    pub fn heads(&self) -> Vec<String> {
        let names = self.fields.values().flat_map(BTreeMap::values).flatten().chain(&self.unused);
        names.map(|name| head_form(name)).collect()
    }

    /// The column of a table that is a field, and whose name that is.
    pub fn find(&self, table: &table::Table, field: &str) -> Option<(table::Column, &str)> {
        let tools = self.fields.get(field)?;
        table.columns.iter().find_map(|head| {
            let form = head_form(&head.value);
            let tool =
                tools.iter().find(|(_, names)| names.iter().any(|name| head_form(name) == form))?;
            Some((table.column(&head.value)?, tool.0.as_str()))
        })
    }

    /// The tool that most of a table's columns are named after.
    pub fn tool(&self, table: &table::Table) -> String {
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for head in &table.columns {
            let form = head_form(&head.value);
            for (tool, names) in self.fields.values().flatten() {
                if names.iter().any(|name| head_form(name) == form) {
                    *votes.entry(tool).or_default() += 1;
                }
            }
        }
        let best = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
        best.map_or_else(String::new, |(tool, _)| tool.to_owned())
    }
}
