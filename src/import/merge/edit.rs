//! Small edits of YAML text: a value replaced, an entry put in or taken out, an item added.

use crate::source::yaml::{Entry, Node, Value};

use super::{entries, range};

/// Some bytes and what they become.
#[derive(Debug)]
pub(super) struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// A text with its edits, which do not overlap.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    // Of several at one place, the first stays the first.
    edits.sort_by_key(|edit| edit.start);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.end.max(at);
    }
    out.push_str(&text[at..]);
    out
}

/// Line and column of a place, from 1.
pub(super) fn line(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len())];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// A value on one line; `flow` within brackets, where commas divide.
pub(super) fn inline(node: &Node, flow: bool) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar { text, plain } => scalar(text, *plain, flow),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let pair = |entry: &Entry| {
                format!("{}: {}", scalar(&entry.key, true, true), inline(&entry.node, true))
            };
            let entries: Vec<String> = entries.iter().map(pair).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn scalar(text: &str, plain: bool, flow: bool) -> String {
    let divides = flow && text.contains([',', '[', ']', '{', '}', ':', '#']);
    if plain && !divides && !text.contains('\n') {
        return text.to_owned();
    }
    let written = serde_yaml::to_string(text).unwrap_or_default().trim_end().to_owned();
    let quoted = written.starts_with(['\'', '"']);
    if written.contains('\n') || divides && !quoted {
        return serde_json::to_string(text).unwrap_or(written);
    }
    written
}

fn is_flow(text: &str, node: &Node) -> bool {
    text[node.span.start as usize..].starts_with(['{', '['])
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where a value ends: behind its last sign, without the blanks, line ends and remarks that a block may count as its own.
fn end(text: &str, node: &Node) -> usize {
    let last = match &node.value {
        Value::List(items) => items.last(),
        Value::Map(entries) => entries.last().map(|entry| &entry.node),
        _ => None,
    };
    if let Some(last) = last.filter(|_| !is_flow(text, node)) {
        return end(text, last);
    }
    let (start, end) = range(node.span);
    start + text[start..end.max(start)].trim_end().len()
}

/// The beginning of the line after a place.
fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// Puts another value in the place of one.
pub(super) fn replace(text: &str, ours: &Node, map: &Node, theirs: &Node) -> Option<Edit> {
    let start = ours.span.start as usize;
    let end = end(text, ours);
    let block = matches!(ours.value, Value::Map(_) | Value::List(_)) && !is_flow(text, ours);
    // A block becomes one line behind its key.
    let (start, lead) = if block { (text[..start].trim_end().len(), " ") } else { (start, "") };
    let folded = text[start..end].starts_with(['|', '>']);
    (!folded).then(|| Edit {
        start,
        end,
        text: format!("{lead}{}", inline(theirs, is_flow(text, map))),
    })
}

/// Puts an entry of the table's map into the author's, behind the one that it follows there.
pub(super) fn insert(text: &str, map: &Node, key: &str, table: &Node) -> Option<Edit> {
    let theirs = table.get(key)?;
    let known = entries(table).iter().take_while(|entry| entry.key != key);
    let before =
        known.filter_map(|entry| entries(map).iter().find(|own| own.key == entry.key)).last();
    let behind = before.or(entries(map).last())?;
    let pair = |flow| format!("{}: {}", scalar(key, true, flow), inline(theirs, flow));
    let stop = end(text, &behind.node);
    if is_flow(text, map) {
        return Some(Edit { start: stop, end: stop, text: format!(", {}", pair(true)) });
    }
    let first = entries(map).first()?.key_span.start as usize;
    let line = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let indent: String =
        text[line..first].chars().map(|c| if c == '-' { ' ' } else { c }).collect();
    let at = next_line(text, stop);
    let lead = if text[..at].ends_with('\n') { "" } else { newline(text) };
    Some(Edit {
        start: at,
        end: at,
        text: format!("{lead}{indent}{}{}", pair(false), newline(text)),
    })
}

/// Takes an entry out.
pub(super) fn remove(text: &str, map: &Node, key: &str) -> Option<Edit> {
    let all = entries(map);
    let nth = all.iter().position(|entry| entry.key == key)?;
    let (start, stop) = (all[nth].key_span.start as usize, end(text, &all[nth].node));
    if is_flow(text, map) {
        let (start, end) = match (nth, all.get(nth + 1)) {
            (_, Some(next)) => (start, next.key_span.start as usize),
            (0, None) => (start, stop),
            (_, None) => (end(text, &all[nth - 1].node), stop),
        };
        return Some(Edit { start, end, text: String::new() });
    }
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let alone = text[line..start].trim().is_empty();
    alone.then(|| Edit { start: line, end: next_line(text, stop), text: String::new() })
}

/// Adds an item to a list.
pub(super) fn append(text: &str, list: &Node, item: &Node) -> Option<Edit> {
    let Value::List(items) = &list.value else { return None };
    let last = items.last()?;
    let stop = end(text, last);
    let written = inline(item, true);
    if is_flow(text, list) {
        return Some(Edit { start: stop, end: stop, text: format!(", {written}") });
    }
    let first = items.first()?.span.start as usize;
    let line = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let dash = text[line..first].find('-')?;
    let indent = &text[line..line + dash];
    let at = next_line(text, stop);
    let lead = if text[..at].ends_with('\n') { "" } else { newline(text) };
    Some(Edit { start: at, end: at, text: format!("{lead}{indent}- {written}{}", newline(text)) })
}
