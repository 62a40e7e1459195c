//! What may be said of a product: a word needs something that the product says, and nothing that it says otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Why;
use super::lexicon::{CORE, DETAIL, lexicon};
use super::memo::Words;
use crate::catalog::Catalog;
use crate::catalog::product::Product;
use crate::keywords::Table;
use crate::text::english::{self, stem};
use crate::text::normal::{is_hanzi, normal};
use crate::text::segment::Segmenter;

/// A product's words.
pub(super) struct Truth {
    /// Words it says of itself, and what they imply.
    said: BTreeSet<String>,
    /// Facts by the family of their words: what the product says there.
    families: BTreeMap<&'static str, String>,
    never: Vec<String>,
    brands: Vec<String>,
    own_brand: String,
    exclusive: Vec<Vec<String>>,
    /// How words are written, by how they compare.
    written: BTreeMap<String, String>,
    /// The table's words.
    common: Arc<Words>,
}

/// A text's words as terms: of Chinese as it is cut, of others in small letters without the plural.
pub(super) fn words(cut: &Segmenter, text: &str) -> Vec<String> {
    if text.chars().any(is_hanzi) {
        return cut.words(text).into_iter().map(str::to_owned).collect();
    }
    english::words(text)
}

/// Whether a word's part says otherwise than the word: 中长款 has 长款 in it, and is another length.
fn is_rival(word: &str, part: &str) -> bool {
    let (Some(family), Some(of_part)) = (lexicon().family(word), lexicon().family(part)) else {
        return false;
    };
    let implied = family.words.get(word).is_some_and(|all| all.iter().any(|one| one == part));
    word != part && family.name == of_part.name && !implied
}

/// Whether a name stands among some words, as one of them or as several that follow each other.
fn has_whole(words: &[String], name: &str) -> bool {
    let latin = !name.chars().any(is_hanzi);
    let name = if latin { english::words(name).concat() } else { name.replace(' ', "") };
    if name.is_empty() {
        return false;
    }
    (0..words.len()).any(|start| {
        let mut rest = name.as_str();
        for word in &words[start..] {
            let Some(after) = rest.strip_prefix(word.as_str()) else { return false };
            if after.is_empty() {
                return true;
            }
            rest = after;
        }
        false
    })
}

impl Truth {
    pub(super) fn of(
        catalog: &Catalog,
        product: &Product,
        locale: &str,
        cut: &Segmenter,
        table: Option<&Table>,
        common: &Arc<Words>,
    ) -> Self {
        let mut texts: Vec<String> = vec![
            product.title(locale).to_owned(),
            product.text(locale, |record| record.subtitle.as_ref()).to_owned(),
            product.text(locale, |record| record.description.as_ref()).to_owned(),
        ];
        texts.extend(product.tags().iter().map(|tag| tag.value.clone()));
        let layers = product.layers(locale);
        texts.extend(
            layers
                .flat_map(|layer| layer.record.tags.iter().flatten())
                .map(|tag| tag.value.clone()),
        );
        let mut category = Some(product.category);
        while let Some(at) = category.filter(|at| *at != 0) {
            let one = &catalog.categories[at as usize];
            texts.push(one.title(locale).to_owned());
            category = one.parent;
        }
        if let Some(variants) = product.variant_records() {
            for item in &variants.items {
                texts.extend(item.options.iter().map(|(axis, value)| {
                    product.option_name(locale, axis, &value.value).to_owned()
                }));
            }
        }
        let keywords = product.find(locale, |record| record.keywords.as_ref());
        let list = |pick: fn(
            &crate::catalog::record::KeywordsRecord,
        ) -> &Vec<crate::source::fields::At<String>>|
         -> Vec<String> {
            keywords
                .map(|(words, _)| pick(words).iter().map(|word| word.value.clone()).collect())
                .unwrap_or_default()
        };
        texts.extend(list(|words| &words.must));
        let never: Vec<String> =
            list(|words| &words.never).iter().map(|word| normal(word)).collect();
        let mut truth = Self {
            said: BTreeSet::new(),
            families: BTreeMap::new(),
            never,
            brands: Vec::new(),
            own_brand: normal(product.brand(locale)),
            exclusive: table.map(|table| table.exclusive.clone()).unwrap_or_default(),
            written: BTreeMap::new(),
            common: common.clone(),
        };
        let brands = table.into_iter().flat_map(|table| &table.brands);
        truth.brands = brands.filter(|brand| **brand != truth.own_brand).cloned().collect();
        // Facts first: what they say is what the product is.
        for fact in product.facts(locale) {
            let shown = fact.shown(locale);
            truth.hear(cut, &shown, Some(&format!("{} {shown}", fact.name)));
            truth.hear(cut, &fact.name, None);
        }
        for text in &texts {
            truth.hear(cut, text, None);
        }
        truth.hear(cut, product.brand(locale), None);
        truth
    }

    /// Takes in what a text says.
    fn hear(&mut self, cut: &Segmenter, text: &str, fact: Option<&str>) {
        let plain = normal(text);
        for piece in text.split(|c: char| !c.is_alphanumeric() && c != '-') {
            if piece.chars().any(char::is_uppercase) {
                self.written.entry(stem(&normal(piece))).or_insert_with(|| piece.to_owned());
                self.written.entry(normal(piece)).or_insert_with(|| piece.to_owned());
            }
        }
        if text.chars().any(char::is_uppercase) {
            self.written.entry(plain.clone()).or_insert_with(|| text.trim().to_owned());
        }
        let mut heard = words(cut, &plain);
        let inside: Vec<String> = heard
            .iter()
            .filter(|word| word.chars().any(is_hanzi))
            .flat_map(|word| cut.inside(word).into_iter().filter(|part| !is_rival(word, part)))
            .collect();
        heard.extend(inside);
        // The last characters of a Chinese word say what it is: a 马克杯 is a 杯.
        let tails: Vec<String> = heard
            .iter()
            .filter(|word| {
                word.chars().count() >= 3
                    && word.chars().all(is_hanzi)
                    && lexicon().family(word).is_none()
            })
            .filter_map(|word| word.chars().next_back().map(String::from))
            .collect();
        heard.extend(tails);
        for word in heard {
            if let Some(family) = lexicon().family(&word) {
                let said = fact.map_or_else(|| word.clone(), str::to_owned);
                self.families.entry(family.name.as_str()).or_insert(said);
                let implied = family.words.get(&word).into_iter().flatten();
                self.said.extend(implied.cloned());
            }
            self.said.insert(word);
        }
    }

    /// Why a keyword may not be used, if it may not.
    pub(super) fn refuses(&self, words: &[String]) -> Option<Why> {
        if let Some(brand) = self.brands.iter().find(|brand| has_whole(words, brand)) {
            return Some(Why::Brand(brand.clone()));
        }
        for word in words {
            if let Some(never) = self
                .never
                .iter()
                .find(|never| word.contains(never.as_str()) || never.as_str() == word)
            {
                return Some(Why::Never(never.clone()));
            }
            // 杯子 is what a 杯 is called.
            let short = word.strip_suffix('子').is_some_and(|short| self.said.contains(short));
            if short || self.said.contains(word) || *word == self.own_brand {
                continue;
            }
            if let Some(family) = lexicon().family(word)
                && let Some(said) = self.families.get(family.name.as_str())
            {
                return Some(Why::Contradicts(word.clone(), said.clone()));
            }
            let free = lexicon().free.contains(word)
                || word.chars().all(|c| c.is_ascii_digit()) && word.len() == 4;
            if !free {
                return Some(Why::Unsupported(word.clone()));
            }
        }
        let whole = words.concat();
        let never = self.never.iter().find(|never| whole.contains(never.as_str()));
        never.map(|never| Why::Never(never.clone()))
    }

    /// A word as it is written in a title.
    pub(super) fn shown(&self, word: &str) -> String {
        if let Some(written) = self.written.get(word) {
            return written.clone();
        }
        let mut chars = word.chars();
        match chars.next() {
            Some(first)
                if first.is_ascii_lowercase() && !word.chars().any(is_hanzi) && word.len() > 3 =>
            {
                format!("{}{}", first.to_ascii_uppercase(), chars.as_str())
            }
            _ => word.to_owned(),
        }
    }

    /// Which part of a title a word belongs to.
    pub(super) fn slot(&self, word: &str) -> u8 {
        if *word == *self.own_brand {
            return 0;
        }
        let known = lexicon().slot_of(word);
        known.unwrap_or(if self.common.cores.contains(word) { CORE } else { DETAIL })
    }

    /// Words of which the table allows only one.
    pub(super) fn exclusive(&self) -> &[Vec<String>] {
        &self.exclusive
    }
}
