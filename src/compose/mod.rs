//! A product's title on a channel: which keywords are true of it, which of them fit, and in which order they stand.

mod builder;
pub mod contradict;
mod english;
mod lexicon;
pub mod memo;
pub mod share;
mod truth;

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::catalog::product::Product;
use crate::channel::limit::TitleRule;
use crate::channel::profile::Profile;
use crate::keywords::{Table, Tables};
use crate::rules::{Context, Field, Level};
use crate::text::normal::{is_hanzi, normal};
use crate::text::segment::{self, Segmenter, general};
use crate::title::order::{join, orders};
use crate::title::problem::{Group, Impossible, Problem};
use crate::title::search::{Effort, Found, search};
use crate::title::verify::Certificate;
use builder::Builder;
use memo::Common;
use truth::Truth;

/// Raise it when the same product may get another title.
const VERSION: u32 = 5;
/// Titles that break a rule, or whose words run together, are composed again without what was at fault, so often.
const ROUNDS: usize = 6;
/// Orders that are tried until one reads as the words it was made of.
const ORDERS: usize = 24;
/// Points that the most valuable keyword of a table has.
const POINTS: f64 = 1_000_000.0;
/// What a word must bring to stand in a title: whatever brings less makes it longer, not better.
const FEE: u64 = 5_000;
/// What the product's own phrases bring where a table has nothing better: what it is called, then its facts.
const OWN: f64 = 40_000.0;
/// Words of the same kind of thing in one title, and words for the same fact.
const CORES: u32 = 2;
const ALIKE: u32 = 2;

/// A composed title.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug, Default)]
pub struct Composed {
    /// The title.
    pub text: String,
    /// How long it is, in the channel's unit.
    pub length: usize,
    /// How long it may be.
    pub max: usize,
    /// What its words are worth, in points: the table's most valuable keyword has a million.
    pub value: u64,
    /// What no title can be worth more than.
    pub bound: u64,
    /// The keyword table, if one was used.
    pub table: Option<String>,
    /// Keywords that it has, with their points.
    pub covered: Vec<(String, u64)>,
    /// Keywords that it has not, most valuable first, and why.
    pub left_out: Vec<(String, u64, Why)>,
}

/// Why a keyword is not in a title.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Other words are worth more in the room there is.
    Room,
    /// The title beside it has all its words.
    Title,
    /// The author said never.
    Never(String),
    /// It is another seller's brand.
    Brand(String),
    /// A fact says otherwise: word, what the product says.
    Contradicts(String, String),
    /// Nothing that the product says supports this word.
    Unsupported(String),
    /// A rule forbids it.
    Forbidden(String),
}

/// Why there is no title.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoTitle {
    /// What must stand is longer than the limit.
    TooLong {
        /// How long it is.
        cost: u32,
    },
    /// What must stand excludes itself.
    Excluded(String),
}

/// The words of all tables and brands: how texts of this shop are cut.
pub fn segmenter(catalog: &Catalog) -> Segmenter {
    let mut words: Vec<String> = Vec::new();
    for table in catalog.wordbook.tables.values() {
        words.extend(table.words.iter().chain(&table.brands).cloned());
        words.extend(new_words(table));
    }
    words.extend(catalog.brands.values().map(|brand| normal(&brand.name)));
    Segmenter::with(words.iter().map(String::as_str))
}

/// Words of a table that the dictionary would split: short keywords that are one thing, such as 斗笠杯.
fn new_words(table: &Table) -> Vec<String> {
    let short = |text: &str| (2..=3).contains(&text.chars().count()) && text.chars().all(is_hanzi);
    let whole = table.keywords.iter().map(|one| &one.text).filter(|text| short(text));
    // 小茶杯 is 小 and 茶杯; 斗笠杯 is cut into pieces of which none is a word of its own.
    whole
        .filter(|text| general().words(text).iter().all(|part| part.chars().count() == 1))
        .cloned()
        .collect()
}

/// The table whose keywords a product's titles in a language are made of.
pub fn table<'t>(tables: &'t Tables, product: &Product, locale: &str) -> Option<&'t Table> {
    let (name, _) = product
        .find(locale, |record| record.keywords.as_ref().and_then(|words| words.table.as_ref()))?;
    let language = locale.split('-').next().unwrap_or(locale);
    let own = [format!("{}.{locale}", name.value), format!("{}.{language}", name.value)];
    if let Some(table) = own.iter().find_map(|name| tables.get(name)) {
        return Some(table);
    }
    let table = tables.get(&name.value)?;
    let chinese = table.keywords.iter().take(20).any(|one| one.text.chars().any(is_hanzi));
    (chinese == (language == "zh")).then_some(table)
}

/// The title that the author wrote for a channel.
pub fn own_title<'p>(product: &'p Product, profile: &'p Profile, locale: &str) -> Option<&'p str> {
    let texts = product.channel(&profile.name).filter_map(|record| record.title.as_ref());
    texts.map(|title| title.value.get(locale)).find(|title| !title.is_empty())
}

/// The words that need not stand in a text, since they stand in the title beside it or are the brand.
fn elsewhere(asked: &Asked<'_>, cut: &Segmenter) -> BTreeSet<String> {
    let mut words = truth::words(cut, &normal(asked.title));
    if asked.rule.without.iter().any(|word| word == "brand") {
        words.extend(truth::words(cut, &normal(asked.product.brand(asked.locale))));
    }
    let inside: Vec<String> = words
        .iter()
        .filter(|word| word.chars().any(is_hanzi))
        .flat_map(|word| cut.inside(word))
        .collect();
    words.extend(inside);
    words.into_iter().collect()
}

/// What a title is asked for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The shop.
    pub catalog: &'a Catalog,
    /// The product.
    pub product: &'a Product,
    /// The channel.
    pub profile: &'a Profile,
    /// What the channel says of titles.
    pub rule: &'a TitleRule,
    /// The language.
    pub locale: &'a str,
    /// The title beside it, whose words it can do without; empty for the title itself.
    pub title: &'a str,
    /// Keywords that pay nothing here, since enough other titles have them.
    pub spent: &'a BTreeSet<String>,
    /// What other titles have in common with it.
    pub common: &'a Common,
}

/// What the making of titles is, besides its facts.
pub fn version() -> (u32, u32, u32) {
    (VERSION, crate::title::VERSION, segment::VERSION)
}

/// Composes a title; with a certificate when a proof is wanted.
pub fn compose(
    asked: &Asked<'_>,
    cut: &Segmenter,
    prove: bool,
) -> Result<(Composed, Option<Certificate>), NoTitle> {
    let Asked { catalog, product, profile, rule, locale, .. } = *asked;
    let table = table(&catalog.wordbook.tables, product, locale);
    let common = table.map(|table| asked.common.words(table, cut)).unwrap_or_default();
    let truth = Truth::of(catalog, product, locale, cut, table, &common);
    let chinese = locale.starts_with("zh");
    // What is read has commas between its phrases; a list of words has none.
    let commas = !chinese && rule.without.is_empty() && rule.separator == " ";
    let separator = if commas { english::COMMA } else { rule.separator.as_str() };
    let mut builder = Builder {
        rule,
        cut,
        truth: &truth,
        elsewhere: elsewhere(asked, cut),
        terms: HashMap::new(),
        problem: Problem::default(),
        refused: Vec::new(),
        own: 0,
        name: None,
        called: String::new(),
        phrases: BTreeSet::new(),
        chinese,
        english: locale.starts_with("en"),
        separator,
    };
    builder.keywords(table, &common, asked.spent);
    builder.own_words(product, locale);
    builder.musts(product, locale);
    builder.tokens();
    let Builder { mut problem, refused, own, .. } = builder;
    let mut forbidden: Vec<(u32, String)> = Vec::new();
    let channels: Vec<&str> =
        std::iter::once(&profile.name).chain(&rule.packs).map(String::as_str).collect();
    let brand = product.brand(locale);
    let names = [brand];
    let language = if locale.starts_with("zh") { "zh" } else { locale };
    let context = Context {
        field: Field::Title,
        locale: language,
        channels: &channels,
        names: &names,
        ..Context::default()
    };
    let start: Vec<u8> = rule.start.iter().filter_map(|slot| lexicon::slot(slot)).collect();
    let effort = Effort { prove, ..Effort::default() };
    let mut last = None;
    for _ in 0..ROUNDS {
        let found = if prove { search(&problem, effort) } else { asked.common.search(&problem) };
        let found = found.map_err(|impossible| match impossible {
            Impossible::TooLong { cost } => NoTitle::TooLong { cost },
            Impossible::Excluded { token } => {
                NoTitle::Excluded(problem.tokens[token as usize].text.clone())
            }
        })?;
        let (order, text, lost) = arrange(&problem, &found, rule, separator, &start, cut);
        let hit = catalog
            .wordbook
            .rules
            .checker()
            .check(&text, &context)
            .into_iter()
            .find(|hit| hit.level == Level::Error);
        let culprit = hit.and_then(|hit| {
            let at = normal(&text[hit.at.clone()]);
            let optional = |token: &&u32| !problem.tokens[**token as usize].must;
            let inside = |token: &&u32| {
                let own = normal(&problem.tokens[**token as usize].text);
                at.contains(&own) || own.contains(&at)
            };
            order.iter().filter(optional).find(inside).map(|token| (*token, hit.rule.id.clone()))
        });
        let done = culprit.is_none() && lost.is_none();
        last = Some((found, order, text));
        if done {
            break;
        }
        if let Some((token, rule)) = culprit {
            problem.groups.push(Group { tokens: vec![token], max: 0 });
            forbidden.push((token, rule));
        } else if let Some((left, right)) = lost {
            problem.groups.push(Group { tokens: vec![left, right], max: 1 });
        }
    }
    let Some((found, order, text)) = last else { return Err(NoTitle::TooLong { cost: 0 }) };
    let covered = problem.covered(&found.tokens);
    let named = |nth: u32| {
        (problem.keywords[nth as usize].text.clone(), problem.keywords[nth as usize].value)
    };
    let searched = |nth: &u32| (*nth as usize) < own;
    let mut left_out: Vec<(String, u64, Why)> = (0..own as u32)
        .filter(|nth| !covered.contains(nth))
        .map(|nth| {
            let (text, value) = named(nth);
            let hit = forbidden.iter().find(|(token, _)| {
                let term = problem.tokens[*token as usize].terms[0];
                problem.keywords[nth as usize].terms.contains(&term)
            });
            (text, value, hit.map_or(Why::Room, |(_, rule)| Why::Forbidden(rule.clone())))
        })
        .chain(refused)
        .collect();
    let mut shown: Vec<(String, u64)> =
        covered.iter().filter(|nth| searched(nth)).map(|nth| named(*nth)).collect();
    shown.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let (mut written, mut value, mut bound) = (text.clone(), found.value, found.bound);
    if rule.list {
        // The product's own words, which a title is worth something for too, are no keywords.
        let all: u64 = shown.iter().map(|(_, value)| value).sum();
        bound -= value - all;
        let (list, fitting) = listed(&shown, rule);
        left_out.extend(shown.drain(fitting..).map(|(text, value)| (text, value, Why::Room)));
        (written, value) = (list, shown.iter().map(|(_, value)| value).sum());
    }
    left_out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let composed = Composed {
        length: rule.unit.measure(&written),
        max: rule.max,
        value,
        bound,
        table: table.map(|table| table.name.clone()),
        covered: shown,
        left_out,
        text: written,
    };
    let certificate = found.proof.map(|proof| Certificate {
        text,
        unit: rule.unit,
        max: rule.max as u32,
        separator: separator.to_owned(),
        problem,
        tokens: order,
        value: found.value,
        bound: found.bound,
        proof,
    });
    Ok((composed, certificate))
}

/// Keywords one after the other, the most valuable first, and how many there is room for.
fn listed(keywords: &[(String, u64)], rule: &TitleRule) -> (String, usize) {
    let mut list = String::new();
    for (nth, (keyword, _)) in keywords.iter().enumerate() {
        let separator = if nth == 0 { "" } else { &rule.separator };
        let longer = format!("{list}{separator}{keyword}");
        if rule.unit.measure(&longer) > rule.max {
            return (list, nth);
        }
        list = longer;
    }
    (list, keywords.len())
}

/// The first of the best orders that reads as the words it was made of; else the best, and two words that ran together.
fn arrange(
    problem: &Problem,
    found: &Found,
    rule: &TitleRule,
    separator: &str,
    start: &[u8],
    cut: &Segmenter,
) -> (Vec<u32>, String, Option<(u32, u32)>) {
    let all = orders(problem, &found.tokens, start, ORDERS);
    let mut first = None;
    for order in all {
        let text = join(problem, &order, separator);
        if rule.unit.measure(&text) > rule.max {
            continue;
        }
        let lost =
            if separator.is_empty() { runs_together(problem, &order, &text, cut) } else { None };
        if lost.is_none() {
            return (order, text, None);
        }
        first.get_or_insert((order, text, lost));
    }
    first.unwrap_or_else(|| {
        let text = join(problem, &found.tokens, separator);
        (found.tokens.clone(), text, None)
    })
}

/// Two neighbours between which the finished title is not cut, though they are two words.
fn runs_together(
    problem: &Problem,
    order: &[u32],
    text: &str,
    cut: &Segmenter,
) -> Option<(u32, u32)> {
    let plain = normal(text);
    let spans = cut.spans(&plain);
    let mut at = 0;
    let mut borders = Vec::new();
    for token in order {
        let own = normal(&problem.tokens[*token as usize].text);
        let found = plain[at..].find(&own)?;
        borders.push((at + found, *token));
        at += found + own.len();
    }
    let crossed = |border: usize| spans.iter().any(|span| span.start < border && border < span.end);
    let pair = borders.windows(2).find(|pair| crossed(pair[1].0))?;
    let must = |token: u32| problem.tokens[token as usize].must;
    (!(must(pair[0].1) && must(pair[1].1))).then_some((pair[0].1, pair[1].1))
}

/// What another title would be worth beside a composed one: of the keywords that could be used, those whose words it has.
pub fn worth(composed: &Composed, title: &str, cut: &Segmenter) -> u64 {
    let plain = normal(title);
    let mut there = truth::words(cut, &plain);
    let inside: Vec<String> = there
        .iter()
        .filter(|word| word.chars().any(is_hanzi))
        .flat_map(|word| cut.inside(word))
        .collect();
    there.extend(inside);
    let room = composed
        .left_out
        .iter()
        .filter(|(.., why)| *why == Why::Room)
        .map(|(text, value, _)| (text, value));
    let all = composed.covered.iter().map(|(text, value)| (text, value)).chain(room);
    all.filter(|(text, _)| truth::words(cut, &normal(text)).iter().all(|word| there.contains(word)))
        .map(|(_, value)| value)
        .sum()
}
