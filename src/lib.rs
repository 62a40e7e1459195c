//! A compiler for shops. The picture, the walk of one product and the invariants are in `README.md`, "How it works".
pub mod build;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod cx;
pub mod diag;
pub mod engine;
pub mod error;
pub mod generation;
pub mod id;
pub mod image;
pub mod maker;
pub mod output;
pub mod page;
pub mod source;
pub mod text;
pub mod theme;
