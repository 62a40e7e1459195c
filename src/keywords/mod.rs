//! Keyword tables: what buyers search for, how often, and what a place in a title is worth. Knows no product.

pub mod columns;
pub mod number;
mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::diag::{Diagnostic, Span};
use crate::id::{Hash, SourcePath};

pub use read::read;

/// All tables of a shop, by name; a table for one language is `name.locale`.
pub type Tables = BTreeMap<String, Arc<Table>>;

/// One table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name: the file's without endings.
    pub name: String,
    /// The file with the rows.
    pub file: Option<SourcePath>,
    /// What the figures come from, as the author says or the columns tell.
    pub tool: String,
    /// Keywords, most demanded first.
    pub keywords: Vec<Keyword>,
    /// Rows that give no keyword, each with its reason.
    pub left_out: Vec<LeftOut>,
    /// Words that must not be cut.
    pub words: Vec<String>,
    /// Other sellers' brands: no title has them.
    pub brands: Vec<String>,
    /// Words of which a title has only one.
    pub exclusive: Vec<Vec<String>>,
    /// How figures become a value.
    pub formula: Formula,
    /// Hash of everything that titles depend on.
    pub hash: Hash,
    /// What is wrong with it.
    pub faults: Vec<Diagnostic>,
}

/// One row.
#[derive(Clone, PartialEq, Serialize, Debug)]
pub struct Keyword {
    /// As compared: normalised.
    pub text: String,
    /// As written.
    pub written: String,
    /// How much it is searched for, in the tool's own measure.
    pub demand: f64,
    /// Clicks for each time it was shown.
    pub ctr: Option<f64>,
    /// Buyers for each click.
    pub conversion: Option<f64>,
    /// How many offers there are.
    pub supply: Option<f64>,
    /// What it is worth by the formula.
    pub value: f64,
    /// Where it stands.
    #[serde(skip)]
    pub at: Span,
}

/// A row that gives no keyword.
#[derive(Clone, PartialEq, Debug)]
pub struct LeftOut {
    /// What it says.
    pub text: String,
    /// A key of `terms` in the table of findings.
    pub reason: &'static str,
    /// Where it stands.
    pub at: Span,
}

/// `demand · (ctr ÷ median)^a · (conversion ÷ median)^b ÷ (1 + log10(1 + supply))^c`, a missing figure counting as the median;
/// with the preset `operator` it is `demand ÷ supply`, the sellers' rule of thumb. It ranks keywords; it foretells no traffic.
#[derive(Clone, Copy, PartialEq, Serialize, Debug)]
pub struct Formula {
    /// `demand ÷ supply` and nothing else.
    pub operator: bool,
    /// The exponent of the click rate.
    pub ctr: f64,
    /// The exponent of the conversion rate.
    pub conversion: f64,
    /// The exponent of the supply.
    pub supply: f64,
}

impl Default for Formula {
    fn default() -> Self {
        Self { operator: false, ctr: 1.0, conversion: 1.0, supply: 1.0 }
    }
}

impl Table {
    /// Gives each keyword its value.
    fn rate(&mut self) {
        let median = |pick: fn(&Keyword) -> Option<f64>, rows: &[Keyword]| {
            let mut all: Vec<f64> =
                rows.iter().filter_map(pick).filter(|number| *number > 0.0).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied()
        };
        let ctr = median(|one| one.ctr, &self.keywords);
        let conversion = median(|one| one.conversion, &self.keywords);
        let supply = median(|one| one.supply, &self.keywords);
        let formula = self.formula;
        for one in &mut self.keywords {
            let part = |own: Option<f64>, median: Option<f64>, power: f64| match (own, median) {
                (Some(own), Some(median)) => (own / median).powf(power),
                _ => 1.0,
            };
            let offers = one.supply.or(supply);
            one.value = if formula.operator {
                one.demand / offers.unwrap_or(1.0).max(1.0)
            } else {
                let rivals = offers.map_or(1.0, |offers| 1.0 + (1.0 + offers.max(0.0)).log10());
                one.demand
                    * part(one.ctr, ctr, formula.ctr)
                    * part(one.conversion, conversion, formula.conversion)
                    / rivals.powf(formula.supply)
            };
        }
    }
}
