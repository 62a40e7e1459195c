//! YAML text into a tree whose keys and values know their place. The only room that knows which YAML parser is used.
//!
//! A fault never empties the tree: what was read before it is kept, so that the file's other faults are found too.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;

use super::slips::{self, Slip};

/// Deeper nesting is refused: no shop needs it, and a hostile file would use it to exhaust the stack.
const MAX_DEPTH: usize = 64;
/// More values than this in one file are refused; aliases count with everything they copy.
const MAX_NODES: usize = 2_000_000;
const MAX_ALIASED: usize = 20_000;

/// A value and its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What stands there.
    pub value: Value,
    /// Where, in bytes of the file's text.
    pub span: Span,
}

/// What a YAML value can be.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A text, number, date or truth value, as written; `plain` when it has no quotes.
    Scalar {
        /// The characters.
        text: String,
        /// Written without quotes, so it may mean a number or a truth value.
        plain: bool,
    },
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{a: b}`, in the order written.
    Map(Vec<Entry>),
}

/// One `key: value`.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// The key's place.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// A text made by us, standing for the given place.
    pub fn text(text: impl Into<String>, span: Span) -> Self {
        Self { value: Value::Scalar { text: text.into(), plain: false }, span }
    }

    /// The entry's value, when this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
            }
            _ => None,
        }
    }

    /// The scalar's text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing stands here.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// What one text gave.
pub struct Parsed {
    /// The tree; `None` for an empty text.
    pub root: Option<Node>,
    /// Every fault, in order.
    pub faults: Vec<Diagnostic>,
    /// The text ended in a fault, so things may be missing that the author did write.
    pub partial: bool,
}

/// Reads `text`, which begins `offset` bytes into `file`.
pub fn parse(file: &SourcePath, text: &str, offset: usize) -> Parsed {
    let mut reader = Reader {
        file,
        offset,
        bytes: ByteCursor { text, chars: 0, bytes: 0 },
        faults: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        aliased: 0,
    };
    let (root, partial) = reader.read(text);
    Parsed { root, faults: reader.faults, partial }
}

/// A container that is not closed yet.
enum Open {
    List { items: Vec<Node>, start: u32, anchor: usize },
    Map { entries: Vec<Entry>, key: Option<(String, Span)>, start: u32, anchor: usize },
}

struct Reader<'a> {
    file: &'a SourcePath,
    offset: usize,
    bytes: ByteCursor<'a>,
    faults: Vec<Diagnostic>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    aliased: usize,
}

impl Reader<'_> {
    fn fault(&mut self, code: &'static str, span: Span) -> &mut Diagnostic {
        let at = Place::Bytes(self.file.clone(), span);
        self.faults.push(Diagnostic::new(code, at));
        self.faults.last_mut().expect("just pushed")
    }

    fn read(&mut self, text: &str) -> (Option<Node>, bool) {
        let mut parser = Parser::new_from_str(text);
        let mut open: Vec<Open> = Vec::new();
        let mut root = None;
        loop {
            let (event, span) = match parser.next_event() {
                Some(Ok(next)) => next,
                Some(Err(error)) => {
                    let from = self.syntax(text, &error);
                    drop_torn(&mut open, &mut root, from);
                    return (close_all(open, root), true);
                }
                None => {
                    if let Some(Node { value: Value::Scalar { plain: true, .. }, .. }) = &root
                        && let Some(slip) = slips::no_map(text)
                    {
                        self.slip(slip, self.offset);
                        return (None, true);
                    }
                    return (root, false);
                }
            };
            let start = self.byte(span.start.index());
            // Our own cursor only moves forward, as the events do; an end may lie behind the next start.
            let at = |reader: &Self, end| Span::new(start, reader.peek_byte(end).max(start));
            let done = match event {
                Event::Scalar(words, style, anchor, _) => {
                    let at = at(self, span.end.index());
                    let node = Node { value: scalar(words, style), span: at };
                    self.remark(text, &node);
                    self.keep(anchor, &node);
                    node
                }
                Event::Alias(anchor) => {
                    let at = at(self, span.end.index());
                    let Some(copy) = self.anchors.get(&anchor) else { continue };
                    self.aliased += size(copy);
                    let node = Node { value: copy.value.clone(), span: at };
                    if self.aliased > MAX_ALIASED {
                        self.fault("yaml/too-many", at);
                        return (close_all(open, root), true);
                    }
                    node
                }
                Event::SequenceStart(anchor, _) => {
                    let start = first_dash(text, start - self.offset) + self.offset;
                    open.push(Open::List { items: Vec::new(), start: start as u32, anchor });
                    if open.len() > MAX_DEPTH {
                        self.fault("yaml/too-deep", Span::new(start, start + 1));
                        return (close_all(open, root), true);
                    }
                    continue;
                }
                Event::MappingStart(anchor, _) => {
                    let entries = Vec::new();
                    open.push(Open::Map { entries, key: None, start: start as u32, anchor });
                    if open.len() > MAX_DEPTH {
                        self.fault("yaml/too-deep", Span::new(start, start + 1));
                        return (close_all(open, root), true);
                    }
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(closed) = open.pop() else { continue };
                    // A bracket belongs to what it closes; blocks have none.
                    let bracket = usize::from(span.start.index() < span.end.index());
                    let (mut node, anchor) = closed.close((start + bracket) as u32);
                    self.thousands(&mut node);
                    self.colons(&mut node);
                    self.keep(anchor, &node);
                    node
                }
                Event::DocumentStart(_) if root.is_some() => {
                    self.fault("yaml/two-documents", Span::new(start, start + 3));
                    return (root, true);
                }
                _ => continue,
            };
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                self.fault("yaml/too-many", done.span);
                return (close_all(open, root), true);
            }
            match open.last_mut() {
                None => root = Some(done),
                Some(Open::List { items, .. }) => items.push(done),
                Some(Open::Map { entries, key, .. }) => match key.take() {
                    None => *key = Some(self.key(done)),
                    Some((name, key_span)) if name.starts_with('\u{3000}') => {
                        if let Some(slip) = slips::wide(&name) {
                            self.slip(slip, key_span.start as usize);
                        }
                    }
                    Some((name, key_span)) => {
                        if let Some(first) = entries.iter().find(|entry| entry.key == name) {
                            let first = Place::Bytes(self.file.clone(), first.key_span);
                            let at = Place::Bytes(self.file.clone(), key_span);
                            self.faults.push(
                                Diagnostic::new("yaml/duplicate-key", at)
                                    .with("key", &name)
                                    .also(first, "first-here"),
                            );
                        } else {
                            entries.push(Entry { key: name, key_span, node: done });
                        }
                    }
                },
            }
        }
    }

    /// A key must be a single text: lists and maps as keys mean nothing in a shop.
    fn key(&mut self, node: Node) -> (String, Span) {
        match node.value {
            Value::Scalar { text, .. } => (text, node.span),
            Value::Null => (String::new(), node.span),
            _ => {
                self.fault("yaml/key", node.span);
                (String::new(), node.span)
            }
        }
    }

    fn slip(&mut self, slip: Slip, offset: usize) {
        let fault = self.fault(slip.code, slip.span.shift(offset));
        fault.args.extend(slip.args.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)));
    }

    /// `title: Bowl #1` is the text `Bowl` to YAML; a number or a date is whole without what follows.
    fn remark(&mut self, text: &str, node: &Node) {
        let Value::Scalar { text: words, plain: true } = &node.value else { return };
        if words.chars().all(|c| c.is_ascii_digit() || ".-: ".contains(c)) {
            return;
        }
        if let Some(lost) = slips::hidden(text, node.span.end as usize - self.offset) {
            let found = text[lost.start as usize..lost.end as usize].to_owned();
            self.fault("yaml/remark", lost.shift(self.offset))
                .args
                .push((Cow::Borrowed("found"), found));
        }
    }

    /// `{材质：瓷}` is a name without a value to YAML.
    fn colons(&mut self, node: &mut Node) {
        let Value::Map(entries) = &mut node.value else { return };
        entries.retain(|entry| {
            let colon = entry.key.find('：').filter(|_| entry.node.is_null());
            if let Some(at) = colon {
                let span = Span::new(at, at + '：'.len_utf8());
                self.fault("yaml/wide-colon", span.shift(entry.key_span.start as usize));
            }
            colon.is_none()
        });
    }

    /// `{list: 1,299.00}` is two entries to YAML: made one again, and told.
    fn thousands(&mut self, node: &mut Node) {
        let Value::Map(entries) = &mut node.value else { return };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let mut nth = 1;
        while nth < entries.len() {
            let (whole, fraction) = match entries[nth].key.split_once('.') {
                Some((whole, fraction)) => (whole, Some(fraction)),
                None => (entries[nth].key.as_str(), None),
            };
            let tail = whole.len() == 3 && digits(whole) && fraction.is_none_or(digits);
            let joined = match &entries[nth - 1].node.value {
                Value::Scalar { text, plain: true }
                    if tail && entries[nth].node.is_null() && digits(text) =>
                {
                    format!("{text}{}", entries[nth].key)
                }
                _ => {
                    nth += 1;
                    continue;
                }
            };
            let first = &mut entries[nth - 1].node;
            first.value = Value::Scalar { text: joined.clone(), plain: true };
            let span = Span { start: first.span.start, end: entries[nth].key_span.end };
            entries.remove(nth);
            self.fault("yaml/thousands", span).args.push((Cow::Borrowed("near"), joined));
        }
    }

    fn keep(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    /// Tells what the parser met, and from where on the last value is not what the author wrote.
    fn syntax(&mut self, text: &str, error: &saphyr_parser::ScanError) -> usize {
        let at = self.peek_byte(error.marker().index());
        let end = (at + 1).min(text.len() + self.offset).max(at);
        let read = &text[..at - self.offset];
        // A plain text that runs up to the fault has swallowed what followed it.
        let torn = self.offset + read.trim_end().len();
        // The parser's own words about tabs point behind them; authors meet this one most.
        let line_start = read.rfind('\n').map_or(0, |newline| newline + 1);
        let indent = text[line_start..].find(|c: char| c != ' ').unwrap_or(0);
        if text[line_start + indent..].starts_with('\t') {
            let tab = self.offset + line_start + indent;
            self.fault("yaml/tab", Span::new(tab, tab + 1));
        } else if error.info().contains("recursion") {
            // The parser reads ahead and gives up before our own limit is seen.
            self.fault("yaml/too-deep", Span::new(at, end));
        } else if let Some(mark) = line_starting(text, "<<<<<<<") {
            self.fault("yaml/merge", mark.shift(self.offset));
        } else if let Some(slip) = slips::behind(text, at - self.offset, error.info()) {
            let begins = self.offset + slip.span.start as usize;
            self.slip(slip, self.offset);
            return torn.min(begins);
        } else {
            // The parser's sentences are keys of the shared words.
            let reason = format!("@{}", error.info());
            let fault = self.fault("yaml/syntax", Span::new(at, end));
            fault.args.push((Cow::Borrowed("reason"), reason));
        }
        torn
    }

    fn byte(&mut self, char_index: usize) -> usize {
        self.bytes.forward(char_index);
        self.offset + self.bytes.bytes
    }

    fn peek_byte(&self, char_index: usize) -> usize {
        let mut ahead = self.bytes;
        ahead.forward(char_index);
        self.offset + ahead.bytes
    }
}

impl Open {
    fn close(self, end: u32) -> (Node, usize) {
        match self {
            Open::List { items, start, anchor } => {
                (Node { value: Value::List(items), span: Span { start, end } }, anchor)
            }
            Open::Map { entries, start, anchor, .. } => {
                (Node { value: Value::Map(entries), span: Span { start, end } }, anchor)
            }
        }
    }
}

/// Where a list begins: one that stands no deeper than its key is said to begin behind its first dash.
fn first_dash(text: &str, start: usize) -> usize {
    let before = text[..start].trim_end_matches([' ', '\t']);
    let behind = before.ends_with('-') && !text[start..].starts_with(['-', '[']);
    if behind { before.len() - 1 } else { start }
}

/// Takes out the last value when it reaches beyond `from`: it is not what the author wrote.
fn drop_torn(open: &mut [Open], root: &mut Option<Node>, from: usize) {
    let torn = |node: &Node| {
        node.span.end as usize >= from && !matches!(&node.value, Value::Scalar { plain: false, .. })
    };
    match open.last_mut() {
        None if root.as_ref().is_some_and(torn) => *root = None,
        Some(Open::List { items, .. }) if items.last().is_some_and(torn) => {
            items.pop();
        }
        Some(Open::Map { entries, key: None, .. })
            if entries.last().is_some_and(|entry| torn(&entry.node)) =>
        {
            entries.pop();
        }
        _ => {}
    }
}

/// Folds what is still open into the tree read so far.
fn close_all(mut open: Vec<Open>, root: Option<Node>) -> Option<Node> {
    let mut inner: Option<Node> = None;
    while let Some(mut container) = open.pop() {
        if let Some(node) = inner.take() {
            match &mut container {
                Open::List { items, .. } => items.push(node),
                Open::Map { entries, key, .. } => {
                    if let Some((key, key_span)) = key.take() {
                        entries.push(Entry { key, key_span, node });
                    }
                }
            }
        }
        let start = match &container {
            Open::List { start, .. } | Open::Map { start, .. } => *start,
        };
        inner = Some(container.close(start).0);
    }
    inner.or(root)
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value {
    let plain = style == ScalarStyle::Plain;
    if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
        return Value::Null;
    }
    Value::Scalar { text: text.into_owned(), plain }
}

/// The first line that begins so.
fn line_starting(text: &str, mark: &str) -> Option<Span> {
    let at = if text.starts_with(mark) { 0 } else { text.find(&format!("\n{mark}"))? + 1 };
    Some(Span::new(at, at + mark.len()))
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|entry| size(&entry.node)).sum(),
        _ => 0,
    }
}

/// Turns the parser's character counts into bytes, moving forward only.
#[derive(Clone, Copy)]
struct ByteCursor<'a> {
    text: &'a str,
    chars: usize,
    bytes: usize,
}

impl ByteCursor<'_> {
    fn forward(&mut self, char_index: usize) {
        let rest = &self.text.as_bytes()[self.bytes..];
        let mut left = char_index.saturating_sub(self.chars);
        let mut passed = 0;
        while left > 0 && passed < rest.len() {
            passed += 1;
            while passed < rest.len() && rest[passed] & 0xC0 == 0x80 {
                passed += 1;
            }
            left -= 1;
            self.chars += 1;
        }
        self.bytes += passed;
    }
}
