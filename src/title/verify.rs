//! Checks that a title is what it claims to be: sound, worth its value, and with nothing better than its bound.
//! It shares no code with the search, and does its sums otherwise: prices are checked by a flow, bounds in whole numbers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::search::{Proof, SCALE};
use crate::text::units::Unit;

/// A title, and everything needed to check it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Certificate {
    /// The title.
    pub text: String,
    /// What its length is counted in.
    pub unit: Unit,
    /// How long it may be.
    pub max: u32,
    /// What stands between its tokens.
    pub separator: String,
    /// What was to be decided.
    pub problem: Problem,
    /// The tokens taken, in the order of the title.
    pub tokens: Vec<u32>,
    /// What they are worth.
    pub value: u64,
    /// What no other set is worth more than.
    pub bound: u64,
    /// Why.
    pub proof: Proof,
}

/// What is wrong with a certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// A number leads nowhere, or a token comes twice.
    Form,
    /// The title is longer than it may be.
    Length {
        /// How long it is.
        length: usize,
    },
    /// The title does not read as its tokens in their order.
    Text,
    /// The tokens cost more than the limit.
    Cost,
    /// A token that must stand does not.
    Must,
    /// More of a group than it may have.
    Group,
    /// The value is another.
    Value {
        /// The right one.
        value: u64,
    },
    /// Prices that do not divide the values.
    Prices,
    /// A part of the search in which something better may hide.
    Bound {
        /// What could be there.
        bound: u64,
    },
}

/// Checks a certificate.
pub fn check(certificate: &Certificate) -> Result<(), Wrong> {
    let problem = &certificate.problem;
    let count = problem.tokens.len() as u32;
    let chosen: BTreeSet<u32> = certificate.tokens.iter().copied().collect();
    let numbers_hold = problem
        .groups
        .iter()
        .flat_map(|group| &group.tokens)
        .chain(&chosen)
        .all(|one| *one < count);
    if !numbers_hold || chosen.len() != certificate.tokens.len() {
        return Err(Wrong::Form);
    }
    let length = certificate.unit.measure(&certificate.text);
    if length > certificate.max as usize {
        return Err(Wrong::Length { length });
    }
    reads_as(certificate)?;
    let checker = Checker { problem, bound: certificate.bound };
    if checker.room(&chosen).is_none() {
        return Err(Wrong::Cost);
    }
    if (0..count).any(|one| problem.tokens[one as usize].must && !chosen.contains(&one)) {
        return Err(Wrong::Must);
    }
    if !checker.sound(&chosen) {
        return Err(Wrong::Group);
    }
    if problem.tokens.iter().any(|token| token.must && token.fee > 0) {
        return Err(Wrong::Form);
    }
    let value = checker.worth(&chosen).saturating_sub(checker.off(&chosen));
    if value != certificate.value || certificate.bound < value {
        return Err(Wrong::Value { value });
    }
    let musts = (0..count).filter(|one| problem.tokens[*one as usize].must).collect();
    checker.walk(&certificate.proof, &musts, &BTreeSet::new(), None)
}

/// The title is its tokens, one behind the other, with nothing but separators between them.
fn reads_as(certificate: &Certificate) -> Result<(), Wrong> {
    let mut rest = certificate.text.as_str();
    for token in &certificate.tokens {
        let text = certificate.problem.tokens[*token as usize].text.as_str();
        let trimmed =
            rest.strip_prefix(certificate.separator.as_str()).unwrap_or(rest).trim_start();
        rest = trimmed.strip_prefix(text).or(rest.strip_prefix(text)).ok_or(Wrong::Text)?;
    }
    if rest.is_empty() { Ok(()) } else { Err(Wrong::Text) }
}

struct Checker<'p> {
    problem: &'p Problem,
    bound: u64,
}

/// Prices, what the tokens taken by then were worth, and which these were.
struct Priced<'p> {
    prices: BTreeMap<u32, u64>,
    base: i128,
    taken: &'p BTreeSet<u32>,
    /// What tokens of a group are made dearer by.
    tolls: BTreeMap<u32, u64>,
}

impl Checker<'_> {
    /// What is left of the limit.
    fn room(&self, taken: &BTreeSet<u32>) -> Option<u32> {
        let cost: u64 =
            taken.iter().map(|one| u64::from(self.problem.tokens[*one as usize].cost)).sum();
        u32::try_from(u64::from(self.problem.limit).checked_sub(cost)?).ok()
    }

    fn sound(&self, taken: &BTreeSet<u32>) -> bool {
        self.problem.groups.iter().all(|group| {
            let distinct: BTreeSet<u32> = group.tokens.iter().copied().collect();
            distinct.intersection(taken).count() <= group.max as usize
        })
    }

    fn terms(&self, taken: &BTreeSet<u32>) -> BTreeSet<u32> {
        taken
            .iter()
            .flat_map(|one| self.problem.tokens[*one as usize].terms.iter().copied())
            .collect()
    }

    fn worth(&self, taken: &BTreeSet<u32>) -> u64 {
        let there = self.terms(taken);
        let paying = self
            .problem
            .keywords
            .iter()
            .filter(|keyword| keyword.terms.iter().all(|term| there.contains(term)));
        paying.map(|keyword| keyword.value).sum()
    }

    /// What tokens take off.
    fn off(&self, taken: &BTreeSet<u32>) -> u64 {
        taken.iter().map(|one| self.problem.tokens[*one as usize].fee).sum()
    }

    /// Tokens that can still be added: not refused, not too long, in no full group.
    fn open(&self, taken: &BTreeSet<u32>, refused: &BTreeSet<u32>, room: u32) -> Vec<u32> {
        let full = |one: u32| {
            self.problem.groups.iter().filter(|group| group.tokens.contains(&one)).any(|group| {
                group.tokens.iter().filter(|other| taken.contains(other)).count()
                    >= group.max as usize
            })
        };
        (0..self.problem.tokens.len() as u32)
            .filter(|one| !taken.contains(one) && !refused.contains(one))
            .filter(|one| self.problem.tokens[*one as usize].cost <= room && !full(*one))
            .collect()
    }

    fn walk(
        &self,
        proof: &Proof,
        taken: &BTreeSet<u32>,
        refused: &BTreeSet<u32>,
        priced: Option<&Priced<'_>>,
    ) -> Result<(), Wrong> {
        let Some(room) = self.room(taken) else { return Ok(()) };
        if !self.sound(taken) {
            return Ok(());
        }
        match proof {
            Proof::Leaf => {
                let bound =
                    priced.map_or(i128::MAX, |priced| self.most(priced, taken, refused, room));
                // Values are whole, so what is less than one above the bound is not above it.
                let bound = u64::try_from((bound / i128::from(SCALE)).max(0)).unwrap_or(u64::MAX);
                if bound > self.bound { Err(Wrong::Bound { bound }) } else { Ok(()) }
            }
            Proof::Prices(prices, below) => {
                let prices: BTreeMap<u32, u64> = prices.iter().copied().collect();
                if !self.divides(&prices, taken, refused, room) {
                    return Err(Wrong::Prices);
                }
                let scale = i128::from(SCALE);
                let base = (i128::from(self.worth(taken)) - i128::from(self.off(taken))) * scale;
                let tolls = BTreeMap::new();
                self.walk(below, taken, refused, Some(&Priced { prices, base, taken, tolls }))
            }
            Proof::Tolls(tolls, below) => {
                let tolls: BTreeMap<u32, u64> = tolls.iter().copied().collect();
                let Some(priced) = priced else { return Err(Wrong::Prices) };
                if tolls.keys().any(|nth| *nth as usize >= self.problem.groups.len()) {
                    return Err(Wrong::Form);
                }
                let Priced { base, taken: before, .. } = *priced;
                let prices = priced.prices.clone();
                let priced = Priced { prices, base, taken: before, tolls };
                self.walk(below, taken, refused, Some(&priced))
            }
            Proof::Split(token, with, without) => {
                if *token as usize >= self.problem.tokens.len() {
                    return Err(Wrong::Form);
                }
                let mut more = taken.clone();
                more.insert(*token);
                self.walk(with, &more, refused, priced)?;
                let mut fewer = refused.clone();
                fewer.insert(*token);
                self.walk(without, taken, &fewer, priced)
            }
        }
    }

    /// The most that prices allow: what was taken since they were set, and the best of what is open.
    fn most(
        &self,
        priced: &Priced<'_>,
        taken: &BTreeSet<u32>,
        refused: &BTreeSet<u32>,
        room: u32,
    ) -> i128 {
        let price = |one: u32| -> i128 {
            let token = &self.problem.tokens[one as usize];
            let terms: BTreeSet<u32> = token.terms.iter().copied().collect();
            let sum: u64 = terms.iter().filter_map(|term| priced.prices.get(term)).sum();
            i128::from(sum) - i128::from(token.fee) * i128::from(SCALE)
        };
        // A toll is paid by each token that is added, and no more of a group can be added than its toll gives back for.
        let mut toll: BTreeMap<u32, i128> = BTreeMap::new();
        let mut returned: i128 = 0;
        for (nth, each) in &priced.tolls {
            let group = &self.problem.groups[*nth as usize];
            let members: BTreeSet<u32> = group.tokens.iter().copied().collect();
            let rest = (group.max as usize).saturating_sub(members.intersection(taken).count());
            returned += i128::from(*each) * rest as i128;
            for one in members {
                *toll.entry(one).or_default() += i128::from(*each);
            }
        }
        let since: i128 = taken.difference(priced.taken).map(|one| price(*one)).sum();
        let mut open: BTreeSet<u32> = self.open(taken, refused, room).into_iter().collect();
        // best[length] is the most that exactly or less than that length can hold.
        let mut best = vec![0_i128; room as usize + 1];
        let mut rows: Vec<Vec<u32>> = Vec::new();
        for group in self.problem.groups.iter().filter(|group| group.max == 1) {
            let row: Vec<u32> =
                group.tokens.iter().copied().filter(|one| open.remove(one)).collect();
            rows.push(row);
        }
        rows.extend(open.into_iter().map(|one| vec![one]));
        for row in rows {
            let items: Vec<(usize, i128)> = row
                .into_iter()
                .map(|one| {
                    let worth = price(one) - toll.get(&one).copied().unwrap_or(0);
                    (self.problem.tokens[one as usize].cost as usize, worth)
                })
                .collect();
            for length in (0..best.len()).rev() {
                let with = items.iter().filter(|(cost, _)| *cost <= length).map(|(cost, price)| {
                    // A cost of nothing reads the same cell, before it is written.
                    best[length - cost] + price
                });
                best[length] = with.max().unwrap_or(0).max(best[length]);
            }
        }
        priced.base + since + returned + best[room as usize]
    }

    /// Whether prices can hold every value that is still to be had, divided over its missing terms.
    fn divides(
        &self,
        prices: &BTreeMap<u32, u64>,
        taken: &BTreeSet<u32>,
        refused: &BTreeSet<u32>,
        room: u32,
    ) -> bool {
        let there = self.terms(taken);
        let reachable = self.terms(&self.open(taken, refused, room).into_iter().collect());
        let mut by_terms: BTreeMap<BTreeSet<u32>, u64> = BTreeMap::new();
        for keyword in &self.problem.keywords {
            let missing: BTreeSet<u32> =
                keyword.terms.iter().copied().filter(|term| !there.contains(term)).collect();
            if !missing.is_empty() && missing.is_subset(&reachable) {
                *by_terms.entry(missing).or_default() += keyword.value * SCALE;
            }
        }
        let wanted: u64 = by_terms.values().sum();
        let mut flow = Flow::new(2 + by_terms.len() + prices.len());
        let terms: BTreeMap<u32, usize> = prices
            .keys()
            .enumerate()
            .map(|(nth, term)| (*term, 2 + by_terms.len() + nth))
            .collect();
        for (nth, (missing, value)) in by_terms.iter().enumerate() {
            flow.edge(0, 2 + nth, *value);
            for term in missing {
                if let Some(at) = terms.get(term) {
                    flow.edge(2 + nth, *at, *value);
                }
            }
        }
        for (term, price) in prices {
            flow.edge(terms[term], 1, *price);
        }
        flow.most() == wanted
    }
}

/// The greatest flow from node 0 to node 1, along shortest ways first (Dinic).
struct Flow {
    edges: Vec<(usize, u64)>,
    out: Vec<Vec<usize>>,
}

impl Flow {
    fn new(nodes: usize) -> Self {
        Self { edges: Vec::new(), out: vec![Vec::new(); nodes] }
    }

    fn edge(&mut self, from: usize, to: usize, room: u64) {
        self.out[from].push(self.edges.len());
        self.edges.push((to, room));
        self.out[to].push(self.edges.len());
        self.edges.push((from, 0));
    }

    fn most(&mut self) -> u64 {
        let mut sum = 0;
        while let Some(levels) = self.levels() {
            let mut next = vec![0; self.out.len()];
            loop {
                let pushed = self.push(0, u64::MAX, &levels, &mut next);
                if pushed == 0 {
                    break;
                }
                sum += pushed;
            }
        }
        sum
    }

    fn levels(&self) -> Option<Vec<usize>> {
        let mut levels = vec![usize::MAX; self.out.len()];
        levels[0] = 0;
        let mut queue = VecDeque::from([0]);
        while let Some(node) = queue.pop_front() {
            for edge in &self.out[node] {
                let (to, room) = self.edges[*edge];
                if room > 0 && levels[to] == usize::MAX {
                    levels[to] = levels[node] + 1;
                    queue.push_back(to);
                }
            }
        }
        (levels[1] != usize::MAX).then_some(levels)
    }

    fn push(&mut self, node: usize, most: u64, levels: &[usize], next: &mut [usize]) -> u64 {
        if node == 1 {
            return most;
        }
        while next[node] < self.out[node].len() {
            let edge = self.out[node][next[node]];
            let (to, room) = self.edges[edge];
            if room > 0 && levels[to] == levels[node] + 1 {
                let pushed = self.push(to, most.min(room), levels, next);
                if pushed > 0 {
                    self.edges[edge].1 -= pushed;
                    self.edges[edge ^ 1].1 += pushed;
                    return pushed;
                }
            }
            next[node] += 1;
        }
        0
    }
}
