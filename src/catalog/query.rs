//! Which products a listing shows. A query is a fact's name: the engine keeps it between builds.

use serde::{Deserialize, Serialize};

/// A list of products on the shelf, newest first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
pub enum Query {
    /// Everything.
    All,
    /// All below a category, by its path in `content/products`.
    Category(String),
    /// All of a brand, by its slug.
    Brand(String),
    /// All with a tag, by its slug.
    Tag(String),
    /// All that take part in a campaign, by its key.
    Campaign(String),
    /// All that are reduced now.
    Sale,
}
