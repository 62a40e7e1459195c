//! Divides a Markdown file into its front matter and its text.

use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;

/// The two parts of a Markdown file.
pub struct Parts<'t> {
    /// The YAML between the two `---` lines.
    pub matter: &'t str,
    /// Where it begins.
    pub matter_start: usize,
    /// Where the Markdown text begins.
    pub body_start: usize,
}

/// Where the Markdown text of a file begins; 0 when it has no front matter.
pub fn body_start(text: &str) -> usize {
    find(text).map_or(0, |parts| parts.body_start)
}

/// Finds the front matter; a file without one is a fault.
pub fn split<'t>(file: &SourcePath, text: &'t str) -> Result<Parts<'t>, Diagnostic> {
    find(text).map_err(|missing| {
        let end = text.find('\n').unwrap_or(text.len());
        match missing {
            Missing::Open if text.trim().is_empty() => {
                Diagnostic::new("file/empty", Place::File(file.clone()))
            }
            Missing::Open => Diagnostic::new(
                "front-matter/missing",
                Place::Bytes(file.clone(), Span::new(0, end)),
            ),
            Missing::Close => {
                Diagnostic::new("front-matter/open", Place::Bytes(file.clone(), Span::new(0, end)))
            }
        }
    })
}

enum Missing {
    Open,
    Close,
}

fn find(text: &str) -> Result<Parts<'_>, Missing> {
    let mut lines = Lines { text, at: 0 };
    match lines.next() {
        Some((_, line)) if line.trim_end() == "---" => {}
        _ => return Err(Missing::Open),
    }
    let matter_start = lines.at;
    while let Some((start, line)) = lines.next() {
        if line.trim_end() == "---" {
            return Ok(Parts {
                matter: &text[matter_start..start],
                matter_start,
                body_start: lines.at,
            });
        }
    }
    Err(Missing::Close)
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        let rest = &self.text[start..];
        let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        self.at += length;
        Some((start, &rest[..length]))
    }
}
