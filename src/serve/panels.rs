//! The panels of the workbench. Each is one file: what it shows, as plain data that the workbench knows how to draw
//! (`web/README.md` lists the blocks and cells). To add one: a file here, and a line in `PANELS`.

mod builds;
mod channels;
mod details;
pub(super) mod findings;
mod listings;
mod posters;
mod product;
mod products;
mod words;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::live::Live;
use crate::diag::codes::Lang;
use crate::id::{SourcePath, unescaped};

/// A word in English and in Chinese.
pub(super) type Word = (&'static str, &'static str);

/// A room of the workbench.
pub(super) struct Panel {
    /// Its address: `#id`.
    pub id: &'static str,
    pub title: Word,
    /// It is listed; else something of another panel leads to it.
    pub listed: bool,
    /// What it shows now.
    pub view: fn(&Live, &Query) -> Value,
}

/// All of them, in the order in which they are listed.
pub(super) const PANELS: [Panel; 8] = [
    products::PANEL,
    findings::PANEL,
    channels::PANEL,
    posters::PANEL,
    builds::PANEL,
    product::PANEL,
    listings::PANEL,
    details::PANEL,
];

/// What stands behind the `?` of a panel's address.
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// What a browser writes behind `?`, its blanks as `+`.
    pub(in crate::serve) fn parse(text: &str) -> Self {
        let plain = |text: &str| Some(unescaped(&text.replace('+', " "))?.into_owned());
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Self(pairs.filter_map(|(name, value)| Some((plain(name)?, plain(value)?))).collect())
    }

    pub(in crate::serve) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Live {
    /// A word in the reader's language.
    pub(in crate::serve) fn say(&self, word: Word) -> &'static str {
        if self.lang == Lang::Zh { word.1 } else { word.0 }
    }

    /// So many of something: of one, of more, and in Chinese.
    fn count(&self, number: usize, (one, more, zh): (&str, &str, &str)) -> String {
        let word = match self.lang {
            Lang::Zh => zh,
            Lang::En if number == 1 => one,
            Lang::En => more,
        };
        format!("{number} {word}")
    }
}

/// A cell that leads somewhere.
fn link(text: &str, href: &str) -> Value {
    json!({"text": text, "href": href})
}

/// A cell that opens the editor.
fn place(file: &SourcePath) -> Value {
    json!({"file": file.as_str(), "line": 1, "column": 1})
}

/// A short word on a coloured ground: `good`, `warn`, `bad`, `calm`.
fn badge(text: &str, tone: &str) -> Value {
    json!({"text": text, "tone": tone})
}

/// A column of a table.
fn column(title: &str, kind: &str) -> Value {
    json!({"title": title, "as": kind})
}
