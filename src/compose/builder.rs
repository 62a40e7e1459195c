//! Makes the problem to be solved of a product and a keyword table: tokens, what they cost, and what excludes what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::english;
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
    /// The token of what the product is called, where it stays whole, and how it is written.
    pub(super) name: Option<u32>,
    pub(super) called: String,
    /// Tokens that stand as phrases, where words alone do not.
    pub(super) phrases: BTreeSet<u32>,
    pub(super) chinese: bool,
    pub(super) english: bool,
    pub(super) separator: &'b str,
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

    /// A title of a language with blanks is made of phrases.
    fn in_phrases(&self) -> bool {
        !self.chinese && !self.is_list()
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
        if self.in_phrases() {
            let mut order: Vec<usize> = (0..self.own).collect();
            order.sort_by_key(|nth| std::cmp::Reverse(self.problem.keywords[*nth].value));
            let known = &self.problem;
            let words_of = |nth: usize| -> Vec<String> {
                let terms = &known.keywords[nth].terms;
                terms.iter().map(|term| known.tokens[*term as usize].text.clone()).collect()
            };
            let rows: Vec<Vec<String>> = order.iter().map(|nth| words_of(*nth)).collect();
            let whole = order.iter().map(|nth| normal(&known.keywords[*nth].text));
            let whole: Vec<(String, Vec<String>)> = whole.zip(rows.clone()).collect();
            let joined = english::joined(&rows).into_iter().map(|words| (words.join(" "), words));
            for (text, words) in whole.into_iter().chain(joined.collect::<Vec<_>>()) {
                self.stands(&text, &words);
            }
        }
    }

    /// A phrase that can stand in the title.
    fn stands(&mut self, text: &str, words: &[String]) -> u32 {
        let term = self.phrase(text, words);
        self.phrases.insert(term);
        term
    }

    /// What the product says of itself fills the room that is left: its own phrases, each whole.
    pub(super) fn own_words(&mut self, product: &Product, locale: &str) {
        let mut points = if self.own == 0 { POINTS } else { OWN };
        let phrases = if self.chinese {
            own_phrases(product, locale)
        } else {
            english::phrases(product, locale, self.is_list())
        };
        for text in phrases {
            let words = truth::words(self.cut, &text);
            if words.is_empty() || self.truth.refuses(&words).is_some() {
                continue;
            }
            let terms = if self.is_list() {
                self.lacking(words).iter().map(|word| self.term(word)).collect()
            } else {
                vec![self.stands(&text, &words)]
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
            let full = |name: &str| {
                let plain = normal(name);
                let there = !self.rule.start.iter().any(|slot| slot == "brand")
                    || brand.is_empty()
                    || plain.starts_with(&normal(brand));
                if there { name.to_owned() } else { format!("{brand} {name}") }
            };
            let fits = |name: &str| self.rule.unit.measure(&full(name)) <= self.rule.max;
            if let Some(name) = english::name(own, fits).map(|name| full(&name)) {
                // A brand before its goods needs no comma, and a word that is in the name stands there.
                let plain = normal(&name);
                let inside = truth::words(self.cut, &plain);
                musts.retain(|must| {
                    let words = truth::words(self.cut, must);
                    !words.iter().all(|word| inside.contains(word))
                });
                musts.insert(0, plain.clone());
                called = Some(plain);
                self.called = name;
            }
        }
        for must in musts {
            let words = truth::words(self.cut, &must);
            let term = self.stands(&must, &words);
            self.problem.tokens[term as usize].must = true;
            if called.as_ref() == Some(&must) {
                self.name = Some(term);
            }
        }
    }

    /// A token as a title writes it.
    fn written(&self, nth: u32, plain: &str) -> String {
        if self.rule.lower {
            plain.to_owned()
        } else if self.name == Some(nth) && !self.chinese {
            self.called.clone()
        } else if self.in_phrases() && self.english {
            english::titled(plain, |word| self.truth.capitals(word))
        } else {
            self.truth.shown(plain)
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
        let separator = self.rule.unit.measure(self.separator) as u32;
        self.problem.limit = self.rule.max as u32 + separator;
        let count = self.problem.tokens.len();
        for nth in 0..count {
            let plain = self.problem.tokens[nth].text.clone();
            let shown = self.written(nth as u32, &plain);
            let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            // Two Latin words side by side need a space between them.
            let space = u32::from(
                self.separator.is_empty()
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
            if !self.chinese && self.name == Some(nth as u32) {
                token.slot = 0;
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
        // Where the head of a phrase may not come again, its other words stand by themselves.
        if self.in_phrases() && self.rule.repeat > 1 {
            let alone = (0..count as u32).filter(|nth| !self.phrases.contains(nth)).collect();
            self.problem.groups.push(Group { tokens: alone, max: 0 });
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

/// The phrases of which a product's own words consist in Chinese: what it is called, its tags, and its facts as a title says them.
fn own_phrases(product: &Product, locale: &str) -> Vec<String> {
    let mut phrases: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let text = normal(text.trim());
        let length = text.chars().filter(|c| c.is_alphabetic()).count();
        let plain = text.chars().all(char::is_alphabetic);
        // A unit that was left of a measure is no phrase, and advice on care is no title.
        let ours = text.chars().any(is_hanzi)
            && !["建议", "不", "请", "勿"].iter().any(|head| text.starts_with(head));
        if plain && ours && (2..=12).contains(&length) && !phrases.contains(&text) {
            phrases.push(text);
        }
    };
    // Measures and signs end a phrase: 天青釉手作马克杯 350 ml.
    let cut = |c: char| c == ' ' || c.is_ascii_digit() || ",，、;；/·|（）()。".contains(c);
    product.title(locale).split(cut).for_each(&mut add);
    for tag in product.tags() {
        add(&tag.value);
    }
    for fact in product.facts(locale) {
        let shown = fact.shown(locale);
        // 微波炉: 可用 says something only as a whole.
        if ["可用", "可", "是", "有", "支持", "适用"].contains(&shown.trim()) {
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
