//! Where a text says of a product what its facts say otherwise: 真丝 against 雪纺, 380 ml against 350 ml.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::lexicon::lexicon;
use crate::catalog::fact::{Fact, Quantity};
use crate::catalog::product::Product;

/// What a text says, and the fact that says otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// The fact: `材质 雪纺`.
    pub fact: String,
}

/// Words in front of which, or behind which, a material is what the thing is made of.
const MADE: [&str; 12] = [
    "采用",
    "选用",
    "精选",
    "使用",
    "由",
    "纯",
    "100%",
    "优质",
    "made of",
    "made from",
    "pure ",
    "100% ",
];
const OF: [&str; 11] =
    ["面料", "材质", "质地", "材料", "制成", "制作", "做的", "打造", "的料子", "杯身", "胎"];
/// Words that make it about something else.
const OTHER: [&str; 14] = [
    "不是", "而非", "非", "比", "不像", "仿", "类似", "搭配", "配", "像", "垫", "盒", "not ",
    "than ",
];

/// Between the ends of a range.
const RANGE: [char; 7] = ['-', '–', '—', '~', '～', '至', '到'];
/// Words before an amount that is not meant exactly.
const ROUGH: [&str; 9] = ["约", "大约", "近", "约为", "左右", "~", "≈", "about", "approx."];

/// What a product's facts say, to hold texts against.
pub struct Facts<'p> {
    product: &'p Product,
    locale: &'p str,
    all: &'p [Fact],
    /// Materials that it is not made of, each with the fact that says so.
    other: Vec<(&'static str, &'p Fact)>,
    /// Amounts that are its own; worked out for the first text that names one.
    known: OnceCell<Vec<Amount>>,
}

impl<'p> Facts<'p> {
    /// The facts of a product in a language.
    pub fn of(product: &'p Product, locale: &'p str) -> Self {
        let all = product.facts(locale);
        let known = OnceCell::new();
        Self { product, locale, all, other: other_materials(all), known }
    }

    /// What a text says otherwise. `headline` is a text in which every amount is the product's own.
    pub fn contradicted(&self, text: &str, headline: bool) -> Vec<Contradiction> {
        let mut found = self.materials(text);
        found.extend(self.amounts(text, headline));
        found.sort_by_key(|one| one.at.start);
        found
    }

    fn materials(&self, text: &str) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for (word, fact) in &self.other {
            for (at, _) in text.match_indices(word) {
                let clause = clause(text, at);
                let (before, after) = (&text[clause.start..at], &text[at + word.len()..clause.end]);
                let made = MADE.iter().any(|one| before.ends_with(one))
                    || OF.iter().any(|one| after.trim_start_matches('的').starts_with(one));
                if made && !OTHER.iter().any(|one| before.contains(one)) {
                    let fact = format!("{} {}", fact.name, fact.shown(self.locale));
                    found.push(Contradiction { at: at..at + word.len(), fact });
                }
            }
        }
        found
    }

    fn known(&self) -> &[Amount] {
        self.known.get_or_init(|| {
            let of_facts =
                self.all.iter().filter_map(|fact| Some((fact.quantity.clone()?, &*fact.value)));
            let variants = self.product.variant_records().into_iter();
            let options = variants.flat_map(|all| &all.items).flat_map(|item| &item.options);
            let of_options =
                options.filter_map(|(_, value)| Some((amount(&value.value)?, &*value.value)));
            of_facts.chain(of_options).map(|(said, value)| Amount::new(said, value)).collect()
        })
    }

    fn amounts(&self, text: &str, headline: bool) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for (at, said) in quantities(text) {
            // 茶叶罐 120 g holds so much, and weighs something else: of a title only the volume is surely the product's own.
            if headline && said.dimension() != "volume" {
                continue;
            }
            let same = |one: &Quantity| one.dimension() == said.dimension();
            let clause = clause(text, at.start);
            // A comma within the amount ends nothing.
            let rest =
                if clause.end < at.end { self::clause(text, at.end).end } else { clause.end };
            let about = [&text[clause.start..at.start], &text[at.end..rest]];
            if begins_range(about[1]) {
                continue;
            }
            let low = lower_end(about[0], &text[at.clone()]);
            let (start, low) =
                low.map_or((at.start, said.base), |(length, low)| (at.start - length, low.base));
            let (before, after) = (&text[clause.start..start], about[1].trim_start());
            let rough = ROUGH.iter().any(|word| before.trim_end().ends_with(word))
                || ["左右", "上下", "or so"].iter().any(|word| after.starts_with(word));
            let slack = said.rounding(&text[at.clone()]);
            let agrees = |one: &Amount| {
                let rough = if rough { one.quantity.base / 10 } else { 0 };
                let slack = slack.max(one.slack).max(rough);
                same(&one.quantity)
                    && low - slack <= one.quantity.base
                    && one.quantity.base <= said.base + slack
            };
            if self.known().iter().any(agrees) {
                continue;
            }
            let before =
                before.trim_end_matches([' ', ':', '：', '约', '为', '是', '达', '有', '~', '≈']);
            // In running text only an amount that follows the fact's name is meant to be the fact.
            let named = |fact: &&crate::catalog::fact::Fact| {
                let whole = fact.name.chars().count() > 1;
                if headline {
                    true
                } else {
                    whole && before.to_lowercase().ends_with(&fact.name.to_lowercase())
                }
            };
            let fact =
                self.all.iter().filter(|fact| fact.quantity.as_ref().is_some_and(same)).find(named);
            // Of several lengths a headline may name a part that no fact names.
            let single = self.known().iter().filter(|one| same(&one.quantity)).count() == 1;
            if let Some(fact) = fact.filter(|_| !headline || single) {
                let fact = format!("{} {}", fact.name, fact.shown(self.locale));
                found.push(Contradiction { at: start..at.end, fact });
            }
        }
        found
    }
}

/// Materials of the families that a fact is of, which no fact names or implies.
fn other_materials(facts: &[Fact]) -> Vec<(&'static str, &Fact)> {
    let mut others = Vec::new();
    for family in lexicon().families.iter().filter(|family| family.slot == "material") {
        let words = || family.words.keys().filter(|word| word.chars().count() > 1);
        let says = |fact: &Fact, word: &str| fact.value.contains(word);
        let Some(fact) = facts.iter().find(|fact| words().any(|word| says(fact, word))) else {
            continue;
        };
        let said = |word: &str| facts.iter().any(|fact| says(fact, word));
        let named: Vec<_> = family.words.iter().filter(|(word, _)| said(word)).collect();
        let implied = |word: &str| {
            said(word)
                || named
                    .iter()
                    .any(|(one, more)| one.contains(word) || more.iter().any(|one| one == word))
                || family.words[word].iter().any(|more| said(more))
        };
        others.extend(words().filter(|word| !implied(word)).map(|word| (word.as_str(), fact)));
    }
    others
}

/// An amount, and how far another may be from it and still be the same.
struct Amount {
    quantity: Quantity,
    slack: i128,
}

impl Amount {
    fn new(quantity: Quantity, text: &str) -> Self {
        let slack = quantity.rounding(text);
        Self { quantity, slack }
    }
}

/// Whether what follows an amount makes it the lower end of a range.
fn begins_range(after: &str) -> bool {
    let after = after.trim_start();
    let rest = after.trim_start_matches(RANGE);
    rest.len() < after.len() && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// The lower end of a range that ends with an amount: its bytes before the amount, and what it is. `300–350 ml`.
fn lower_end(before: &str, amount: &str) -> Option<(usize, Quantity)> {
    let head = before.trim_end().trim_end_matches(RANGE);
    if head.len() == before.trim_end().len() {
        return None;
    }
    let digit = |c: char| c.is_ascii_digit() || c == '.';
    let unit = amount.trim_start_matches(digit).trim();
    let number = head.trim_end().strip_suffix(unit).unwrap_or(head).trim_end();
    let start = number
        .rfind(|c| !digit(c))
        .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8));
    let low = self::amount(&format!("{} {unit}", &number[start..]))?;
    Some((before.len() - start, low))
}

/// Amounts with units in a text.
fn quantities(text: &str) -> Vec<(Range<usize>, Quantity)> {
    static AMOUNT: OnceLock<Option<Regex>> = OnceLock::new();
    let amount = AMOUNT.get_or_init(|| {
        Regex::new(r"[0-9][0-9,]*(?:\.[0-9]+)?\s*(?:[a-zA-Z℃㎡]{1,3}|[\p{Han}]{1,3})").ok()
    });
    let all = amount.iter().flat_map(|regex| regex.find_iter(text));
    all.filter_map(|found| {
        let mut end = found.end();
        // The longest unit; 350毫升的 is 350毫升.
        while end > found.start() {
            if let Some(quantity) = self::amount(&text[found.start()..end]) {
                let cut = text[end..].starts_with(|c: char| c.is_ascii_alphabetic())
                    && text[..end].ends_with(|c: char| c.is_ascii_alphabetic());
                return (!cut).then_some((found.start()..end, quantity));
            }
            end -= text[..end].chars().next_back().map_or(1, char::len_utf8);
        }
        None
    })
    .collect()
}

fn amount(text: &str) -> Option<Quantity> {
    Quantity::parse(text)
}

fn clause(text: &str, at: usize) -> Range<usize> {
    let ends = |c: char| "，。！？；,!?;\n".contains(c);
    let start = text[..at]
        .rfind(ends)
        .map_or(0, |end| end + text[end..].chars().next().map_or(1, char::len_utf8));
    start..text[at..].find(ends).map_or(text.len(), |end| at + end)
}
