//! A category's keywords shared out over its products, so that listings do not fight over the same few words.
//!
//! A keyword is worth its value in as many titles as the cap says, and nothing in further ones. Each title is composed
//! again for what the others leave, and taken when the whole gains by it: so the whole is never worth less than titles
//! composed each on its own, and rounds end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, Composed, compose};
use crate::text::segment::Segmenter;

/// Rounds over all products; nearly always the third changes nothing.
const ROUNDS: usize = 8;

/// What became of a category's titles.
pub struct Shared {
    /// Titles composed each on its own, and shared out; `None` where there is no title.
    pub titles: Vec<Option<[Composed; 2]>>,
    /// Each keyword: its value, and in how many titles it is, on its own and shared out.
    pub keywords: BTreeMap<String, (u64, [usize; 2])>,
    /// What both are worth together.
    pub totals: [u64; 2],
}

/// Shares keywords out over products; `cap` titles may have the same one.
pub fn share(all: &[Asked<'_>], cap: usize, cut: &Segmenter) -> Shared {
    let alone: Vec<Option<Composed>> =
        all.iter().map(|asked| compose(asked, cut, false).ok().map(|(made, _)| made)).collect();
    let mut values: BTreeMap<String, u64> = BTreeMap::new();
    for made in alone.iter().flatten() {
        for (word, value) in &made.covered {
            values.entry(word.clone()).or_insert(*value);
        }
        for (word, value, _) in &made.left_out {
            values.entry(word.clone()).or_insert(*value);
        }
    }
    let mut titles = alone.clone();
    for _ in 0..ROUNDS {
        let mut changed = false;
        for nth in 0..titles.len() {
            if titles[nth].is_none() {
                continue;
            }
            let others = count(
                titles.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, made)| made),
            );
            let spent: BTreeSet<String> = others
                .iter()
                .filter(|(_, many)| **many >= cap)
                .map(|(word, _)| word.clone())
                .collect();
            let asked = Asked { spent: &spent, ..all[nth] };
            let Ok((made, _)) = compose(&asked, cut, false) else { continue };
            let before = titles[nth].replace(made);
            let after = worth(&titles, &values, cap);
            let made = std::mem::replace(&mut titles[nth], before);
            if after > worth(&titles, &values, cap) {
                titles[nth] = made;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let totals = [worth(&alone, &values, cap), worth(&titles, &values, cap)];
    let counts = [count(alone.iter()), count(titles.iter())];
    let keywords = values.into_iter().filter_map(|(word, value)| {
        let many = [0, 1].map(|nth| counts[nth].get(&word).copied().unwrap_or_default());
        (many != [0, 0]).then_some((word, (value, many)))
    });
    let keywords = keywords.collect();
    let pairs = alone.into_iter().zip(titles);
    Shared { titles: pairs.map(|(one, other)| Some([one?, other?])).collect(), keywords, totals }
}

/// In how many titles each keyword is.
fn count<'c>(titles: impl Iterator<Item = &'c Option<Composed>>) -> BTreeMap<String, usize> {
    let mut many: BTreeMap<String, usize> = BTreeMap::new();
    for (word, _) in titles.flatten().flat_map(|made| &made.covered) {
        *many.entry(word.clone()).or_default() += 1;
    }
    many
}

/// What titles are worth together.
fn worth(titles: &[Option<Composed>], values: &BTreeMap<String, u64>, cap: usize) -> u64 {
    let many = count(titles.iter());
    many.iter()
        .map(|(word, many)| values.get(word).copied().unwrap_or_default() * (*many).min(cap) as u64)
        .sum()
}
