//! The author's files: found, read, and taken apart. Knows YAML and Markdown, not what a product is.

pub mod blocks;
pub mod disk;
pub mod fields;
pub mod fonts;
pub mod front;
pub mod git;
pub mod names;
pub mod slips;
pub mod table;
pub mod tree;
pub mod yaml;
