//! Titles that were composed before, by everything they depend on. Losing them costs time, never correctness.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use super::truth::words;
use crate::id::Hash;
use crate::keywords::Table;
use crate::text::segment::Segmenter;
use crate::title::problem::{Impossible, Problem};
use crate::title::search::{Effort, Found, search};

/// So many titles are kept; of more only those that the last build used.
const MOST: usize = 200_000;

/// Reads what an earlier build kept.
type Load = Box<dyn Fn() -> Option<Kept> + Send + Sync>;

/// Titles by what they depend on, as they are kept.
pub type Kept = Vec<(Hash, String)>;

/// Titles of this build and of those before.
#[derive(Default)]
pub struct Titles {
    load: OnceLock<Load>,
    known: OnceLock<HashMap<Hash, Arc<str>>>,
    used: Mutex<HashMap<Hash, Arc<str>>>,
}

impl Titles {
    /// Says where titles of earlier builds are; they are read when the first title is asked for.
    pub fn remember(&self, load: impl Fn() -> Option<Kept> + Send + Sync + 'static) {
        let _ = self.load.set(Box::new(load));
    }

    fn known(&self) -> &HashMap<Hash, Arc<str>> {
        self.known.get_or_init(|| {
            let kept = self.load.get().and_then(|load| load()).unwrap_or_default();
            kept.into_iter().map(|(key, text)| (key, Arc::from(text))).collect()
        })
    }

    /// The title of a key, composed when it is not known.
    pub fn get(&self, key: Hash, compose: impl FnOnce() -> String) -> Arc<str> {
        let here = || self.used.lock().ok().and_then(|used| used.get(&key).cloned());
        if let Some(text) = here() {
            return text;
        }
        let text = match self.known().get(&key) {
            Some(text) => text.clone(),
            None => Arc::from(compose()),
        };
        if let Ok(mut used) = self.used.lock() {
            used.insert(key, text.clone());
        }
        text
    }

    /// What is to be kept; nothing when no title is new.
    pub fn fresh(&self) -> Option<Kept> {
        let used = self.used.lock().ok()?;
        let known = self.known.get()?;
        if used.keys().all(|key| known.contains_key(key)) {
            return None;
        }
        let row = |(key, text): (&Hash, &Arc<str>)| (*key, text.to_string());
        let mut kept: Kept = used.iter().map(row).collect();
        if known.len() + kept.len() <= MOST {
            kept.extend(known.iter().filter(|(key, _)| !used.contains_key(key)).map(row));
        }
        kept.sort_unstable();
        Some(kept)
    }
}

/// What titles of a build have in common: problems that were solved, since channels that count alike ask for the same
/// title, and the words of tables, which many products use.
#[derive(Default)]
pub struct Common {
    solved: Mutex<HashMap<Hash, Found>>,
    tables: Mutex<HashMap<Hash, Arc<Words>>>,
}

/// The words of a table's keywords.
#[derive(Default)]
pub(super) struct Words {
    /// Of each keyword its words.
    pub(super) rows: Vec<Vec<String>>,
    /// Words that end most keywords they are in: what things are.
    pub(super) cores: BTreeSet<String>,
}

impl Words {
    fn of(table: &Table, cut: &Segmenter) -> Self {
        let rows: Vec<Vec<String>> =
            table.keywords.iter().map(|keyword| words(cut, &keyword.text)).collect();
        let mut ends: BTreeMap<&String, (usize, usize)> = BTreeMap::new();
        for row in &rows {
            for (nth, word) in row.iter().enumerate() {
                let entry = ends.entry(word).or_default();
                entry.0 += usize::from(nth + 1 == row.len());
                entry.1 += 1;
            }
        }
        let core = |(_, (last, all)): &(&String, (usize, usize))| last * 10 >= all * 6;
        let cores = ends.into_iter().filter(core).map(|(word, _)| word.clone()).collect();
        Self { rows, cores }
    }
}

impl Common {
    /// The words of a table's keywords.
    pub(super) fn words(&self, table: &Table, cut: &Segmenter) -> Arc<Words> {
        let known = self.tables.lock().ok().and_then(|all| all.get(&table.hash).cloned());
        known.unwrap_or_else(|| {
            let words = Arc::new(Words::of(table, cut));
            if let Ok(mut all) = self.tables.lock() {
                all.insert(table.hash, words.clone());
            }
            words
        })
    }

    /// The best set of a problem, without a proof.
    pub(super) fn search(&self, problem: &Problem) -> Result<Found, Impossible> {
        let key = Hash::of_value(problem);
        if let Some(found) = self.solved.lock().ok().and_then(|all| all.get(&key).cloned()) {
            return Ok(found);
        }
        let found = search(problem, Effort::default())?;
        if let Ok(mut all) = self.solved.lock() {
            all.insert(key, found.clone());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_composed_again() {
        let key = |text: &str| Hash::of(text.as_bytes());
        let first = Titles::default();
        assert_eq!(first.fresh(), None);
        assert_eq!(&*first.get(key("a"), || "A".to_owned()), "A");
        assert_eq!(&*first.get(key("a"), || unreachable!()), "A");
        let kept = first.fresh().expect("one is new");
        let second = Titles::default();
        second.remember(move || Some(kept.clone()));
        assert_eq!(&*second.get(key("a"), || unreachable!()), "A");
        assert_eq!(second.fresh(), None, "nothing is new");
        assert_eq!(&*second.get(key("b"), || "B".to_owned()), "B");
        let kept = second.fresh().expect("one is new");
        assert_eq!(kept.len(), 2);
        assert!(kept.is_sorted());
    }
}
