//! Where a text says of a product what its facts say otherwise: 真丝 against 雪纺, 380 ml against 350 ml.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::lexicon::lexicon;
use crate::catalog::fact::Quantity;
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

/// What a text says otherwise than the facts. `headline` is a text in which every amount is the product's own.
pub fn contradictions(
    product: &Product,
    locale: &str,
    text: &str,
    headline: bool,
) -> Vec<Contradiction> {
    let mut found = materials(product, locale, text);
    found.extend(amounts(product, locale, text, headline));
    found.sort_by_key(|one| one.at.start);
    found
}

fn materials(product: &Product, locale: &str, text: &str) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for family in lexicon().families.iter().filter(|family| family.slot == "material") {
        let words = || family.words.keys().filter(|word| word.chars().count() > 1);
        let facts = product.facts(locale);
        let said: Vec<&str> = facts.iter().map(|fact| fact.value.as_str()).collect();
        let Some(fact) =
            facts.iter().find(|fact| words().any(|word| fact.value.contains(word.as_str())))
        else {
            continue;
        };
        let implied = |word: &str| {
            let of = family
                .words
                .iter()
                .filter(|(one, _)| said.iter().any(|said| said.contains(one.as_str())));
            said.iter().any(|said| said.contains(word))
                || of
                    .into_iter()
                    .any(|(one, more)| one.contains(word) || more.iter().any(|one| one == word))
                || family.words[word]
                    .iter()
                    .any(|more| said.iter().any(|said| said.contains(more.as_str())))
        };
        for word in words().filter(|word| !implied(word)) {
            for (at, _) in text.match_indices(word.as_str()) {
                let clause = clause(text, at);
                let (before, after) = (&text[clause.start..at], &text[at + word.len()..clause.end]);
                let made = MADE.iter().any(|one| before.ends_with(one))
                    || OF.iter().any(|one| after.trim_start_matches('的').starts_with(one));
                if made && !OTHER.iter().any(|one| before.contains(one)) {
                    let fact = format!("{} {}", fact.name, fact.shown(locale));
                    found.push(Contradiction { at: at..at + word.len(), fact });
                }
            }
        }
    }
    found
}

fn amounts(product: &Product, locale: &str, text: &str, headline: bool) -> Vec<Contradiction> {
    let facts = product.facts(locale);
    let mut known: Vec<Quantity> = facts.iter().filter_map(|fact| fact.quantity.clone()).collect();
    let options = product.variant_records().into_iter().flat_map(|variants| &variants.items);
    known.extend(
        options.flat_map(|item| &item.options).filter_map(|(_, value)| amount(&value.value)),
    );
    let mut found = Vec::new();
    for (at, said) in quantities(text) {
        // 茶叶罐 120 g holds so much, and weighs something else: of a title only the volume is surely the product's own.
        if headline && said.dimension() != "volume" {
            continue;
        }
        let same = |one: &&Quantity| one.dimension() == said.dimension();
        if known.iter().any(|one| one.dimension() == said.dimension() && one.base == said.base) {
            continue;
        }
        let clause = clause(text, at.start);
        let before =
            text[clause.start..at.start].trim_end_matches([' ', ':', '：', '约', '为', '是', '达']);
        // In running text only an amount that follows the fact's name is meant to be the fact.
        let named = |fact: &&crate::catalog::fact::Fact| {
            let whole = fact.name.chars().count() > 1;
            if headline {
                true
            } else {
                whole && before.to_lowercase().ends_with(&fact.name.to_lowercase())
            }
        };
        let fact = facts
            .iter()
            .filter(|fact| fact.quantity.as_ref().is_some_and(|one| same(&one)))
            .find(named);
        // Of several lengths a headline may name a part that no fact names.
        let single = known.iter().filter(same).count() == 1;
        if let Some(fact) = fact.filter(|_| !headline || single) {
            let fact = format!("{} {}", fact.name, fact.shown(locale));
            found.push(Contradiction { at, fact });
        }
    }
    found
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
