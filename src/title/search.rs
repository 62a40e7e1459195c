//! The best set of tokens, by branch and bound, with a proof.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::bound::{Part, Round, Scratch, State};
use super::problem::{Impossible, Problem};

/// Prices in a proof are whole parts of this, so that it can be checked exactly.
pub const SCALE: u64 = 4096;

/// Rounds of dividing values: at the root, and in each part below.
const ROOT_ROUNDS: u32 = 200;
const ROUNDS: u32 = 6;

/// How long to search.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Parts to look at before giving up on a proof. Not a time, so that every machine finds the same title.
    pub parts: u32,
    /// Keep the proof.
    pub prove: bool,
}

impl Default for Effort {
    fn default() -> Self {
        Self { parts: 4_000, prove: false }
    }
}

/// The best set found.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Its tokens, in order of their numbers.
    pub tokens: Vec<u32>,
    /// What it is worth.
    pub value: u64,
    /// No set is worth more than this; the same as `value` when that is proven best.
    pub bound: u64,
    /// Parts of the search looked at.
    pub parts: u32,
    /// Why nothing is worth more than `bound`, if it was asked for.
    pub proof: Option<Proof>,
}

/// Why no set is worth more than the bound: the whole search, each end of it with prices that show there is nothing there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// By the prices above, nothing here is worth more.
    Leaf,
    /// Prices of the terms that are missing here, in parts of a [`SCALE`]th: each keyword's value is divided over its missing terms.
    Prices(Vec<(u32, u64)>, Box<Proof>),
    /// Tolls of groups, in parts of a [`SCALE`]th: below, each token of a group is worth so much less, and what the group
    /// can still have at most is given back.
    Tolls(Vec<(u32, u64)>, Box<Proof>),
    /// Either with a token or without it.
    Split(u32, Box<Proof>, Box<Proof>),
}

/// The best set of tokens. Of sets that are worth the same it is the same one, in whatever order the keywords come.
pub fn search(problem: &Problem, effort: Effort) -> Result<Found, Impossible> {
    let mut problem = problem.clone();
    // Those of as many terms beside each other: loops over them then always turn as often.
    problem.keywords.sort_by(|a, b| {
        let [one, two] = [a, b].map(|keyword| (keyword.terms.len(), Reverse(keyword.value)));
        one.cmp(&two).then_with(|| a.terms.cmp(&b.terms))
    });
    let problem = &problem;
    let musts = problem.musts()?;
    let mut state = vec![State::Free; problem.tokens.len()];
    let mut left = problem.limit;
    for must in &musts {
        state[*must as usize] = State::Taken;
        left -= problem.tokens[*must as usize].cost;
    }
    let mut search = Search {
        problem,
        effort,
        scratch: Scratch::default(),
        best: musts.clone(),
        value: problem.value(&musts),
        open: 0.0,
        parts: 0,
        by_term: providers(problem),
    };
    search.exclude(&mut state, left);
    search.greedy(&state, left);
    let proof = search.part(&state, left, None);
    let Search { mut best, value, open, parts, .. } = search;
    best.sort_unstable();
    let bound = value.max(open.ceil() as u64);
    Ok(Found { tokens: best, value, bound, parts, proof: effort.prove.then_some(proof) })
}

struct Search<'p> {
    problem: &'p Problem,
    effort: Effort,
    scratch: Scratch,
    best: Vec<u32>,
    value: u64,
    /// The highest bound of a part that was not looked at.
    open: f64,
    parts: u32,
    by_term: Vec<Vec<u32>>,
}

fn providers(problem: &Problem) -> Vec<Vec<u32>> {
    let mut by_term = vec![Vec::new(); problem.terms()];
    for (nth, token) in problem.tokens.iter().enumerate() {
        token.terms.iter().for_each(|term| by_term[*term as usize].push(nth as u32));
    }
    by_term
}

impl Search<'_> {
    /// Whether nothing better than what is known can hide below a bound. Values are whole; half of one is for rounding.
    fn hopeless(&self, bound: f64) -> bool {
        bound < self.value as f64 + 0.5
    }

    /// Looks at one part of the search.
    fn part(&mut self, state: &[State], budget: u32, above: Option<&Part>) -> Proof {
        self.parts += 1;
        let mut here = Part::new(self.problem, self.by_term.len(), state, budget, above);
        let mut state = state.to_vec();
        if here.value() > self.value {
            self.offer(&here.taken.clone());
        }
        let rounds = if above.is_none() { ROOT_ROUNDS } else { ROUNDS };
        let (last, bound) = self.rounds(&mut here, rounds, above.is_none());
        let prices = self.prices(&here);
        if self.hopeless(bound) {
            return wrap(prices, Proof::Leaf);
        }
        let (fixed, fewer) = self.fix(&mut state, budget, &here);
        if self.parts >= self.effort.parts {
            self.open = self.open.max(bound);
            return wrap(prices, Proof::Leaf);
        }
        let rest = if fixed.is_empty() {
            self.branch(&state, budget, &here, &last)
        } else {
            self.part(&state, fewer, Some(&here))
        };
        let mut proof = rest;
        if self.effort.prove {
            for (token, taken) in fixed.into_iter().rev() {
                let (with, without) =
                    if taken { (proof, Proof::Leaf) } else { (Proof::Leaf, proof) };
                proof = Proof::Split(token, Box::new(with), Box::new(without));
            }
        }
        wrap(prices, proof)
    }

    fn prices(&self, part: &Part) -> Option<[Vec<(u32, u64)>; 2]> {
        self.effort.prove.then(|| [part.certificate(SCALE), part.toll_certificate(SCALE)])
    }

    /// Divides the values anew and anew; stops when nothing can hide here.
    fn rounds(&mut self, part: &mut Part, count: u32, root: bool) -> (Round, f64) {
        let mut best_shares = Vec::new();
        let mut best_tolls = Vec::new();
        let mut best_bound = f64::INFINITY;
        let mut step: f64 = if root { 1.0 } else { 0.7 };
        let mut stalled = 0;
        let mut nth = 0;
        loop {
            let round = part.round(self.problem, &mut self.scratch);
            let mut gained = false;
            if round.value > self.value {
                let mut tokens = part.taken.clone();
                tokens.extend(round.chosen.iter().map(|at| part.free[*at as usize]));
                gained = self.offer(&tokens);
            }
            if round.bound < best_bound {
                best_bound = round.bound;
                best_shares.clone_from(&part.shares);
                best_tolls = part.tolls();
                stalled = 0;
            } else {
                stalled += 1;
                if stalled >= 8 {
                    step *= 0.7;
                    stalled = 0;
                }
            }
            nth += 1;
            if nth >= count || self.hopeless(best_bound) || round.whole && !gained || step < 0.002 {
                part.shares = best_shares;
                part.set_tolls(&best_tolls);
                return (round, best_bound);
            }
            part.shift(&mut self.scratch, round.bound, self.value, step);
        }
    }

    /// A set that may be better than the best known.
    fn offer(&mut self, tokens: &[u32]) -> bool {
        let value = self.problem.value(tokens);
        let better = value > self.value
            && self.problem.allows(tokens)
            && self.problem.cost(tokens) <= self.problem.limit;
        if better {
            self.value = value;
            self.best = tokens.to_vec();
            self.improve();
        }
        better
    }

    /// Tokens that can only be in, or only out, if there is to be anything better.
    fn fix(&mut self, state: &mut [State], budget: u32, part: &Part) -> (Vec<(u32, bool)>, u32) {
        let bounds = part.forced(self.problem, &mut self.scratch);
        let mut fixed = Vec::new();
        let mut left = budget;
        for (token, (with, without)) in part.free.iter().zip(bounds) {
            if state[*token as usize] != State::Free {
                continue;
            }
            let cost = self.problem.tokens[*token as usize].cost;
            if self.hopeless(with) || cost > left {
                state[*token as usize] = State::Refused;
                fixed.push((*token, false));
            } else if self.hopeless(without) {
                state[*token as usize] = State::Taken;
                left -= cost;
                fixed.push((*token, true));
            }
        }
        self.exclude(state, left);
        (fixed, left)
    }

    /// Refuses what a full group does not allow and what does not fit any more. A proof need not say so.
    fn exclude(&self, state: &mut [State], left: u32) {
        for group in &self.problem.groups {
            let taken =
                group.tokens.iter().filter(|one| state[**one as usize] == State::Taken).count();
            if taken >= group.max as usize {
                for token in &group.tokens {
                    if state[*token as usize] == State::Free {
                        state[*token as usize] = State::Refused;
                    }
                }
            }
        }
        for (nth, token) in self.problem.tokens.iter().enumerate() {
            if state[nth] == State::Free && token.cost > left {
                state[nth] = State::Refused;
            }
        }
    }

    /// Divides a part in two: with a token and without it.
    fn branch(&mut self, state: &[State], budget: u32, part: &Part, last: &Round) -> Proof {
        let torn = part.torn(&last.chosen, &self.scratch);
        // Taking what the prices want anyway is the better first guess.
        let weight =
            |at: usize| if last.chosen.contains(&(at as u32)) { torn[at] } else { torn[at] / 2.0 };
        let heaviest = (0..part.free.len())
            .filter(|at| state[part.free[*at] as usize] == State::Free)
            .max_by(|a, b| weight(*a).total_cmp(&weight(*b)).then(b.cmp(a)));
        let Some(at) = heaviest else { return Proof::Leaf };
        let token = part.free[at];
        let mut with = state.to_vec();
        with[token as usize] = State::Taken;
        let left = budget - self.problem.tokens[token as usize].cost;
        self.exclude(&mut with, left);
        let taken = self.part(&with, left, Some(part));
        let mut without = state.to_vec();
        without[token as usize] = State::Refused;
        let refused = self.part(&without, budget, Some(part));
        Proof::Split(token, Box::new(taken), Box::new(refused))
    }

    /// A first set: again and again the keyword whose missing tokens gain most for their length.
    fn greedy(&mut self, state: &[State], left: u32) {
        let mut taken = self.best.clone();
        self.fill(&mut taken, state, left);
        self.offer(&taken);
    }

    fn fill(&self, taken: &mut Vec<u32>, state: &[State], mut left: u32) {
        let mut there = vec![false; self.by_term.len()];
        let bring = |there: &mut Vec<bool>, token: u32| {
            self.problem.tokens[token as usize]
                .terms
                .iter()
                .for_each(|term| there[*term as usize] = true);
        };
        for token in taken.iter() {
            bring(&mut there, *token);
        }
        let mut counts: Vec<u32> = vec![0; self.problem.groups.len()];
        let groups_of = |token: u32| {
            self.problem
                .groups
                .iter()
                .enumerate()
                .filter(move |(_, group)| group.tokens.contains(&token))
                .map(|(nth, _)| nth)
        };
        for token in taken.iter() {
            groups_of(*token).for_each(|nth| counts[nth] += 1);
        }
        loop {
            let mut best: Option<(f64, Vec<u32>, u32)> = None;
            for keyword in &self.problem.keywords {
                let mut tokens: Vec<u32> = Vec::new();
                let mut cost = 0;
                let reachable =
                    keyword.terms.iter().filter(|term| !there[**term as usize]).all(|term| {
                        if tokens
                            .iter()
                            .any(|one| self.problem.tokens[*one as usize].terms.contains(term))
                        {
                            return true;
                        }
                        let provider = self.by_term[*term as usize]
                            .iter()
                            .filter(|one| {
                                state[**one as usize] == State::Free && !taken.contains(one)
                            })
                            .min_by_key(|one| self.problem.tokens[**one as usize].cost);
                        provider.is_some_and(|one| {
                            tokens.push(*one);
                            cost += self.problem.tokens[*one as usize].cost;
                            cost <= left
                        })
                    });
                if !reachable || tokens.is_empty() {
                    continue;
                }
                let fees = self.problem.fees(&tokens);
                if keyword.value < fees {
                    continue;
                }
                let rate = (keyword.value - fees) as f64 / f64::from(cost.max(1));
                if best.as_ref().is_none_or(|(known, ..)| rate > *known) {
                    let full = tokens.iter().any(|one| {
                        groups_of(*one).any(|nth| counts[nth] >= self.problem.groups[nth].max)
                    });
                    let mut all = taken.clone();
                    all.extend_from_slice(&tokens);
                    if !full && self.problem.allows(&all) {
                        best = Some((rate, tokens, cost));
                    }
                }
            }
            let Some((_, tokens, cost)) = best else { return };
            left -= cost;
            for token in tokens {
                bring(&mut there, token);
                groups_of(token).for_each(|nth| counts[nth] += 1);
                taken.push(token);
            }
        }
    }

    /// Makes the best known set better by taking one token out and filling the room again.
    fn improve(&mut self) {
        let state: Vec<State> = vec![State::Free; self.problem.tokens.len()];
        loop {
            let before = self.value;
            let mut found: Option<(u64, Vec<u32>)> = None;
            for out in &self.best {
                if self.problem.tokens[*out as usize].must {
                    continue;
                }
                let mut state = state.clone();
                state[*out as usize] = State::Refused;
                let mut taken: Vec<u32> =
                    self.best.iter().copied().filter(|one| one != out).collect();
                let left = self.problem.limit - self.problem.cost(&taken);
                self.fill(&mut taken, &state, left);
                let value = self.problem.value(&taken);
                if value > before && found.as_ref().is_none_or(|(known, _)| value > *known) {
                    found = Some((value, taken));
                }
            }
            match found {
                Some((value, tokens)) if self.problem.allows(&tokens) => {
                    self.value = value;
                    self.best = tokens;
                }
                _ => return,
            }
        }
    }
}

fn wrap(prices: Option<[Vec<(u32, u64)>; 2]>, proof: Proof) -> Proof {
    let Some([prices, tolls]) = prices else { return proof };
    Proof::Prices(prices, Box::new(Proof::Tolls(tolls, Box::new(proof))))
}
