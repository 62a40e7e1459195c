//! Texts that may differ by language.

use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostic, nearest};
use crate::source::fields::{At, Decoder};
use crate::source::yaml::{Node, Value};

/// A language of the shop, as written in `locales`: `zh-CN`, `en`.
pub type Locale = std::sync::Arc<str>;

/// One text for all languages, or one each.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Text {
    /// The same everywhere.
    One(String),
    /// By language, in the order written.
    By(Vec<(String, String)>),
}

impl Text {
    /// The text in a language, if it was written in it (or is the same in all).
    pub fn exact(&self, locale: &str) -> Option<&str> {
        match self {
            Text::One(text) => Some(text),
            Text::By(texts) => {
                texts.iter().find(|(name, _)| name == locale).map(|(_, text)| text.as_str())
            }
        }
    }

    /// The text in a language, else in the first one written.
    pub fn get(&self, locale: &str) -> &str {
        self.exact(locale).unwrap_or(match self {
            Text::One(text) => text,
            Text::By(texts) => texts.first().map_or("", |(_, text)| text),
        })
    }
}

/// Whether a name has the form of a language tag: `en`, `zh-CN`, `zh-Hant-TW`.
pub fn is_locale(name: &str) -> bool {
    let mut parts = name.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Reads a text or a map of texts by language.
pub fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<Text>> {
    let Value::Map(entries) = &node.value else {
        return decoder.text(node).map(|text| text.map(Text::One));
    };
    let mut texts = Vec::with_capacity(entries.len());
    for entry in entries {
        let braced = entries.len() == 1 && entry.node.is_null();
        if is_locale(&entry.key) && !braced {
            if let Some(text) = decoder.text(&entry.node) {
                texts.push((entry.key.clone(), text.value));
            }
        } else if braced {
            // `{new} bowl` was meant as it stands, and braces make a map of it.
            decoder.say(
                Diagnostic::new("yaml/quotes", decoder.place(node.span))
                    .with("near", format!("\"{{{}}}\"", entry.key)),
            );
        } else {
            let mut fault = Diagnostic::new("value/locale", decoder.place(entry.key_span))
                .with("found", &entry.key);
            if let Some(near) = nearest(&entry.key, ["zh-CN", "en"]) {
                fault = fault.with("near", near);
            }
            decoder.say(fault);
        }
    }
    Some(At::new(Text::By(texts), node.span))
}
