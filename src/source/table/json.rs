//! JSON text into the same tree that YAML gives, with places (RFC 8259).

use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::yaml::{Entry, Node, Value};

/// Deeper nesting is refused, as it is in YAML.
const MAX_DEPTH: usize = 64;

/// Reads one JSON value.
pub(super) fn parse(file: &SourcePath, text: &str) -> Result<Node, Diagnostic> {
    let mut reader = Reader { text, at: 0 };
    let read = reader.value(0).filter(|_| {
        reader.space();
        reader.at == text.len()
    });
    read.ok_or_else(|| {
        let end = text[reader.at..].chars().next().map_or(0, char::len_utf8);
        let at = Place::Bytes(file.clone(), Span::new(reader.at, reader.at + end));
        Diagnostic::new("rows/not-json", at)
    })
}

/// Stops at the first byte that is not JSON.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.space();
        let start = self.at;
        let value = match self.peek()? {
            b'{' if depth < MAX_DEPTH => self.map(depth)?,
            b'[' if depth < MAX_DEPTH => self.list(depth)?,
            b'"' => Value::Scalar { text: self.string()?, plain: false },
            _ => self.word()?,
        };
        Some(Node { value, span: Span::new(start, self.at) })
    }

    fn map(&mut self, depth: usize) -> Option<Value> {
        self.eat(b'{')?;
        let mut entries: Vec<Entry> = Vec::new();
        if self.eat(b'}').is_some() {
            return Some(Value::Map(entries));
        }
        loop {
            self.space();
            let start = self.at;
            let key = self.string()?;
            let key_span = Span::new(start, self.at);
            self.eat(b':')?;
            let node = self.value(depth + 1)?;
            entries.push(Entry { key, key_span, node });
            if self.eat(b',').is_none() {
                self.eat(b'}')?;
                return Some(Value::Map(entries));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.eat(b'[')?;
        let mut items = Vec::new();
        if self.eat(b']').is_some() {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(b',').is_none() {
                self.eat(b']')?;
                return Some(Value::List(items));
            }
        }
    }

    /// A number as it is written, a truth value, or null.
    fn word(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'));
        let word = &rest[..end.unwrap_or(rest.len())];
        let value = match word {
            "null" => Value::Null,
            "true" | "false" => Value::Scalar { text: word.to_owned(), plain: true },
            _ if word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
                word.parse::<f64>().ok()?;
                Value::Scalar { text: word.to_owned(), plain: true }
            }
            _ => return None,
        };
        self.at += word.len();
        Some(value)
    }

    fn string(&mut self) -> Option<String> {
        (self.peek() == Some(b'"')).then(|| self.at += 1)?;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let stop = |byte: &u8| matches!(byte, b'"' | b'\\') || *byte < b' ';
            let plain = rest.as_bytes().iter().position(stop)?;
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(text);
                }
                b'\\' => text.push(self.escape()?),
                // Line breaks and tabs in a text are not JSON, yet some programs write them.
                b'\n' | b'\r' | b'\t' => {
                    text.push(char::from(self.peek()?));
                    self.at += 1;
                }
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let sign = *self.text.as_bytes().get(self.at + 1)?;
        let plain = match sign {
            b'"' | b'\\' | b'/' => char::from(sign),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return None,
        };
        self.at += 2;
        Some(plain)
    }

    /// `\u4e00`, or two of them for a character beyond the first 65,536.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let here = self.at;
        match self.unit() {
            Some(second) if (0xDC00..0xE000).contains(&second) => {
                char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            }
            _ => {
                self.at = here;
                Some(char::REPLACEMENT_CHARACTER)
            }
        }
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 6)?.strip_prefix("\\u")?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 6;
        Some(unit)
    }
}
