//! YAML text into a tree whose keys and values know their place. The only room that knows which YAML parser is used.
//!
//! A fault never empties the tree: what was read before it is kept, so that the file's other faults are found too.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;

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
                    self.syntax(text, &error);
                    return (close_all(open, root), true);
                }
                None => {
                    // A file of full-width colons only is one long text to YAML.
                    if let Some(Node { value: Value::Scalar { plain: true, .. }, .. }) = &root
                        && let Some(colon) = wide_colon(text)
                    {
                        self.fault("yaml/wide-colon", colon.shift(self.offset));
                        return (None, true);
                    }
                    return (root, false);
                }
            };
            let start = self.byte(span.start.index());
            // Our own cursor only moves forward, as the events do; an end may lie behind the next start.
            let at = |reader: &Self, end| Span::new(start, reader.peek_byte(end).max(start));
            let done = match event {
                Event::Scalar(text, style, anchor, _) => {
                    let at = at(self, span.end.index());
                    let node = Node { value: scalar(text, style), span: at };
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
                    let (node, anchor) = closed.close(start as u32);
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

    fn keep(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    fn syntax(&mut self, text: &str, error: &saphyr_parser::ScanError) {
        let at = self.peek_byte(error.marker().index());
        let end = (at + 1).min(text.len() + self.offset).max(at);
        // The parser's own words about tabs point behind them; authors meet this one most.
        let line_start = text[..at - self.offset].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = text[line_start..].find(|c: char| c != ' ').unwrap_or(0);
        if text[line_start + indent..].starts_with('\t') {
            let tab = self.offset + line_start + indent;
            self.fault("yaml/tab", Span::new(tab, tab + 1));
            return;
        }
        if error.info().contains("recursion") {
            // The parser reads ahead and gives up before our own limit is seen.
            self.fault("yaml/too-deep", Span::new(at, end));
            return;
        }
        if let Some(mark) = line_starting(text, "<<<<<<<") {
            self.fault("yaml/merge", mark.shift(self.offset));
            return;
        }
        // The parser notices a missing colon on its own line or the one after.
        let line_end =
            text[at - self.offset..].find('\n').map_or(text.len(), |n| at - self.offset + n);
        let before = text[..line_start].trim_end().rfind('\n').map_or(0, |newline| newline + 1);
        if let Some(colon) = wide_colon(&text[before..line_end]) {
            self.fault("yaml/wide-colon", colon.shift(self.offset + before));
            return;
        }
        // The parser's sentences are keys of the shared words.
        let reason = format!("@{}", error.info());
        let fault = self.fault("yaml/syntax", Span::new(at, end));
        fault.args.push((Cow::Borrowed("reason"), reason));
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

/// The full-width colon of a line that has no colon of YAML before it: the author meant `:` and a space.
fn wide_colon(lines: &str) -> Option<Span> {
    let mut start = 0;
    for line in lines.split_inclusive('\n') {
        if let Some(at) = line.find('：')
            && !line[..at].contains([':', '#', '"', '\''])
        {
            return Some(Span::new(start + at, start + at + '：'.len_utf8()));
        }
        start += line.len();
    }
    None
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
