//! The table of all findings, read from `codes/*.yaml`, which are part of the program: how grave each is, what it says
//! (`{names}` are filled by the finding), why it is one, and what to do next. `explain CODE` prints all three. A test
//! fails when a code has no bad and no good case below `tests/cases/codes/`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Severity;

/// A language of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// One file an area; a code stands in one of them only.
const FILES: [&str; 10] = [
    include_str!("codes/terms.yaml"),
    include_str!("codes/source.yaml"),
    include_str!("codes/yaml.yaml"),
    include_str!("codes/catalog.yaml"),
    include_str!("codes/rows.yaml"),
    include_str!("codes/site.yaml"),
    include_str!("codes/words.yaml"),
    include_str!("codes/channel.yaml"),
    include_str!("codes/posters.yaml"),
    include_str!("codes/picture.yaml"),
];

/// All findings and the words they share.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Table {
    terms: BTreeMap<String, Term>,
    codes: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
struct Term {
    en: String,
    zh: String,
}

/// One finding.
#[derive(Deserialize)]
pub struct Row {
    /// How grave it is.
    pub severity: Severity,
    /// In English.
    pub en: Words,
    /// In Chinese.
    pub zh: Words,
}

/// What a finding says.
#[derive(Deserialize)]
pub struct Words {
    /// The message, with `{name}` places.
    pub says: String,
    /// Why it is one.
    pub why: String,
    /// What to do next.
    pub fix: String,
}

/// The table.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for file in FILES {
            let part: Table = serde_yaml::from_str(file).expect("the files are tested");
            table.terms.extend(part.terms);
            for (code, row) in part.codes {
                let twice = table.codes.insert(code, row);
                assert!(twice.is_none(), "a code stands in two files");
            }
        }
        table
    })
}

impl Table {
    /// All codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.codes.iter().map(|(code, row)| (code.as_str(), row))
    }

    /// The row of a code.
    pub fn row(&self, code: &str) -> Option<&Row> {
        self.codes.get(code)
    }

    /// How grave a finding is; one without a row is an error, so that it cannot be missed.
    pub fn severity(&self, code: &str) -> Severity {
        self.row(code).map_or(Severity::Error, |row| row.severity)
    }

    /// A shared word; an unknown key stands for itself.
    pub fn term<'t>(&'t self, key: &'t str, lang: Lang) -> &'t str {
        self.terms.get(key).map_or(key, |term| match lang {
            Lang::En => &term.en,
            Lang::Zh => &term.zh,
        })
    }
}

impl Row {
    /// Its words in a language.
    pub fn words(&self, lang: Lang) -> &Words {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// Stands before the Chinese and before the English words of a value that has both.
const BOTH: char = '\u{1f}';

/// A value with words in both languages, for what is not in the table: rules of packs.
pub fn both(zh: &str, en: &str) -> String {
    format!("{BOTH}{zh}{BOTH}{en}")
}

/// Fills the `{name}` places of a text; `{{` and `}}` stand for braces. A value `@term` is looked up.
pub fn fill<'a>(text: &str, lang: Lang, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if rest.starts_with(brace) {
            filled.push_str(brace);
            rest = &rest[1..];
        } else if let Some(end) = rest.find('}').filter(|_| brace == "{") {
            let found = value(&rest[..end]).unwrap_or_default();
            if let Some((zh, en)) = found.strip_prefix(BOTH).and_then(|both| both.split_once(BOTH))
            {
                filled.push_str(if lang == Lang::Zh { zh } else { en });
                rest = &rest[end + 1..];
                continue;
            }
            match found.strip_prefix('@') {
                Some(term) => filled.push_str(table().term(term, lang)),
                None => filled.push_str(found),
            }
            rest = &rest[end + 1..];
        }
    }
    filled.push_str(rest);
    filled
}
