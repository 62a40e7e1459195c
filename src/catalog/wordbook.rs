//! What the shop knows of words: its keyword tables and the rules its texts keep to.

use crate::keywords::Tables;
use crate::rules::RuleSet;

/// Tables and rules.
#[derive(Default)]
pub struct Wordbook {
    /// Keyword tables by name.
    pub tables: Tables,
    /// What the law and platforms forbid.
    pub rules: RuleSet,
}
