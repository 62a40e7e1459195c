//! Words as platforms and readers count and compare them. Pure functions; knows no product and no file.

pub mod copy;
pub mod english;
pub mod html;
pub mod normal;
pub mod segment;
pub mod units;
