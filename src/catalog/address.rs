//! Addresses: how a name becomes the last part of a URL, and the book in which a made-up one is kept.

use std::collections::BTreeMap;

use deunicode::deunicode;
use pinyin::ToPinyin;

use crate::diag::Diagnostic;
use crate::id::SourcePath;
use crate::source::yaml;

/// Where made-up addresses are written down, so that they never change by themselves.
pub const BOOK: &str = "content/addresses.yaml";

/// Names the site itself uses at its root, and `page`, which pagination uses everywhere.
pub const RESERVED: [&str; 8] =
    ["brands", "tags", "campaigns", "assets", "pictures", "page", "_", "index.html"];

/// Whether a name can stand in an address as it is.
pub fn is_slug(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 120
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~'))
        && name.bytes().any(|b| b.is_ascii_alphanumeric())
        && !name.ends_with('.')
        && !is_device(name)
}

/// Names that Windows takes for devices, with any ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    matches!(&*stem, "con" | "prn" | "aux" | "nul")
        || ((stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.len() == 4
            && stem.as_bytes()[3].is_ascii_digit())
}

/// Makes a slug of any name: Chinese as pinyin, other letters without their marks, the rest as hyphens.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    let gap = |slug: &mut String| {
        if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    };
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if let Some(sound) = c.to_pinyin() {
            gap(&mut slug);
            slug.push_str(sound.plain());
            slug.push('-');
        } else if c.is_alphanumeric() {
            let plain = deunicode(&c.to_string()).to_lowercase();
            slug.extend(plain.chars().filter(char::is_ascii_alphanumeric));
        } else {
            gap(&mut slug);
        }
    }
    let slug = slug.trim_matches('-');
    let mut slug: String = slug.chars().take(80).collect();
    slug.truncate(slug.trim_end_matches('-').len());
    if is_device(&slug) { format!("{slug}-1") } else { slug }
}

/// The book of made-up addresses: name of the thing (its path) to slug.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Book {
    /// What was written down.
    pub entries: BTreeMap<String, String>,
    /// Something new was made up in this build.
    pub grown: bool,
}

impl Book {
    /// Reads the book.
    pub fn read(text: &str, faults: &mut Vec<Diagnostic>) -> Self {
        let file = SourcePath::new(BOOK);
        let parsed = yaml::parse(&file, text, 0);
        faults.extend(parsed.faults);
        let mut entries = BTreeMap::new();
        if let Some(yaml::Node { value: yaml::Value::Map(map), .. }) = parsed.root {
            for entry in map {
                if let Some(slug) = entry.node.as_str().filter(|slug| is_slug(slug)) {
                    entries.insert(entry.key, slug.to_owned());
                }
            }
        }
        Self { entries, grown: false }
    }

    /// The slug of a thing whose name is not one itself: as written down, else made up now.
    pub fn slug_of(&mut self, key: &str, name: &str) -> String {
        if is_slug(name) {
            return name.to_owned();
        }
        if let Some(known) = self.entries.get(key) {
            return known.clone();
        }
        let made = slug(name);
        let made =
            if made.is_empty() { crate::id::Hash::of(name.as_bytes()).short(8) } else { made };
        self.entries.insert(key.to_owned(), made.clone());
        self.grown = true;
        made
    }

    /// The book's text, to be kept with the shop.
    pub fn write(&self) -> String {
        let head = "# Addresses made from names that cannot stand in one. Written by `shangjia build`; keep it in git:\n# a published address stays as it is even when the rules for making one change.\n";
        let body = serde_yaml::to_string(&self.entries).expect("a map of texts serialises");
        format!("{head}{body}")
    }
}
