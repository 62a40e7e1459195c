//! Where in the author's files something is.

use serde::{Deserialize, Serialize};

use crate::id::SourcePath;

/// A range of bytes in one file's text.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug, Default,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The same range, `by` bytes further on.
    pub fn shift(self, by: usize) -> Self {
        Self { start: self.start + by as u32, end: self.end + by as u32 }
    }
}

/// The place of a finding.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub enum Place {
    /// Not in any file.
    Nowhere,
    /// A file as a whole.
    File(SourcePath),
    /// Bytes of a file (of a spreadsheet: of its rows written as tab-separated lines).
    Bytes(SourcePath, Span),
    /// Bytes counted from the start of the Markdown text below the front matter.
    /// Findings that are kept between builds use it, since a new line above moves the text.
    Body(SourcePath, Span),
    /// A line and column, both from 1, in a file that is only known by lines.
    Line(SourcePath, u32, u32),
}

impl Place {
    /// The file, if there is one.
    pub fn file(&self) -> Option<&SourcePath> {
        match self {
            Place::Nowhere => None,
            Place::File(file)
            | Place::Bytes(file, _)
            | Place::Body(file, _)
            | Place::Line(file, _, _) => Some(file),
        }
    }
}
