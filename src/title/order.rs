//! The order of a title's tokens: keywords in one piece where that is possible, and parts in their usual order.

use std::collections::{HashMap, HashSet};

use super::problem::Problem;

/// How much of its value a keyword is worth more when it stands in one piece: 3/20. No platform says how much;
/// sellers hold that it helps a little.
const WHOLE: (u64, u64) = (3, 20);
/// What two tokens in the wrong order cost: this part of all value.
const WRONG: u64 = 200;
/// Orders followed at once.
const WIDTH: usize = 160;

/// The best orders of some tokens, best first. Those of the slots in `start` come first, in that order.
pub fn orders(problem: &Problem, tokens: &[u32], start: &[u8], most: usize) -> Vec<Vec<u32>> {
    let mut first: Vec<u32> = tokens.to_vec();
    first.sort_by_key(|token| {
        let slot = problem.tokens[*token as usize].slot;
        (start.iter().position(|one| *one == slot).unwrap_or(start.len()), *token)
    });
    let fixed = first
        .iter()
        .take_while(|token| start.contains(&problem.tokens[**token as usize].slot))
        .count();
    let rest = first.split_off(fixed);
    let gains = Gains::new(problem, tokens);
    let slot = |token: u32| problem.tokens[token as usize].slot;
    if rest.len() > 64 {
        // Nobody reads a title of so many words; their usual order will do.
        let mut rest = rest;
        rest.sort_by_key(|token| (slot(*token), *token));
        first.extend(rest);
        return vec![first];
    }
    let bit = |nth: usize| 1_u64 << nth;
    let lower: Vec<u64> = rest
        .iter()
        .map(|one| {
            let early = (0..rest.len()).filter(|other| slot(rest[*other]) < slot(*one));
            early.map(bit).sum()
        })
        .collect();
    let mut beam = vec![(0_i64, 0_u64, first)];
    for _ in 0..rest.len() {
        let mut longer: Vec<(i64, usize, usize)> = Vec::with_capacity(beam.len() * rest.len());
        for (parent, (score, used, order)) in beam.iter().enumerate() {
            for (nth, token) in rest.iter().enumerate().filter(|(nth, _)| used & bit(*nth) == 0) {
                let early = i64::from((lower[nth] & !used).count_ones());
                let gain = gains.of(problem, order, *token) - early * gains.wrong;
                longer.push((score + gain, parent, nth));
            }
        }
        longer.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        // Of orders of the same tokens that end alike only the best can be part of the best.
        let mut seen = HashSet::new();
        let mut next = Vec::with_capacity(WIDTH);
        for (score, parent, nth) in longer {
            let (_, used, order) = &beam[parent];
            let used = used | bit(nth);
            if seen.insert((used, nth, order.last().copied())) {
                let mut order = order.clone();
                order.push(rest[nth]);
                next.push((score, used, order));
                if next.len() == WIDTH {
                    break;
                }
            }
        }
        beam = next;
    }
    beam.truncate(most);
    beam.into_iter().map(|(_, _, order)| order).collect()
}

/// What neighbours are worth.
struct Gains {
    pairs: HashMap<(u32, u32), i64>,
    triples: HashMap<(u32, u32, u32), i64>,
    wrong: i64,
}

impl Gains {
    fn new(problem: &Problem, tokens: &[u32]) -> Self {
        // Only a token that is a term as a whole can be a piece of a keyword; the first term is its own.
        let own: HashMap<u32, u32> = tokens
            .iter()
            .filter_map(|token| Some((*problem.tokens[*token as usize].terms.first()?, *token)))
            .collect();
        let mut gains = Self { pairs: HashMap::new(), triples: HashMap::new(), wrong: 0 };
        let mut sum = 0;
        for keyword in &problem.keywords {
            let row: Option<Vec<u32>> =
                keyword.terms.iter().map(|term| own.get(term).copied()).collect();
            let Some(row) = row else { continue };
            sum += keyword.value;
            let more = (keyword.value * WHOLE.0 / WHOLE.1) as i64;
            match row[..] {
                [a, b] => *gains.pairs.entry((a, b)).or_default() += more,
                [a, b, c] => *gains.triples.entry((a, b, c)).or_default() += more,
                _ => {}
            }
        }
        gains.wrong = (sum / WRONG).max(1) as i64;
        gains
    }

    /// What it brings to put a token behind an order.
    fn of(&self, problem: &Problem, order: &[u32], token: u32) -> i64 {
        let mut score = 0;
        if let [.., last] = order {
            score += self.pairs.get(&(*last, token)).copied().unwrap_or(0);
            let text = |token: u32| problem.tokens[token as usize].text.as_str();
            // Two Latin words side by side need a space that nobody reckoned with.
            if sticks(text(*last), text(token)) {
                score -= self.wrong * 20;
            }
        }
        if let [.., before, last] = order {
            score += self.triples.get(&(*before, *last, token)).copied().unwrap_or(0);
        }
        score
    }
}

/// Whether two texts become one word without a space between them.
fn sticks(left: &str, right: &str) -> bool {
    left.ends_with(|c: char| c.is_ascii_alphanumeric())
        && right.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The title: the tokens' texts with the separator between them.
pub fn join(problem: &Problem, order: &[u32], separator: &str) -> String {
    let mut title = String::new();
    for token in order {
        let text = &problem.tokens[*token as usize].text;
        if !title.is_empty() {
            title.push_str(separator);
            if separator.is_empty() && sticks(&title, text) {
                title.push(' ');
            }
        }
        title.push_str(text);
    }
    title
}
