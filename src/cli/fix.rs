//! `check --fix`: puts in what is surely better, and leaves every other byte of a file as it is.

use std::collections::BTreeMap;

use super::print::Screen;
use crate::build::{Builder, Progress};
use crate::diag::{Diagnostic, Place};
use crate::error::Error;
use crate::id::SourcePath;
use crate::output::disk;
use crate::review::{PUT, WAS};
use crate::source::disk::{self as source, Roots};
use crate::source::front;

/// Some bytes of a file, what they were, and what they become.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Fix {
    start: usize,
    was: String,
    put: String,
}

/// Checks the shop, and does what its findings say can be done without a look.
pub(super) fn fix(roots: &Roots, builder: &mut Builder, screen: &Screen) -> Result<(), Error> {
    let quiet = Progress { tell: &|_, _, _| {}, go_on: &|| true };
    let report = builder.generation(None, &quiet)?;
    let mut files: BTreeMap<SourcePath, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|one| one.arg(PUT).is_some()) {
        // A table is not the text that its findings count bytes of.
        if let Some(file) = finding.file().filter(|file| written_by_hand(file)) {
            files.entry(file.clone()).or_default().push(finding);
        }
    }
    let mut changed = 0;
    for (file, findings) in files {
        let real = roots.real(&file);
        let Ok(bytes) = source::bytes(roots, &file) else { continue };
        let Ok(text) = String::from_utf8(bytes) else { continue };
        // Findings count from behind a byte order mark.
        let mark = text.len() - text.trim_start_matches('\u{feff}').len();
        let fixes = findings.iter().filter_map(|one| place(one, &text[mark..], mark)).collect();
        if let Some((fixed, done)) = apply(&text, fixes) {
            disk::write(&real, fixed.as_bytes())?;
            for (line, fix) in done {
                changed += 1;
                screen.line(&format!("{file}:{line}: `{}` → `{}`", fix.was, fix.put));
            }
        } else {
            let words = screen.say(
                "has changed since it was checked; left as it is",
                "检查之后又有改动，没有改它",
            );
            screen.line(&format!("{file}: {words}"));
        }
    }
    screen.line(&format!("{changed} {}", screen.say("places changed", "处已改")));
    Ok(())
}

fn written_by_hand(file: &SourcePath) -> bool {
    [".md", ".yaml", ".yml"].iter().any(|end| file.as_str().ends_with(end))
}

fn place(finding: &Diagnostic, text: &str, mark: usize) -> Option<Fix> {
    let start = match &finding.at {
        Place::Bytes(_, span) => span.start as usize,
        Place::Body(_, span) => front::body_start(text) + span.start as usize,
        _ => return None,
    };
    let (was, put) = (finding.arg(WAS)?.to_owned(), finding.arg(PUT)?.to_owned());
    Some(Fix { start: mark + start, was, put })
}

/// A text with its fixes, and the lines they stand in; nothing when the text is not what was looked at.
fn apply(text: &str, mut fixes: Vec<Fix>) -> Option<(String, Vec<(usize, Fix)>)> {
    fixes.sort();
    fixes.dedup();
    let mut fixed = String::with_capacity(text.len() + 16);
    let mut done = Vec::new();
    let mut at = 0;
    for fix in fixes {
        let end = fix.start + fix.was.len();
        if text.get(fix.start..end) != Some(fix.was.as_str()) {
            return None;
        }
        // Of two that lie over each other the first is done; the next run does the other.
        if fix.start < at {
            continue;
        }
        fixed.push_str(&text[at..fix.start]);
        fixed.push_str(&fix.put);
        at = end;
        done.push((1 + text[..fix.start].matches('\n').count(), fix));
    }
    fixed.push_str(&text[at..]);
    Some((fixed, done))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(start: usize, was: &str, put: &str) -> Fix {
        Fix { start, was: was.to_owned(), put: put.to_owned() }
    }

    #[test]
    fn every_other_byte_stays() {
        let text = "\u{feff}a: 最佳\r\nb: 最佳 \t\r\n";
        let all = vec![fix(6, "最佳", "优选"), fix(6, "最佳", "优选"), fix(17, "最佳", "好")];
        let (fixed, done) = apply(text, all).unwrap();
        assert_eq!(fixed, "\u{feff}a: 优选\r\nb: 好 \t\r\n");
        assert_eq!(done.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        assert_eq!(apply("a: 最低", vec![fix(3, "最佳", "优选")]), None);
        assert_eq!(apply("a", vec![fix(3, "最佳", "优选")]), None);
        assert_eq!(apply("最佳", vec![fix(1, "最佳", "优选")]), None);
    }
}
