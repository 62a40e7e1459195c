//! What one run of a maker saw, and whether it still holds. Generic over what can be read: it knows no product.

use std::collections::HashSet;
use std::hash::Hash as StdHash;

use serde::{Deserialize, Serialize};

use crate::id::Hash;

/// The present state of everything that can be read.
pub trait Facts<R> {
    /// The hash a fact has now; an absent one has `Hash::ABSENT`.
    fn hash(&self, read: &R) -> Hash;
}

/// What one run of a maker read, and what came of it.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Trace<R, K> {
    /// Facts and the hashes they had, in the order they were read.
    pub reads: Vec<(R, Hash)>,
    /// Version of the maker.
    pub version: u32,
    /// Hash of what was made; absent when nothing could be made.
    pub output: Hash,
    /// What else the run gave: wishes, findings. Replayed with it.
    pub kept: K,
}

impl<R, K> Trace<R, K> {
    /// The first fact that is not what it was; `None` when the result still holds.
    pub fn changed<'t>(&'t self, facts: &impl Facts<R>) -> Option<&'t (R, Hash)> {
        self.reads.iter().find(|(read, seen)| facts.hash(read) != *seen)
    }
}

/// Notes what a maker reads, each fact once.
#[derive(Debug)]
pub struct Recorder<R> {
    reads: Vec<(R, Hash)>,
    known: HashSet<R>,
}

impl<R> Default for Recorder<R> {
    fn default() -> Self {
        Self { reads: Vec::new(), known: HashSet::new() }
    }
}

impl<R: Clone + Eq + StdHash> Recorder<R> {
    /// Notes that a fact was looked at.
    pub fn note(&mut self, facts: &impl Facts<R>, read: R) {
        // Most makers read a handful of facts: a scan beats a table until there are many.
        let seen = if self.reads.len() < 16 {
            self.reads.iter().any(|(known, _)| *known == read)
        } else {
            if self.known.is_empty() {
                self.known.extend(self.reads.iter().map(|(known, _)| known.clone()));
            }
            !self.known.insert(read.clone())
        };
        if !seen {
            let hash = facts.hash(&read);
            self.reads.push((read, hash));
        }
    }

    /// Everything noted.
    pub fn finish(self) -> Vec<(R, Hash)> {
        self.reads
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    struct Toy(HashMap<&'static str, u8>);

    impl Facts<&'static str> for Toy {
        fn hash(&self, read: &&'static str) -> Hash {
            self.0.get(read).map_or(Hash::ABSENT, |value| Hash::of(&[*value]))
        }
    }

    #[test]
    fn a_trace_holds_until_a_fact_it_read_changes() {
        let mut facts = Toy(HashMap::from([("title", 1), ("price", 2)]));
        let mut recorder = Recorder::default();
        recorder.note(&facts, "title");
        recorder.note(&facts, "missing");
        recorder.note(&facts, "title");
        let trace =
            Trace { reads: recorder.finish(), version: 1, output: Hash::of(b"page"), kept: () };
        assert_eq!(trace.reads.len(), 2);
        assert!(trace.changed(&facts).is_none());
        facts.0.insert("price", 9);
        assert!(trace.changed(&facts).is_none(), "it never read the price");
        facts.0.insert("missing", 1);
        assert_eq!(trace.changed(&facts).map(|(read, _)| *read), Some("missing"));
    }
}
