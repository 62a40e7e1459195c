//! Everything that is tested from outside: a small shop in a folder of its own, the real program, and what it says and writes.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make, break and look at files as an author and a server would"
)]

mod bad_files;
mod bad_input;
mod bad_pages;
mod bad_pictures;
mod best_titles;
mod cases;
mod channel_pictures;
mod commands;
mod composed;
mod details;
mod diff;
mod edits;
mod export;
mod faults;
mod fixtures;
mod import;
mod import_untidy;
mod posters;
mod real;
mod rebuild;
mod same;
mod score;
mod serve;
mod shop;
mod tidy;
mod titles;
mod untidy_tables;
mod watch;
mod words;
