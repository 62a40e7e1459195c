//! Words that the law or a platform forbids: rule packs as data, and the engine that finds them. Knows no product.
//!
//! A rule has broad triggers and benign contexts: what nobody thought of is reported rather than missed. A text is
//! normalised first, so that `第①`, `最 低 价` and `全網` do not get through, and every hit is led back to the bytes it
//! came from.

mod engine;
mod pack;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};

pub use engine::{Checker, Context, Hit};
pub use pack::read;

/// Raise it when the same rules may find something else: what was found before is found anew.
const VERSION: u32 = 2;

/// How grave a hit is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Forbidden.
    Error,
    /// Most likely forbidden.
    Warn,
    /// A person must look at it.
    Review,
    /// Good to know.
    Info,
}

/// The words of `severity:`.
pub const LEVELS: [(&str, Level); 4] = [
    ("error", Level::Error),
    ("warn", Level::Warn),
    ("review", Level::Review),
    ("info", Level::Info),
];

/// A field of a product that is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Field {
    /// A title, also a channel's.
    Title,
    /// The line below it.
    Subtitle,
    /// Short selling points.
    Bullets,
    /// The detail text.
    Body,
    /// What a picture shows.
    Alt,
    /// Words on a poster.
    Poster,
    /// Descriptions for search engines.
    Meta,
}

/// The words of `fields:`.
pub const FIELDS: [(&str, Field); 7] = [
    ("title", Field::Title),
    ("subtitle", Field::Subtitle),
    ("bullets", Field::Bullets),
    ("body", Field::Body),
    ("alt", Field::Alt),
    ("poster", Field::Poster),
    ("meta", Field::Meta),
];

/// One file of rules.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Languages it is for; none means all.
    pub languages: Vec<String>,
    /// Channels it is for; none means all, and the site.
    pub channels: Vec<String>,
    /// Fields it is for; none means all.
    pub fields: Vec<Field>,
    /// Names in which nothing is looked for: brands, works.
    pub mask: Vec<String>,
    /// Contexts in which no rule of any pack finds anything: what a text denies it does not claim.
    pub unless: Vec<Unless>,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// How grave a hit is.
    pub level: Level,
    /// How grave it is in running text, if otherwise.
    pub in_prose: Option<Level>,
    /// The law or the platform's rule.
    pub law: String,
    /// Why, in Chinese and in English.
    pub why: [String; 2],
    /// What to write instead, by what was found.
    pub suggest: BTreeMap<String, String>,
    /// A suggestion may be put in without asking.
    pub safe: bool,
    /// Words that begin a hit.
    pub trigger: Vec<String>,
    /// What must follow the trigger directly.
    pub followed: Option<Regex>,
    /// What must stand directly before it.
    pub preceded: Option<Regex>,
    /// Words of which one must be near.
    pub with: Option<Near>,
    /// Directly followed by one of these, it is no hit.
    pub not_followed: Vec<String>,
    /// Directly preceded by one of these, it is no hit.
    pub not_preceded: Vec<String>,
    /// Benign contexts.
    pub unless: Vec<Unless>,
    /// Evidence that makes it permitted.
    pub evidence: Option<String>,
    /// The fields it is for; none means those of the pack.
    pub fields: Vec<Field>,
    /// Where it stands.
    pub at: Span,
    /// Texts that must be found, and texts that must not.
    pub cases: Cases,
}

/// A rule's own tests.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Texts it must find.
    pub bad: Vec<String>,
    /// Texts it must leave alone.
    pub good: Vec<String>,
}

/// Words near a trigger.
#[derive(Clone, Debug)]
pub struct Near {
    /// One of these, in one walk.
    pub words: AhoCorasick,
    /// So many characters away at most.
    pub within: usize,
    /// On which side.
    pub side: Side,
    /// Also beyond commas; then the whole sentence is what surrounds the trigger.
    pub across: bool,
}

/// On which side of a trigger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Before it.
    Before,
    /// Behind it.
    After,
    /// Either.
    Either,
}

/// A context in which a hit is harmless.
#[derive(Clone, Debug)]
pub enum Unless {
    /// Something in the same clause that covers the trigger, and is not followed by some words.
    Covered(Regex, Vec<String>),
    /// Something anywhere in the same clause.
    Clause(Regex),
    /// Something anywhere in the same sentence.
    Sentence(Regex),
    /// Words near it.
    Near(Near),
    /// Evidence of the product.
    Evidence(String),
}

/// The packs that come with the program.
const BUILT_IN: [(&str, &str); 13] = [
    ("cn-ad-law", include_str!("packs/cn-ad-law.yaml")),
    ("cn-price", include_str!("packs/cn-price.yaml")),
    ("cn-medical", include_str!("packs/cn-medical.yaml")),
    ("cn-food", include_str!("packs/cn-food.yaml")),
    ("cn-cosmetics", include_str!("packs/cn-cosmetics.yaml")),
    ("cn-platform", include_str!("packs/cn-platform.yaml")),
    ("cn-review", include_str!("packs/cn-review.yaml")),
    ("cn-indirect", include_str!("packs/cn-indirect.yaml")),
    ("en-claims", include_str!("packs/en-claims.yaml")),
    ("google", include_str!("packs/google.yaml")),
    ("amazon", include_str!("packs/amazon.yaml")),
    ("copy", include_str!("packs/copy.yaml")),
    ("harmless", include_str!("packs/harmless.yaml")),
];

/// The packs that come with the program.
pub fn built_in() -> &'static [Arc<Pack>] {
    static PACKS: OnceLock<Vec<Arc<Pack>>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let mut faults = Vec::new();
        let read = |(name, text): &(&str, &str)| {
            Arc::new(pack::read(&SourcePath::new(format!("rules/{name}.yaml")), text, &mut faults))
        };
        let packs = BUILT_IN.iter().map(read).collect();
        debug_assert!(faults.is_empty(), "{faults:?}");
        packs
    })
}

/// Runs the cases of a pack; each that does not come out as it says is a finding.
pub fn try_cases(file: &SourcePath, pack: &Arc<Pack>, faults: &mut Vec<Diagnostic>) {
    let checker = Checker::new([pack.clone()]);
    for rule in &pack.rules {
        let place = Place::Bytes(file.clone(), rule.at);
        let found = |text: &str| {
            let field =
                rule.fields.first().or(pack.fields.first()).copied().unwrap_or(Field::Title);
            let locale = pack.languages.first().map_or("zh-CN", String::as_str);
            let channels: Vec<&str> = pack.channels.iter().map(String::as_str).collect();
            let context = Context { field, locale, channels: &channels, ..Context::default() };
            checker.check_all(text, &context).iter().any(|hit| hit.rule.id == rule.id)
        };
        for text in rule.cases.bad.iter().filter(|text| !found(text)) {
            faults.push(
                Diagnostic::new("rule/case-missed", place.clone())
                    .with("rule", &rule.id)
                    .with("found", text),
            );
        }
        for text in rule.cases.good.iter().filter(|text| found(text)) {
            faults.push(
                Diagnostic::new("rule/case-caught", place.clone())
                    .with("rule", &rule.id)
                    .with("found", text),
            );
        }
    }
}

/// The packs of a shop: those that come with the program, and its own, which replace one of the same name.
#[derive(Default)]
pub struct RuleSet {
    own: Vec<Arc<Pack>>,
    hash: Hash,
    checker: OnceLock<Checker>,
}

impl RuleSet {
    /// Reads the shop's own packs, given as files and their texts, and runs their cases.
    pub fn new(own: &[(SourcePath, Arc<str>)], faults: &mut Vec<Diagnostic>) -> Self {
        let mut packs = Vec::new();
        for (file, text) in own {
            // The tree's own faults are told by whoever reads all YAML files.
            let mut found = Vec::new();
            let pack = Arc::new(pack::read(file, text, &mut found));
            found.retain(|fault| !fault.code.starts_with("yaml/"));
            try_cases(file, &pack, &mut found);
            faults.append(&mut found);
            packs.push(pack);
        }
        let texts: Vec<&str> = BUILT_IN
            .iter()
            .map(|(_, text)| *text)
            .chain(own.iter().map(|(_, text)| &**text))
            .collect();
        Self { own: packs, hash: Hash::of_value(&(VERSION, texts)), checker: OnceLock::new() }
    }

    /// Hash of all rules.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The checker, made when first needed.
    pub fn checker(&self) -> &Checker {
        self.checker.get_or_init(|| {
            let replaced = |pack: &&Arc<Pack>| !self.own.iter().any(|own| own.name == pack.name);
            Checker::new(built_in().iter().filter(replaced).chain(&self.own).cloned())
        })
    }
}
