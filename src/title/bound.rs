//! How much a part of the search can be worth at most.
//!
//! Each keyword's value is divided over its missing terms. Whatever the division, no set of tokens is worth more than the
//! shares of the terms it brings, and the best set by shares is a knapsack, solved exactly over the limit. Moving shares
//! from terms that the knapsack took to terms that it left out brings this bound down to the truth, or near it.
//!
//! Of a group from which the knapsack took too many, every token is made dearer, and what the group may have at most is
//! given back: no set that the group allows is worth less for that.

use std::collections::BTreeSet;

use super::problem::Problem;

/// A part of the search: some tokens taken, some refused, the others free.
#[derive(Clone)]
pub(super) struct Part {
    /// What is left of the limit.
    pub(super) budget: u32,
    /// What the taken tokens are worth, their fees not taken off.
    pub(super) base: u64,
    /// The fees of the taken tokens.
    fees: f64,
    /// The fee of each free token.
    free_fees: Vec<f64>,
    /// Taken tokens.
    pub(super) taken: Vec<u32>,
    /// Free tokens that something still pays for.
    pub(super) free: Vec<u32>,
    /// Free tokens in rows of which at most one can be taken: ranges of `free`.
    stages: Vec<(u32, u32)>,
    /// For each free token its terms, as positions in `terms`.
    provides: Vec<Vec<u32>>,
    /// Terms that are missing, by number.
    pub(super) terms: Vec<u32>,
    /// What keywords pay that miss this one term only.
    single: Vec<u64>,
    /// Other keywords that can still pay: value, and where their missing terms begin in `missing`.
    values: Vec<f64>,
    /// Numbers of those keywords, and of the ones with a single missing term.
    several: Vec<u32>,
    alone: Vec<u32>,
    begins: Vec<u32>,
    missing: Vec<u32>,
    /// The share of each missing term.
    pub(super) shares: Vec<f64>,
    /// Groups of which more could be chosen than they allow.
    loose: Vec<Loose>,
}

/// A group that the rows of the knapsack do not keep to.
#[derive(Clone)]
struct Loose {
    /// Its number.
    nth: u32,
    /// Its free tokens: positions in `free`.
    members: Vec<u32>,
    /// How many of them can still be taken.
    rest: u32,
    /// What each of them is made dearer by.
    toll: f64,
}

/// What one division of the values gives.
pub(super) struct Round {
    /// Nothing in this part is worth more.
    pub(super) bound: f64,
    /// The best set by shares: positions in `free`.
    pub(super) chosen: Vec<u32>,
    /// What it is really worth.
    pub(super) value: u64,
    /// No keyword is half in it.
    pub(super) whole: bool,
}

/// Memory that rounds use again.
#[derive(Default)]
pub(super) struct Scratch {
    /// By term: its price.
    prices: Vec<f64>,
    /// By free token: its price.
    worth: Vec<f64>,
    /// By term: whether the chosen tokens bring it.
    there: Vec<u8>,
    /// Keywords that are half in the chosen set, and how long the way against them is.
    torn: Vec<u32>,
    norm: f64,
    /// By loose group: how many too many of it are chosen.
    over: Vec<f64>,
    forward: Vec<f64>,
    backward: Vec<f64>,
}

const NONE: u32 = u32::MAX;

impl Part {
    /// A part of a problem. `state` says of each token whether it is taken, refused or free; shares are those of the
    /// part above, if there is one.
    pub(super) fn new(
        problem: &Problem,
        terms_in_all: usize,
        state: &[State],
        budget: u32,
        above: Option<&Part>,
    ) -> Self {
        let mut there = vec![false; terms_in_all];
        let mut reachable = vec![false; terms_in_all];
        let mut taken = Vec::new();
        for (nth, token) in problem.tokens.iter().enumerate() {
            match state[nth] {
                State::Taken => {
                    taken.push(nth as u32);
                    token.terms.iter().for_each(|term| there[*term as usize] = true);
                }
                State::Free => token.terms.iter().for_each(|term| reachable[*term as usize] = true),
                State::Refused => {}
            }
        }
        let mut part = Self {
            budget,
            base: 0,
            fees: problem.fees(&taken) as f64,
            free_fees: Vec::new(),
            taken,
            free: Vec::new(),
            stages: Vec::new(),
            provides: Vec::new(),
            terms: Vec::new(),
            single: Vec::new(),
            several: Vec::new(),
            alone: Vec::new(),
            values: Vec::new(),
            begins: vec![0],
            missing: Vec::new(),
            shares: Vec::new(),
            loose: Vec::new(),
        };
        let mut position = vec![NONE; terms_in_all];
        // What the part above could not get is lost here too; what it had already is in its base.
        part.base = above.map_or(0, |above| above.base);
        let all: Vec<u32>;
        let (several, alone) = if let Some(above) = above {
            (&above.several, above.alone.as_slice())
        } else {
            all = (0..problem.keywords.len() as u32).collect();
            (&all, [].as_slice())
        };
        for (row, nth) in several.iter().chain(alone).copied().enumerate() {
            let keyword = &problem.keywords[nth as usize];
            if keyword.value == 0 {
                continue;
            }
            let begin = part.missing.len();
            let dead = keyword.terms.iter().any(|term| {
                let term = *term as usize;
                !there[term] && !reachable[term]
            });
            if dead {
                continue;
            }
            for term in &keyword.terms {
                if there[*term as usize] {
                    continue;
                }
                if position[*term as usize] == NONE {
                    position[*term as usize] = part.terms.len() as u32;
                    part.terms.push(*term);
                }
                let at = position[*term as usize];
                if !part.missing[begin..].contains(&at) {
                    part.missing.push(at);
                }
            }
            if part.missing.len() == begin {
                part.base += keyword.value;
                continue;
            }
            let value = keyword.value as f64;
            let count = part.missing.len() - begin;
            part.single.resize(part.terms.len(), 0);
            if count == 1 {
                let term = part.missing.pop().unwrap_or_default();
                part.single[term as usize] += keyword.value;
                part.alone.push(nth);
                continue;
            }
            let from = part.shares.len();
            part.shares.resize(from + count, value / count as f64);
            if let Some(above) = above {
                part.inherit(above, row, from, value);
            }
            part.values.push(value);
            part.begins.push(part.missing.len() as u32);
            part.several.push(nth);
        }
        part.stage(problem, state, &position);
        part.loosen(problem, state, above);
        part
    }

    /// Finds the groups that rows do not keep to; their tolls are those of the part above.
    fn loosen(&mut self, problem: &Problem, state: &[State], above: Option<&Part>) {
        let mut at = vec![(NONE, NONE); problem.tokens.len()];
        for (row, (begin, end)) in self.stages.iter().enumerate() {
            for nth in *begin..*end {
                at[self.free[nth as usize] as usize] = (nth, row as u32);
            }
        }
        for (nth, group) in (0..).zip(&problem.groups) {
            let places = group.tokens.iter().map(|one| at[*one as usize]);
            let mut members: Vec<(u32, u32)> = places.filter(|(nth, _)| *nth != NONE).collect();
            members.sort_unstable();
            members.dedup();
            let rows: BTreeSet<u32> = members.iter().map(|(_, row)| *row).collect();
            let taken = group.tokens.iter().filter(|one| state[**one as usize] == State::Taken);
            let rest = group.max.saturating_sub(taken.count() as u32);
            if rows.len() > rest as usize {
                let known = above.and_then(|above| above.loose.iter().find(|one| one.nth == nth));
                let members = members.into_iter().map(|(nth, _)| nth).collect();
                let toll = known.map_or(0.0, |known| known.toll);
                self.loose.push(Loose { nth, members, rest, toll });
            }
        }
    }

    /// What the taken tokens are worth alone.
    pub(super) fn value(&self) -> u64 {
        self.base.saturating_sub(self.fees as u64)
    }

    /// What groups give back of their tolls.
    fn returned(&self) -> f64 {
        self.loose.iter().map(|group| group.toll * f64::from(group.rest)).sum()
    }

    /// The tolls, by group.
    pub(super) fn tolls(&self) -> Vec<f64> {
        self.loose.iter().map(|group| group.toll).collect()
    }

    /// Puts back tolls that were better.
    pub(super) fn set_tolls(&mut self, tolls: &[f64]) {
        for (group, toll) in self.loose.iter_mut().zip(tolls) {
            group.toll = *toll;
        }
    }

    /// Shares of the part above; what lay on terms that are there now is spread over the others.
    fn inherit(&mut self, above: &Part, nth: usize, from: usize, value: f64) {
        let range = above.begins[nth] as usize..above.begins[nth + 1] as usize;
        let mut sum = 0.0;
        for at in from..self.shares.len() {
            let term = self.terms[self.missing[at] as usize];
            let found = range.clone().find(|old| above.terms[above.missing[*old] as usize] == term);
            self.shares[at] = found.map_or(0.0, |old| above.shares[old]);
            sum += self.shares[at];
        }
        let count = (self.shares.len() - from) as f64;
        for share in &mut self.shares[from..] {
            *share = if sum > value * 1e-9 { *share * value / sum } else { value / count };
        }
    }

    /// Free tokens, those of one exclusive group beside each other.
    fn stage(&mut self, problem: &Problem, state: &[State], position: &[u32]) {
        let wanted = |nth: u32| {
            let token = &problem.tokens[nth as usize];
            state[nth as usize] == State::Free
                && token.cost <= self.budget
                && token.terms.iter().any(|term| position[*term as usize] != NONE)
        };
        let mut done = vec![false; problem.tokens.len()];
        let mut rows: Vec<Vec<u32>> = Vec::new();
        for group in problem.groups.iter().filter(|group| group.max == 1) {
            // A token in two groups stands in the row of the first: the other then only loosens the bound.
            let row: Vec<u32> = group
                .tokens
                .iter()
                .copied()
                .filter(|nth| !done[*nth as usize] && wanted(*nth))
                .collect();
            for nth in &row {
                done[*nth as usize] = true;
            }
            if !row.is_empty() {
                rows.push(row);
            }
        }
        let single =
            (0..problem.tokens.len() as u32).filter(|nth| !done[*nth as usize] && wanted(*nth));
        rows.extend(single.map(|nth| vec![nth]));
        for row in rows {
            let begin = self.free.len() as u32;
            for nth in row {
                let terms = problem.tokens[nth as usize].terms.iter();
                let terms = terms.map(|term| position[*term as usize]).filter(|at| *at != NONE);
                self.provides.push(terms.collect());
                self.free_fees.push(problem.tokens[nth as usize].fee as f64);
                self.free.push(nth);
            }
            self.stages.push((begin, self.free.len() as u32));
        }
    }

    /// The keywords that miss several terms, each with these.
    fn rows(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let ends = self.begins.windows(2);
        ends.map(|ends| &self.missing[ends[0] as usize..ends[1] as usize]).enumerate()
    }

    /// What the present division gives.
    pub(super) fn round(&self, problem: &Problem, scratch: &mut Scratch) -> Round {
        self.price(scratch);
        let best = self.knapsack(problem, scratch);
        let chosen = self.picked(problem, scratch);
        let bound = self.base as f64 - self.fees + self.returned() + best;
        scratch.there.clear();
        scratch.there.resize(self.terms.len(), 0);
        for at in &chosen {
            for term in &self.provides[*at as usize] {
                scratch.there[*term as usize] = 1;
            }
        }
        let pairs = self.single.iter().zip(&scratch.there);
        let mut value =
            self.base + pairs.map(|(value, there)| value * u64::from(*there)).sum::<u64>();
        let fees: f64 = chosen.iter().map(|at| self.free_fees[*at as usize]).sum();
        scratch.norm = 0.0;
        scratch.torn.clear();
        for (nth, missing) in self.rows() {
            let (count, brought) = (missing.len() as u32, brought(missing, &scratch.there));
            if brought == count {
                value += self.values[nth] as u64;
            } else if brought > 0 {
                scratch.torn.push(nth as u32);
                scratch.norm += f64::from(brought * (count - brought)) / f64::from(count);
            }
        }
        let value = value.saturating_sub((self.fees + fees) as u64);
        scratch.over.clear();
        let mut kept_to = true;
        for group in &self.loose {
            let chosen = group.members.iter().filter(|one| chosen.contains(one)).count();
            let over = chosen as f64 - f64::from(group.rest);
            // A group without a toll that has room left is as it should be.
            let over = if group.toll <= 0.0 { over.max(0.0) } else { over };
            scratch.norm += over * over;
            scratch.over.push(over);
            kept_to &= over == 0.0;
        }
        Round { bound, chosen, value, whole: kept_to && scratch.torn.is_empty() }
    }

    /// Moves shares from terms that the last round took to terms that it left out: `step` of the way on which its bound
    /// would come down to the known value. No share goes below nothing, and each keyword's add up to its value.
    pub(super) fn shift(&mut self, scratch: &mut Scratch, bound: f64, known: u64, step: f64) {
        let length = step * (bound - known as f64).max(bound * 1e-4) / scratch.norm;
        for (group, over) in self.loose.iter_mut().zip(&scratch.over) {
            group.toll = (group.toll + length * over).max(0.0);
        }
        for nth in &scratch.torn {
            let nth = *nth as usize;
            let range = self.begins[nth] as usize..self.begins[nth + 1] as usize;
            let missing = &self.missing[range.clone()];
            let shares = &mut self.shares[range];
            let mean = f64::from(brought(missing, &scratch.there)) / missing.len() as f64;
            let mut sum = 0.0;
            for (share, term) in shares.iter_mut().zip(missing) {
                let slope = f64::from(scratch.there[*term as usize]) - mean;
                *share = (*share - length * slope).max(0.0);
                sum += *share;
            }
            if sum > 0.0 {
                let scale = self.values[nth] / sum;
                for share in shares {
                    *share *= scale;
                }
            }
        }
    }

    fn price(&self, scratch: &mut Scratch) {
        scratch.prices.clear();
        scratch.prices.extend(self.single.iter().map(|value| *value as f64));
        for (term, share) in self.missing.iter().zip(&self.shares) {
            scratch.prices[*term as usize] += share;
        }
        scratch.worth.clear();
        let worth =
            |terms: &Vec<u32>| terms.iter().map(|term| scratch.prices[*term as usize]).sum::<f64>();
        let pairs = self.provides.iter().zip(&self.free_fees);
        scratch.worth.extend(pairs.map(|(terms, fee)| worth(terms) - fee));
        for group in self.loose.iter().filter(|group| group.toll > 0.0) {
            for at in &group.members {
                scratch.worth[*at as usize] -= group.toll;
            }
        }
    }

    /// What the best set by worth within the budget is worth, at most one token of a row. The table keeps what the first
    /// rows are worth at each length.
    fn knapsack(&self, problem: &Problem, scratch: &mut Scratch) -> f64 {
        let rows = 0..self.stages.len();
        self.fill(problem, rows, &scratch.worth, &mut scratch.forward);
        scratch.forward.last().copied().unwrap_or_default()
    }

    /// What rows are worth at each length of the budget: nothing, the first, the first two…
    fn fill(
        &self,
        problem: &Problem,
        rows: impl Iterator<Item = usize>,
        worth: &[f64],
        table: &mut Vec<f64>,
    ) {
        let width = self.budget as usize + 1;
        table.clear();
        table.resize(width * (self.stages.len() + 1), 0.0);
        for (nth, row) in rows.enumerate() {
            let (done, rest) = table.split_at_mut((nth + 1) * width);
            let before = &done[nth * width..];
            let after = &mut rest[..width];
            after.copy_from_slice(before);
            let (begin, end) = self.stages[row];
            for at in begin..end {
                let worth = worth[at as usize];
                let cost = self.cost(problem, at);
                for (after, before) in after[cost..].iter_mut().zip(before) {
                    let sum = before + worth;
                    *after = if sum > *after { sum } else { *after };
                }
            }
        }
    }

    fn cost(&self, problem: &Problem, at: u32) -> usize {
        problem.tokens[self.free[at as usize] as usize].cost as usize
    }

    /// The tokens of the best set: where a row made the table's last column dearer, the first one that did.
    fn picked(&self, problem: &Problem, scratch: &Scratch) -> Vec<u32> {
        let width = self.budget as usize + 1;
        let mut left = width - 1;
        let mut chosen = Vec::new();
        for (row, (begin, end)) in self.stages.iter().enumerate().rev() {
            let [before, after] = [row, row + 1].map(|row| &scratch.forward[row * width..]);
            if after[left] > before[left] {
                let dearest = (*begin..*end).find(|at| {
                    let cost = self.cost(problem, *at);
                    cost <= left && before[left - cost] + scratch.worth[*at as usize] >= after[left]
                });
                let Some(at) = dearest else { continue };
                left -= self.cost(problem, at);
                chosen.push(at);
            }
        }
        chosen.reverse();
        chosen
    }

    /// For each free token the bound with it and the bound without it.
    pub(super) fn forced(&self, problem: &Problem, scratch: &mut Scratch) -> Vec<(f64, f64)> {
        self.price(scratch);
        let width = self.budget as usize + 1;
        let count = self.stages.len();
        self.fill(problem, 0..count, &scratch.worth, &mut scratch.forward);
        self.fill(problem, (0..count).rev(), &scratch.worth, &mut scratch.backward);
        let base = self.base as f64 - self.fees + self.returned();
        let mut bounds = vec![(0.0, 0.0); self.free.len()];
        for (stage, (begin, end)) in self.stages.iter().enumerate() {
            let before = &scratch.forward[stage * width..(stage + 1) * width];
            let behind = count - 1 - stage;
            let after = &scratch.backward[behind * width..(behind + 1) * width];
            // The tables grow with the budget, so the whole of it is best divided at each point.
            let best = |budget: usize| {
                (0..=budget).map(|left| before[left] + after[budget - left]).fold(0.0, f64::max)
            };
            let none = best(width - 1);
            let with: Vec<f64> = (*begin..*end)
                .map(|at| scratch.worth[at as usize] + best(width - 1 - self.cost(problem, at)))
                .collect();
            for (nth, at) in (*begin..*end).enumerate() {
                let others = with.iter().enumerate().filter(|(other, _)| *other != nth);
                let without = others.map(|(_, bound)| *bound).fold(none, f64::max);
                bounds[at as usize] = (base + with[nth], base + without);
            }
        }
        bounds
    }

    /// For each free token how much of keywords that are half in a chosen set lies on it; and what it is worth when more of
    /// its group are chosen than may be.
    pub(super) fn torn(&self, chosen: &[u32], scratch: &Scratch) -> Vec<f64> {
        let mut there = vec![0; self.terms.len()];
        for at in chosen {
            self.provides[*at as usize].iter().for_each(|term| there[*term as usize] = 1);
        }
        let mut by_term = vec![0.0; self.terms.len()];
        for (nth, missing) in self.rows() {
            let brought = brought(missing, &there) as usize;
            if brought > 0 && brought < missing.len() {
                let shares = &self.shares[self.begins[nth] as usize..];
                for (term, share) in missing.iter().zip(shares) {
                    by_term[*term as usize] += share;
                }
            }
        }
        let mass = |terms: &Vec<u32>| terms.iter().map(|term| by_term[*term as usize]).sum();
        let mut torn: Vec<f64> = self.provides.iter().map(mass).collect();
        for group in &self.loose {
            let over: Vec<&u32> = group.members.iter().filter(|one| chosen.contains(one)).collect();
            if over.len() > group.rest as usize {
                for at in over {
                    torn[*at as usize] += scratch.worth[*at as usize].max(0.0) + group.toll;
                }
            }
        }
        torn
    }

    /// The tolls in whole parts of `scale`, by the number of the group.
    pub(super) fn toll_certificate(&self, scale: u64) -> Vec<(u32, u64)> {
        let paid = self.loose.iter().filter(|group| group.toll > 0.0);
        paid.map(|group| (group.nth, (group.toll * scale as f64) as u64)).collect()
    }

    /// The price of each missing term in whole parts of `scale`, divided exactly.
    pub(super) fn certificate(&self, scale: u64) -> Vec<(u32, u64)> {
        let mut prices: Vec<u64> = self.single.iter().map(|value| value * scale).collect();
        for nth in 0..self.values.len() {
            let range = self.begins[nth] as usize..self.begins[nth + 1] as usize;
            let mut left = self.values[nth] as u64 * scale;
            for at in range.clone() {
                let share = ((self.shares[at] * scale as f64) as u64).min(left);
                prices[self.missing[at] as usize] += share;
                left -= share;
            }
            prices[self.missing[range.start] as usize] += left;
        }
        let mut named: Vec<(u32, u64)> = self.terms.iter().copied().zip(prices).collect();
        named.sort_unstable();
        named
    }
}

/// How many of a keyword's missing terms are there.
fn brought(missing: &[u32], there: &[u8]) -> u32 {
    let there = |term: &u32| u32::from(there[*term as usize]);
    // Short ones without a loop: this is where the time goes.
    match missing {
        [a, b] => there(a) + there(b),
        [a, b, c] => there(a) + there(b) + there(c),
        [a, b, c, d] => there(a) + there(b) + there(c) + there(d),
        _ => missing.iter().map(there).sum(),
    }
}

/// What is decided of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// Nothing yet.
    Free,
    /// It stands in the title.
    Taken,
    /// It does not.
    Refused,
}
