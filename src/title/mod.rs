//! The best title under a limit: which words to take, proven, and in which order. Knows words, costs and values, no product.
//!
//! A title is a set of tokens whose lengths fit a limit. A keyword pays its value when all its terms are in the title,
//! whatever their order: words are worth more together, so no greedy way is good enough. [`search`] finds the best set and
//! a proof that there is no better one, [`order`] puts it in the order in which most keywords stand in one piece, and
//! [`verify`] checks a proof with code that shares nothing with the search.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "values and lengths of titles are far below 2^52"
)]

mod bound;
pub mod order;
pub mod problem;
pub mod search;
#[cfg(test)]
mod tests;
pub mod verify;

/// Raise it when the same problem may get another title: titles that were composed before are composed anew.
pub const VERSION: u32 = 3;
