//! A compiler for shops. The picture, the walk of one product and the invariants are in `README.md`, "How it works".
pub mod catalog;
pub mod clock;
pub mod diag;
pub mod id;
pub mod source;
