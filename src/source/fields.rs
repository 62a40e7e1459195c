//! Typed reading of a YAML tree: every fault is noted with its place, and reading goes on.

use serde::{Deserialize, Serialize};

use super::yaml::{Entry, Node, Value};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;

/// What stands between names that are written as one text, also as a Chinese keyboard gives it.
const COMMAS: [char; 3] = [',', '，', '、'];

/// A value and the place it was read from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the record's file.
    pub at: Span,
}

impl<T> At<T> {
    /// A value at a place.
    pub fn new(value: T, at: Span) -> Self {
        Self { value, at }
    }

    /// Another value at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> At<U> {
        At { value: change(self.value), at: self.at }
    }
}

/// Reads the values of one file and gathers what is wrong with them.
pub struct Decoder<'a> {
    /// The file that places belong to.
    pub file: &'a SourcePath,
    /// What was wrong so far.
    pub faults: Vec<Diagnostic>,
}

impl<'a> Decoder<'a> {
    /// A reader for one file.
    pub fn new(file: &'a SourcePath) -> Self {
        Self { file, faults: Vec::new() }
    }

    /// The full place of a span of this file.
    pub fn place(&self, span: Span) -> Place {
        Place::Bytes(self.file.clone(), span)
    }

    /// Notes a fault.
    pub fn say(&mut self, fault: Diagnostic) {
        self.faults.push(fault);
    }

    /// Notes that a value is not of the wanted kind; `term` names the kind in `codes/*.yaml`.
    pub fn wrong(&mut self, node: &Node, term: &'static str) {
        let found = match &node.value {
            Value::Null => String::new(),
            Value::Scalar { text, .. } => shorten(text),
            Value::List(_) => "[…]".to_owned(),
            Value::Map(_) => "{…}".to_owned(),
        };
        let at = self.place(node.span);
        self.say(
            Diagnostic::new("value/type", at)
                .with("expected", format!("@{term}"))
                .with("found", found),
        );
    }

    /// The fields of a map; anything else is a fault and reads as no fields.
    pub fn fields<'n>(&mut self, node: &'n Node) -> Fields<'n> {
        let entries: &[Entry] = match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            _ => {
                self.wrong(node, "map");
                &[]
            }
        };
        Fields { entries, known: Vec::new() }
    }

    /// A text, trimmed; numbers and dates are texts too.
    pub fn text(&mut self, node: &Node) -> Option<At<String>> {
        match &node.value {
            Value::Scalar { text, .. } => Some(At::new(text.trim().to_owned(), node.span)),
            Value::Null => None,
            _ => {
                self.wrong(node, "text");
                None
            }
        }
    }

    /// A text that says something.
    pub fn name(&mut self, node: &Node) -> Option<At<String>> {
        let text = self.text(node)?;
        if text.value.is_empty() {
            self.wrong(node, "text");
            return None;
        }
        Some(text)
    }

    /// A list of texts; a single text is a list of one, or of its parts between commas when it has no quotes.
    pub fn names(&mut self, node: &Node) -> Option<Vec<At<String>>> {
        match &node.value {
            Value::List(items) => Some(items.iter().filter_map(|item| self.name(item)).collect()),
            Value::Null => None,
            Value::Scalar { text, plain: true } if text.contains(COMMAS) => {
                // Over several lines a text is folded, and only its whole place is known.
                let exact = node.span.end - node.span.start == text.len() as u32;
                let mut start = 0;
                let mut names = Vec::new();
                for part in text.split(COMMAS) {
                    let name = part.trim();
                    let at = start + (part.len() - part.trim_start().len());
                    let span = Span::new(at, at + name.len()).shift(node.span.start as usize);
                    start += part.len()
                        + text[start + part.len()..].chars().next().map_or(0, char::len_utf8);
                    if !name.is_empty() {
                        let at = if exact { span } else { node.span };
                        names.push(At::new(name.to_owned(), at));
                    }
                }
                Some(names)
            }
            _ => self.name(node).map(|one| vec![one]),
        }
    }

    /// The items of a list.
    pub fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => {
                self.wrong(node, "list");
                &[]
            }
        }
    }

    /// A whole number from 0.
    pub fn count(&mut self, node: &Node) -> Option<At<u64>> {
        let text = node.as_str().map(str::trim);
        match text.and_then(|text| text.parse::<u64>().ok()).filter(|n| *n <= 1_000_000_000_000) {
            Some(number) => Some(At::new(number, node.span)),
            None if node.is_null() => None,
            None => {
                self.wrong(node, "count");
                None
            }
        }
    }

    /// A whole number that may be negative.
    pub fn whole(&mut self, node: &Node) -> Option<At<i64>> {
        match node.as_str().and_then(|text| text.trim().parse().ok()) {
            Some(number) => Some(At::new(number, node.span)),
            None if node.is_null() => None,
            None => {
                self.wrong(node, "whole");
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, node: &Node) -> Option<At<bool>> {
        match node.as_str() {
            Some("true" | "True" | "yes" | "on") => Some(At::new(true, node.span)),
            Some("false" | "False" | "no" | "off") => Some(At::new(false, node.span)),
            None if node.is_null() => None,
            _ => {
                self.wrong(node, "truth");
                None
            }
        }
    }

    /// One of some fixed words.
    pub fn choice<T: Copy>(&mut self, node: &Node, choices: &[(&'static str, T)]) -> Option<At<T>> {
        if node.is_null() {
            return None;
        }
        let text = node.as_str().unwrap_or_default();
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(At::new(*value, node.span));
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let fault = Diagnostic::new("value/choice", self.place(node.span))
            .with("found", shorten(text))
            .with("choices", words.join(", "))
            .near(text, words.iter().copied());
        self.say(fault);
        None
    }

    /// Notes every key that nobody asked for.
    pub fn finish(&mut self, fields: &Fields<'_>) {
        for entry in fields.entries {
            if !fields.known.contains(&entry.key.as_str()) {
                let fault = Diagnostic::new("key/unknown", self.place(entry.key_span))
                    .with("key", shorten(&entry.key))
                    .near(&entry.key, fields.known.iter().copied());
                self.say(fault);
            }
        }
    }
}

/// The entries of one map, and the names that were asked for.
pub struct Fields<'n> {
    entries: &'n [Entry],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The value of a key, marking the key as known.
    pub fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Entries whose keys were not asked for: where the author chooses the names.
    pub fn rest(&self) -> impl Iterator<Item = &'n Entry> + '_ {
        self.entries.iter().filter(|entry| !self.known.contains(&entry.key.as_str()))
    }

    /// Whether the map has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// At most forty characters of something the author wrote, on one line.
pub fn shorten(text: &str) -> String {
    let mut line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Some((cut, _)) = line.char_indices().nth(40) {
        line.truncate(cut);
        line.push('…');
    }
    line
}
