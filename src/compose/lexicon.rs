//! Words of titles, as data: slots, families, what needs no evidence. See `lexicon.yaml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// Slots in their usual order.
const SLOTS: [&str; 12] = [
    "brand",
    "marketing",
    "season",
    "style",
    "pattern",
    "material",
    "colour",
    "fit",
    "detail",
    "length",
    "core",
    "audience",
];

/// The slot behind the brand: the product's own name where it stays whole.
pub(super) const NAME: u8 = 1;
/// The slot of what a thing is.
pub(super) const CORE: u8 = 10;
/// The slot of anything else.
pub(super) const DETAIL: u8 = 8;

#[derive(Deserialize, Default)]
pub(super) struct Lexicon {
    pub(super) families: Vec<Family>,
    slots: BTreeMap<String, Vec<String>>,
    pub(super) free: Vec<String>,
    pub(super) exclusive: Vec<Vec<String>>,
    /// Words that no search engine looks for.
    pub(super) small: Vec<String>,
    /// What stands in a title only within a longer word.
    pub(super) loose: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Family {
    pub(super) name: String,
    pub(super) slot: String,
    pub(super) words: BTreeMap<String, Vec<String>>,
}

pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| serde_yaml::from_str(include_str!("lexicon.yaml")).unwrap_or_default())
}

/// The number of a slot's name.
pub(super) fn slot(name: &str) -> Option<u8> {
    SLOTS.iter().position(|slot| *slot == name).map(|nth| nth as u8)
}

/// The name of a slot's number.
pub(super) fn name(slot: u8) -> Option<&'static str> {
    SLOTS.get(usize::from(slot)).copied()
}

impl Lexicon {
    /// The family a word belongs to.
    pub(super) fn family(&self, word: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.words.contains_key(word))
    }

    /// The slot of a word, if it is known.
    pub(super) fn slot_of(&self, word: &str) -> Option<u8> {
        if let Some(family) = self.family(word) {
            return slot(&family.slot);
        }
        let found = self.slots.iter().find(|(_, words)| words.iter().any(|one| one == word));
        found.and_then(|(name, _)| slot(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_is_sound() {
        let lexicon = lexicon();
        assert!(lexicon.families.len() > 3);
        assert!(lexicon.families.iter().all(|family| slot(&family.slot).is_some()));
        assert!(lexicon.slots.keys().all(|name| slot(name).is_some()));
        assert_eq!(lexicon.slot_of("雪纺"), slot("material"));
    }
}
