//! Titles of languages with blanks: the product's own name, then phrases with commas between them, each of which reads as
//! one. A word of a keyword does not stand alone: coffee and ceramic, of a mug, are a ceramic coffee mug.

use std::collections::BTreeMap;

use super::lexicon::lexicon;
use crate::catalog::product::Product;
use crate::text::english;
use crate::text::normal::{is_hanzi, normal};

/// What stands between phrases.
pub(super) const COMMA: &str = ", ";
/// Keywords of one head that are put together, and how many words stand before a head at most.
const TOGETHER: usize = 6;
const BEFORE: usize = 3;
/// Small words stand small within a title.
const SMALL: [&str; 12] =
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "with"];
/// What a fact says when its name says the rest: microwave safe.
const AGREES: [&str; 5] = ["safe", "friendly", "proof", "resistant", "free"];
/// What says nothing of the goods alone.
const HOLLOW: [&str; 12] = [
    "yes",
    "no",
    "not",
    "none",
    "suitable",
    "advised",
    "recommended",
    "only",
    "included",
    "hand",
    "wash",
    "built",
];

/// The keywords that make one phrase together with others of the same head: ceramic coffee mug of ceramic mug and
/// coffee mug. `rows` are words of keywords, the best first.
pub(super) fn joined(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut by_head: BTreeMap<&String, Vec<&[String]>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.len() > 1) {
        let (head, before) = row.split_last().unwrap_or((&row[0], &[]));
        let plain = before.iter().all(|word| !SMALL.contains(&word.as_str()));
        let all = by_head.entry(head).or_default();
        if plain && all.len() < TOGETHER {
            all.push(before);
        }
    }
    let mut found: Vec<Vec<String>> = Vec::new();
    for (head, all) in by_head {
        for set in 1_u32..1 << all.len() {
            let chosen = (0..all.len()).filter(|nth| set >> nth & 1 == 1);
            let mut words: Vec<&String> = Vec::new();
            for word in chosen.flat_map(|nth| all[nth]) {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            words.sort_by_key(|word| rank(word));
            let phrase: Vec<String> = words.into_iter().chain([head]).cloned().collect();
            if set.count_ones() > 1 && phrase.len() <= BEFORE + 1 && !found.contains(&phrase) {
                found.push(phrase);
            }
        }
    }
    found
}

/// Where a word stands before what it tells of: how it is made, its colour, its material, what it is for.
fn rank(word: &str) -> u8 {
    if lexicon().family(word).is_some_and(|family| family.slot == "material") {
        return 2;
    }
    match lexicon().slot_of(word).and_then(super::lexicon::name) {
        Some("colour") => 1,
        Some(_) => 0,
        None => 3,
    }
}

/// A phrase as a title writes it: Microwave Safe, Made in Jingdezhen. A word that someone wrote with capitals keeps them.
pub(super) fn titled(phrase: &str, written: impl Fn(&str) -> Option<String>) -> String {
    let word = |(nth, word): (usize, &str)| {
        if let Some(written) = written(word) {
            return capital(&written);
        }
        if nth > 0 && SMALL.contains(&word) { word.to_owned() } else { capital(word) }
    };
    phrase.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// With a capital at the beginning of each part: High-Fired.
fn capital(word: &str) -> String {
    let part = |part: &str| {
        let mut chars = part.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    };
    word.split('-').map(part).collect::<Vec<String>>().join("-")
}

/// What a product says of itself that reads as a phrase of a title: short facts, whole. Of a list of words, tags too.
pub(super) fn phrases(product: &Product, locale: &str, tags: bool) -> Vec<String> {
    let mut phrases: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let text = normal(text.trim());
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let plain = text.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
        let latin = !text.chars().any(is_hanzi);
        if plain && latin && (4..=24).contains(&letters) && !phrases.contains(&text) {
            phrases.push(text);
        }
    };
    for tag in product.tags().iter().filter(|_| tags) {
        add(&tag.value);
    }
    for fact in product.facts(locale) {
        let shown = fact.shown(locale);
        let words = english::words(&shown);
        let said = shown.trim().to_lowercase();
        if AGREES.contains(&said.as_str()) || fact.name.ends_with(" in") {
            add(&format!("{} {}", fact.name, shown.trim()));
        } else if words.len() <= 3
            && !words.iter().any(|word| HOLLOW.contains(&word.as_str()))
            && !words.iter().any(|word| SMALL.contains(&word.as_str()))
        {
            add(&shown);
        }
    }
    phrases
}

/// What a title calls a product: all of its name that there is room for, whole up to a comma or bracket.
pub(super) fn name(own: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    let mut name = own.trim();
    while !fits(name) {
        let cut = name.rfind([',', '(', '|', ';', ':']).or_else(|| name.rfind(" - "))?;
        name = name[..cut].trim_end_matches([' ', ',', '-']);
    }
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_one_head_are_put_together() {
        let rows = |all: &[&str]| -> Vec<Vec<String>> {
            all.iter().map(|one| one.split(' ').map(str::to_owned).collect()).collect()
        };
        let found = joined(&rows(&["coffee mug", "ceramic mug", "white mug", "tea cup", "mug"]));
        let found: Vec<String> = found.iter().map(|words| words.join(" ")).collect();
        assert_eq!(
            found,
            [
                "ceramic coffee mug",
                "white coffee mug",
                "white ceramic mug",
                "white ceramic coffee mug"
            ]
        );
    }

    #[test]
    fn phrases_have_capitals() {
        let none = |_: &str| None;
        assert_eq!(titled("high-fired porcelain", none), "High-Fired Porcelain");
        assert_eq!(titled("made in jingdezhen", none), "Made in Jingdezhen");
        let written = |word: &str| (word == "led").then(|| "LED".to_owned());
        assert_eq!(titled("led lamp", written), "LED Lamp");
    }

    #[test]
    fn a_long_name_is_cut_where_it_pauses() {
        let fits = |most: usize| move |text: &str| text.len() <= most;
        let own = "Celadon Mug, 350 ml (Set of 2)";
        assert_eq!(name(own, fits(40)).as_deref(), Some(own));
        assert_eq!(name(own, fits(25)).as_deref(), Some("Celadon Mug, 350 ml"));
        assert_eq!(name(own, fits(12)).as_deref(), Some("Celadon Mug"));
        assert_eq!(name(own, fits(5)), None);
    }
}
