//! What is to be decided: tokens that cost, keywords that pay, and what must or must not stand together.

use serde::{Deserialize, Serialize};

/// A piece of text that can stand in a title.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Token {
    /// The text.
    pub text: String,
    /// What it takes of the limit, a separator included.
    pub cost: u32,
    /// Which part of a title it belongs to: brand before style before core word.
    pub slot: u8,
    /// Terms that the title has when it has this token, by number. At least its own.
    pub terms: Vec<u32>,
    /// What a title is worth less for having it: a word that brings less than this makes it longer, not better.
    /// A token that must stand has none.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub fee: u64,
    /// It must stand in the title.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_nothing(fee: &u64) -> bool {
    *fee == 0
}

/// What buyers search for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Keyword {
    /// As it was written.
    pub text: String,
    /// What a title gains that has all its terms.
    pub value: u64,
    /// Its terms in its own order, by number; one may come twice.
    pub terms: Vec<u32>,
}

/// Tokens of which a title may have only some.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Group {
    /// The tokens, by number.
    pub tokens: Vec<u32>,
    /// How many of them at most.
    pub max: u32,
}

/// Which tokens to take.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Problem {
    /// What the costs together may not exceed.
    pub limit: u32,
    /// What can be taken.
    pub tokens: Vec<Token>,
    /// What pays.
    pub keywords: Vec<Keyword>,
    /// What excludes each other.
    pub groups: Vec<Group>,
}

/// Why a problem has no solution at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Impossible {
    /// The tokens that must stand cost more than the limit.
    TooLong {
        /// What they cost.
        cost: u32,
    },
    /// Tokens that must stand exclude each other.
    Excluded {
        /// One of them.
        token: u32,
    },
}

impl Problem {
    /// One more than the highest number of a term.
    pub fn terms(&self) -> usize {
        let tokens = self.tokens.iter().flat_map(|token| &token.terms);
        let keywords = self.keywords.iter().flat_map(|keyword| &keyword.terms);
        tokens.chain(keywords).max().map_or(0, |term| *term as usize + 1)
    }

    /// What some tokens cost together.
    pub fn cost(&self, tokens: &[u32]) -> u32 {
        tokens.iter().map(|token| self.tokens[*token as usize].cost).sum()
    }

    /// What some tokens are worth together.
    pub fn value(&self, tokens: &[u32]) -> u64 {
        let covered = self.covered(tokens);
        let sum: u64 = covered.iter().map(|keyword| self.keywords[*keyword as usize].value).sum();
        // The best set is never worth less than the tokens that must stand, which is not less than nothing.
        sum.saturating_sub(self.fees(tokens))
    }

    /// What some tokens take off together.
    pub fn fees(&self, tokens: &[u32]) -> u64 {
        let fee = |token: &u32| self.tokens[*token as usize].fee;
        tokens.iter().map(fee).sum()
    }

    /// The keywords whose terms some tokens have all of.
    pub fn covered(&self, tokens: &[u32]) -> Vec<u32> {
        let mut there = vec![false; self.terms()];
        for term in tokens.iter().flat_map(|token| &self.tokens[*token as usize].terms) {
            there[*term as usize] = true;
        }
        let whole = |keyword: &Keyword| keyword.terms.iter().all(|term| there[*term as usize]);
        let pairs = (0..).zip(&self.keywords);
        pairs.filter(|(_, keyword)| whole(keyword)).map(|(nth, _)| nth).collect()
    }

    /// Whether no group has more than it may.
    pub fn allows(&self, tokens: &[u32]) -> bool {
        let many = |group: &Group| group.tokens.iter().filter(|one| tokens.contains(one)).count();
        self.groups.iter().all(|group| many(group) <= group.max as usize)
    }

    /// The tokens that must stand, if they can.
    pub fn musts(&self) -> Result<Vec<u32>, Impossible> {
        let musts: Vec<u32> =
            (0..).zip(&self.tokens).filter(|(_, token)| token.must).map(|(nth, _)| nth).collect();
        let cost = self.cost(&musts);
        if cost > self.limit {
            return Err(Impossible::TooLong { cost });
        }
        let full = |group: &&Group| {
            group.tokens.iter().filter(|one| musts.contains(one)).count() > group.max as usize
        };
        match self.groups.iter().find(full).and_then(|group| group.tokens.last()) {
            Some(token) => Err(Impossible::Excluded { token: *token }),
            None => Ok(musts),
        }
    }
}
