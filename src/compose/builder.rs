//! Makes the problem to be solved of a product and a keyword table: tokens, what they cost, and what excludes what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::lexicon::{self, lexicon};
use super::memo::Words;
use super::truth::{self, Truth};
use super::{ALIKE, CORES, FEE, OWN, POINTS, Why};
use crate::catalog::product::Product;
use crate::channel::limit::TitleRule;
use crate::keywords::Table;
use crate::text::normal::{is_hanzi, normal};
use crate::text::segment::Segmenter;
use crate::title::problem::{Group, Keyword, Problem, Token};

pub(super) struct Builder<'b> {
    pub(super) rule: &'b TitleRule,
    pub(super) cut: &'b Segmenter,
    pub(super) truth: &'b Truth,
    /// Words that need not stand here, since they stand elsewhere.
    pub(super) elsewhere: BTreeSet<String>,
    /// Numbers of terms.
    pub(super) terms: HashMap<String, u32>,
    pub(super) problem: Problem,
    pub(super) refused: Vec<(String, u64, Why)>,
    /// How many keywords are the table's.
    pub(super) own: usize,
    /// The token of what the product is called, where it stays whole.
    pub(super) name: Option<u32>,
}

impl Builder<'_> {
    fn term(&mut self, text: &str) -> u32 {
        if let Some(term) = self.terms.get(text) {
            return *term;
        }
        let term = self.problem.tokens.len() as u32;
        self.terms.insert(text.to_owned(), term);
        self.problem.tokens.push(Token {
            text: text.to_owned(),
            terms: vec![term],
            ..Token::default()
        });
        term
    }

    /// A list of words beside a title, and no title.
    fn is_list(&self) -> bool {
        !self.rule.without.is_empty()
    }

    /// Of some words those that must stand here: a search engine reads the title too, and passes over small words.
    fn lacking(&self, mut words: Vec<String>) -> Vec<String> {
        if self.is_list() {
            let small = &lexicon().small;
            words.retain(|word| !self.elsewhere.contains(word) && !small.contains(word));
        }
        words
    }

    pub(super) fn keywords(
        &mut self,
        table: Option<&Table>,
        common: &Words,
        spent: &BTreeSet<String>,
    ) {
        let Some(table) = table else { return };
        let highest = table.keywords.iter().map(|one| one.value).fold(f64::MIN_POSITIVE, f64::max);
        // The same words in another order pay together.
        let mut same: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        for (one, words) in table.keywords.iter().zip(&common.rows) {
            #[expect(clippy::cast_sign_loss, reason = "values are not negative")]
            let value = (one.value / highest * POINTS).round() as u64;
            if let Some(why) = self.truth.refuses(words) {
                self.refused.push((one.written.clone(), value, why));
                continue;
            }
            let words = self.lacking(words.clone());
            let value = if spent.contains(&one.written) { 0 } else { value };
            if words.is_empty() {
                self.refused.push((one.written.clone(), value, Why::Title));
                continue;
            }
            let terms: Vec<u32> = words.iter().map(|word| self.term(word)).collect();
            let mut set = terms.clone();
            set.sort_unstable();
            set.dedup();
            if let Some(known) = same.get(&set) {
                self.problem.keywords[*known].value += value;
                continue;
            }
            same.insert(set, self.problem.keywords.len());
            self.problem.keywords.push(Keyword { text: one.written.clone(), value, terms });
        }
        self.own = self.problem.keywords.len();
    }

    /// What the product says of itself fills the room that is left: its own phrases, each whole.
    pub(super) fn own_words(&mut self, product: &Product, locale: &str) {
        let mut points = if self.own == 0 { POINTS } else { OWN };
        for text in own_phrases(product, locale) {
            let words = truth::words(self.cut, &text);
            if words.is_empty() || self.truth.refuses(&words).is_some() {
                continue;
            }
            let terms = if self.is_list() {
                self.lacking(words).iter().map(|word| self.term(word)).collect()
            } else {
                vec![self.phrase(&text, &words)]
            };
            if terms.is_empty() {
                continue;
            }
            #[expect(clippy::cast_sign_loss, reason = "points are not negative")]
            let value = points as u64;
            self.problem.keywords.push(Keyword { text, value, terms });
            points *= 0.85;
        }
    }

    /// A token of several words: it brings all of them, and stands in one piece.
    fn phrase(&mut self, text: &str, words: &[String]) -> u32 {
        let inside: Vec<u32> =
            words.iter().filter(|word| *word != text).map(|word| self.term(word)).collect();
        let term = self.term(text);
        let token = &mut self.problem.tokens[term as usize];
        for one in inside {
            if !token.terms.contains(&one) {
                token.terms.push(one);
            }
        }
        term
    }

    /// The brand where the channel wants it, and the words that the author wants.
    pub(super) fn musts(&mut self, product: &Product, locale: &str) {
        if self.is_list() {
            return;
        }
        let brand = product.brand(locale);
        let mut musts: Vec<String> = Vec::new();
        if self.rule.start.iter().any(|slot| slot == "brand") && !brand.is_empty() {
            musts.push(normal(brand));
        }
        let named = product
            .find(locale, |record| record.keywords.as_ref().filter(|words| !words.must.is_empty()));
        let chinese = locale.starts_with("zh");
        for must in named.iter().flat_map(|(words, _)| &words.must) {
            if must.value.chars().any(is_hanzi) == chinese {
                musts.push(normal(&must.value));
            }
        }
        let mut called = None;
        // Words in any order read badly: what the product is called stays whole.
        let own = product.title(locale);
        if chinese {
            let room = self.rule.max / 2;
            let name = own_phrases(product, locale).into_iter().next().unwrap_or_default();
            let whole = normal(own).starts_with(&name) && self.rule.unit.measure(&name) <= room;
            // A word that must stand and is part of the name stands there.
            if whole && name.chars().count() > 1 {
                musts.retain(|must| !name.contains(must.as_str()));
                musts.push(name.clone());
                called = Some(name);
            }
        } else {
            let room = self.rule.max.saturating_sub(self.rule.unit.measure(brand) + 1);
            if self.rule.unit.measure(own) <= room {
                musts.push(own.to_lowercase());
            }
        }
        for must in musts {
            let words = truth::words(self.cut, &must);
            let term = self.phrase(&must, &words);
            self.problem.tokens[term as usize].must = true;
            if called.as_ref() == Some(&must) {
                self.name = Some(term);
            }
        }
    }

    /// One word comes only so often, whatever it is part of; small words are not counted.
    fn repeated(&mut self, plain: &[String]) {
        let mut holders: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (nth, text) in plain.iter().enumerate() {
            for word in truth::words(self.cut, text).into_iter().collect::<BTreeSet<_>>() {
                holders.entry(word).or_default().push(nth as u32);
            }
        }
        let small = &lexicon().small;
        for (_, tokens) in holders.into_iter().filter(|(word, _)| !small.contains(word)) {
            let musts = tokens.iter().filter(|one| self.problem.tokens[**one as usize].must);
            // What must stand stands, however often.
            let max = self.rule.repeat.max(musts.count()).max(1);
            if tokens.len() > max {
                self.problem.groups.push(Group { tokens, max: max as u32 });
            }
        }
    }

    /// Words for the same fact, such as 陶瓷 and 白瓷, say no more the third time.
    fn alike(&mut self, plain: &[String]) {
        let mut families: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (nth, text) in plain.iter().enumerate() {
            if let Some(family) = lexicon().family(text).filter(|_| !self.problem.tokens[nth].must)
            {
                families.entry(family.name.as_str()).or_default().push(nth as u32);
            }
        }
        for tokens in families.into_values().filter(|tokens| tokens.len() > ALIKE as usize) {
            self.problem.groups.push(Group { tokens, max: ALIKE });
        }
    }

    /// Costs, slots, what is inside of what, and what excludes each other.
    pub(super) fn tokens(&mut self) {
        let separator = self.rule.unit.measure(&self.rule.separator) as u32;
        self.problem.limit = self.rule.max as u32 + separator;
        let count = self.problem.tokens.len();
        for nth in 0..count {
            let plain = self.problem.tokens[nth].text.clone();
            let shown = if self.rule.lower { plain.clone() } else { self.truth.shown(&plain) };
            let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            // Two Latin words side by side need a space between them.
            let space = u32::from(
                self.rule.separator.is_empty()
                    && latin(shown.chars().next())
                    && latin(shown.chars().next_back()),
            );
            let token = &mut self.problem.tokens[nth];
            token.cost = self.rule.unit.measure(&shown) as u32 + separator + space;
            token.slot = self.truth.slot(&plain);
            let name = !plain.chars().any(is_hanzi) || self.name == Some(nth as u32);
            if token.must && token.slot > 0 && name {
                token.slot = lexicon::NAME;
            }
            // A list of words is not read: what there is room for does no harm.
            if !token.must && self.rule.without.is_empty() {
                token.fee = FEE;
            }
            let loose = !token.must && lexicon().loose.contains(&plain);
            if loose || !self.rule.unit.lacking(&shown).is_empty() {
                self.problem.groups.push(Group { tokens: vec![nth as u32], max: 0 });
            }
            self.problem.tokens[nth].text = shown;
        }
        let plain: Vec<String> =
            self.problem.tokens.iter().map(|token| normal(&token.text)).collect();
        for (outer, text) in plain.iter().enumerate() {
            let inside =
                if text.chars().any(is_hanzi) { self.cut.inside(text) } else { Vec::new() };
            for (inner, other) in plain.iter().enumerate() {
                if outer != inner
                    && inside.contains(other)
                    && text.chars().count() > other.chars().count()
                {
                    let term = self.problem.tokens[inner].terms[0];
                    let token = &mut self.problem.tokens[outer];
                    if !token.terms.contains(&term) {
                        token.terms.push(term);
                    }
                    self.problem
                        .groups
                        .push(Group { tokens: vec![inner as u32, outer as u32], max: 1 });
                }
            }
        }
        // A whole name that must stand brings its words: they need not stand again.
        for must in 0..count {
            let token = self.problem.tokens[must].clone();
            if token.must && token.terms.len() > 1 {
                for term in token.terms.iter().skip(1).filter(|term| **term as usize != must) {
                    if !self.problem.tokens[*term as usize].must {
                        self.problem.groups.push(Group { tokens: vec![*term], max: 0 });
                    }
                }
            }
        }
        if self.is_list() {
            return;
        }
        let exclusive = lexicon().exclusive.iter().chain(self.truth.exclusive());
        for group in exclusive {
            let tokens: Vec<u32> = plain
                .iter()
                .enumerate()
                .filter(|(_, text)| group.contains(text))
                .map(|(nth, _)| nth as u32)
                .collect();
            if tokens.len() > 1 {
                self.problem.groups.push(Group { tokens, max: 1 });
            }
        }
        self.repeated(&plain);
        self.alike(&plain);
        let cores: Vec<u32> = (0..count as u32)
            .filter(|nth| {
                self.problem.tokens[*nth as usize].slot == lexicon::CORE
                    && !self.problem.tokens[*nth as usize].must
            })
            .collect();
        if cores.len() > CORES as usize {
            self.problem.groups.push(Group { tokens: cores, max: CORES });
        }
    }
}

/// The phrases of which a product's own words consist: what it is called, its tags, and its facts as a title says them.
fn own_phrases(product: &Product, locale: &str) -> Vec<String> {
    let chinese = locale.starts_with("zh");
    let mut phrases: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let text = normal(text.trim());
        let length = text.chars().filter(|c| c.is_alphabetic()).count();
        let plain = text.chars().all(|c| c.is_alphabetic() || !chinese && (c == ' ' || c == '-'));
        let (least, most) = if chinese { (2, 12) } else { (4, 20) };
        // A unit that was left of a measure is no phrase, and advice on care is no title.
        let ours = text.chars().any(is_hanzi) == chinese
            && !["建议", "不", "请", "勿"].iter().any(|head| text.starts_with(head));
        if plain && ours && (least..=most).contains(&length) && !phrases.contains(&text) {
            phrases.push(text);
        }
    };
    // Measures and signs end a phrase: 天青釉手作马克杯 350 ml.
    let cut = |c: char| c == ' ' || c.is_ascii_digit() || ",，、;；/·|（）()。".contains(c);
    if chinese {
        product.title(locale).split(cut).for_each(&mut add);
    }
    for tag in product.tags().iter().filter(|tag| tag.value.chars().any(is_hanzi) == chinese) {
        add(&tag.value);
    }
    for fact in product.facts(locale) {
        let shown = fact.shown(locale);
        // 微波炉: 可用 says something only as a whole.
        if chinese && ["可用", "可", "是", "有", "支持", "适用"].contains(&shown.trim()) {
            add(&format!("{}{}", fact.name, if shown.trim() == "是" { "" } else { shown.trim() }));
            continue;
        }
        if shown.chars().count() <= 24 && !shown.contains(|c: char| c.is_ascii_digit()) {
            let parts: Vec<&str> = shown.split([',', '，', '、', ';', '；', '/']).collect();
            parts.into_iter().filter(|part| part.trim().chars().count() > 1).for_each(&mut add);
        }
    }
    phrases
}
