//! Typed reading of a YAML tree: every fault is noted with its place, and reading goes on.

use serde::{Deserialize, Serialize};

use super::slips;
use super::yaml::{Entry, Node, Value};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;

/// What stands between names that are written as one text, also as a Chinese keyboard gives it.
const COMMAS: [char; 3] = [',', '，', '、'];

/// What authors write in Chinese, and the word of the files it means.
const MEANT: [(&str, &str); 42] = [
    ("标题", "title"),
    ("名称", "title"),
    ("商品名称", "title"),
    ("副标题", "subtitle"),
    ("描述", "description"),
    ("简介", "description"),
    ("编码", "sku"),
    ("货号", "sku"),
    ("商家编码", "sku"),
    ("品牌", "brand"),
    ("日期", "date"),
    ("标签", "tags"),
    ("状态", "status"),
    ("价格", "price"),
    ("售价", "price"),
    ("原价", "list"),
    ("划线价", "list"),
    ("促销价", "sale"),
    ("开始", "from"),
    ("结束", "to"),
    ("库存", "stock"),
    ("条码", "gtin"),
    ("参数", "facts"),
    ("属性", "facts"),
    ("规格", "variants"),
    ("图片", "images"),
    ("主图", "images"),
    ("关联商品", "related"),
    ("渠道", "channels"),
    ("关键词", "keywords"),
    ("海报", "posters"),
    ("网址", "slug"),
    ("排序", "order"),
    ("默认值", "defaults"),
    ("时间", "window"),
    ("优惠", "terms"),
    ("商品", "products"),
    ("草稿", "draft"),
    ("上架", "on_shelf"),
    ("在售", "on_shelf"),
    ("在架", "on_shelf"),
    ("下架", "off_shelf"),
];

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
        if self.wide(node) {
            return;
        }
        let found = match &node.value {
            Value::Null => String::new(),
            Value::Scalar { text, .. } => shorten(text),
            Value::List(_) => "[…]".to_owned(),
            Value::Map(_) => "{…}".to_owned(),
        };
        let at = self.place(node.span);
        let mut fault = Diagnostic::new("value/type", at)
            .with("expected", format!("@{term}"))
            .with("found", &found);
        let number = narrow(&found);
        if number != found && number.parse::<f64>().is_ok() {
            fault = fault.with("near", number);
        }
        self.say(fault);
    }

    /// Notes that brackets, quotes or commas of a Chinese keyboard stand where YAML has its own.
    pub fn wide(&mut self, node: &Node) -> bool {
        let slip = match &node.value {
            Value::Scalar { text, plain: true } => slips::wide(text),
            _ => None,
        };
        let Some(slip) = slip else { return false };
        let mut fault =
            Diagnostic::new(slip.code, self.place(slip.span.shift(node.span.start as usize)));
        for (name, value) in slip.args {
            fault = fault.with(name, value);
        }
        self.say(fault);
        true
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
            Value::Scalar { text, plain: true } if text.starts_with(['【', '［', '｛']) => {
                self.wide(node);
                None
            }
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

    /// Names in which no comma stands: `[red、blue]` is a list of one, and probably not meant.
    pub fn words(&mut self, node: &Node) -> Option<Vec<At<String>>> {
        if let Value::List(items) = &node.value {
            for item in items {
                self.one(item);
            }
        }
        self.names(node)
    }

    fn one(&mut self, item: &Node) {
        if let Value::Scalar { text, plain: true } = &item.value
            && let Some(comma) = text.find(['，', '、'])
        {
            let parts: Vec<&str> = text.split(COMMAS).map(str::trim).collect();
            // Where quotes or folded lines stand, only the whole place is known.
            let exact = item.span.end - item.span.start == text.len() as u32;
            let at = Span::new(comma, comma + '，'.len_utf8()).shift(item.span.start as usize);
            let at = self.place(if exact { at } else { item.span });
            self.say(
                Diagnostic::new("value/one-of-list", at)
                    .with("found", shorten(text))
                    .with("near", parts.join(", ")),
            );
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
            .near(meant(text), words.iter().copied());
        self.say(fault);
        None
    }

    /// Notes every key that nobody asked for.
    pub fn finish(&mut self, fields: &Fields<'_>) {
        for entry in fields.entries {
            if !fields.known.contains(&entry.key.as_str()) {
                let fault = Diagnostic::new("key/unknown", self.place(entry.key_span))
                    .with("key", shorten(&entry.key))
                    .near(meant(&entry.key), fields.known.iter().copied());
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

/// The word of the files for a Chinese one; any other as it is.
fn meant(word: &str) -> &str {
    let known = MEANT.iter().find(|(chinese, _)| *chinese == word.trim());
    known.map_or(word, |(_, name)| name)
}

/// A machine's value typed with a Chinese keyboard, as it should have been: `６９` is `69`, `10：00` is `10:00`.
pub fn narrow(text: &str) -> String {
    text.trim_matches(['“', '”', '‘', '’', '"', '\''])
        .chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect()
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
