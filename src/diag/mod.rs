//! What is wrong with the author's content, as plain data. Knows no rule by name and prints nothing.

pub mod codes;
pub mod place;
pub mod render;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::id::SourcePath;

pub use place::{Place, Span};

/// How grave a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The shop must not be published like this.
    Error,
    /// Probably not what the author wants.
    Warning,
    /// Good to know.
    Note,
}

/// One finding. Its words are looked up by `code` when it is printed, in the reader's language.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub struct Diagnostic {
    /// The place the author should look at.
    pub at: Place,
    /// `area/name`, a row of `codes/*.yaml`.
    pub code: Cow<'static, str>,
    /// Values for the message's `{name}` places.
    pub args: Vec<(Cow<'static, str>, String)>,
    /// Other places that belong to it, each with the key of a term that says how.
    pub also: Vec<(Place, Cow<'static, str>)>,
}

impl Diagnostic {
    /// A finding without values or further places.
    pub fn new(code: &'static str, at: Place) -> Self {
        Self { at, code: Cow::Borrowed(code), args: Vec::new(), also: Vec::new() }
    }

    /// Sets the value of one `{name}`.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((Cow::Borrowed(name), value.to_string()));
        self
    }

    /// Adds the nearest known word to `word`, if one is near.
    pub fn near<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(word, known) {
            Some(name) => self.with("near", name),
            None => self,
        }
    }

    /// Adds another place; `term` is a key under `terms` in `codes/*.yaml`.
    pub fn also(mut self, at: Place, term: &'static str) -> Self {
        self.also.push((at, Cow::Borrowed(term)));
        self
    }

    /// What findings are sorted by: their file, then their place in it from the top.
    pub fn order(&self) -> (Option<&SourcePath>, u8, u32) {
        let (part, at) = match &self.at {
            Place::Nowhere | Place::File(_) => (0, 0),
            Place::Line(_, line, _) => (1, *line),
            Place::Bytes(_, span) => (1, span.start),
            Place::Body(_, span) => (2, span.start),
        };
        (self.file(), part, at)
    }

    /// How grave it is, by its row in the table.
    pub fn severity(&self) -> Severity {
        codes::table().severity(&self.code)
    }

    /// The value of one `{name}`.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The file it is about.
    pub fn file(&self) -> Option<&SourcePath> {
        self.at.file()
    }
}

/// Whether anything here keeps the shop from being published.
pub fn any_error(found: &[Diagnostic]) -> bool {
    found.iter().any(|one| one.severity() == Severity::Error)
}

/// The known word closest to `word`, when it is close enough to be what the author meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(steps, candidate)| *steps <= limit && *steps < candidate.chars().count())
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) between two words.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=left.len() {
        for j in 1..=right.len() {
            let change = usize::from(left[i - 1] != right[j - 1]);
            let mut best =
                (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            let swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if swapped {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[left.len()][right.len()]
}
