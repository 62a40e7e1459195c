//! The order of a title's tokens: keywords in one piece where that is possible, and parts in their usual order.

use std::collections::HashMap;

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
    let mut beam = vec![(0_i64, first)];
    for _ in 0..rest.len() {
        let mut longer: Vec<(i64, Vec<u32>)> = Vec::with_capacity(beam.len() * rest.len());
        for (score, order) in &beam {
            for token in rest.iter().filter(|token| !order.contains(token)) {
                let left = rest.iter().filter(|other| *other != token && !order.contains(other));
                let score = score + gains.of(problem, order, *token, left);
                let mut order = order.clone();
                order.push(*token);
                longer.push((score, order));
            }
        }
        longer.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        keep_different(&mut longer);
        beam = longer;
    }
    beam.truncate(most);
    beam.into_iter().map(|(_, order)| order).collect()
}

/// Of orders of the same tokens that end alike only the best can be part of the best.
fn keep_different(sorted: &mut Vec<(i64, Vec<u32>)>) {
    let mut seen = std::collections::HashSet::new();
    sorted.retain(|(_, order)| {
        if seen.len() >= WIDTH {
            return false;
        }
        let mut set: Vec<u32> = order.clone();
        set.sort_unstable();
        let tail = order[order.len().saturating_sub(2)..].to_vec();
        seen.insert((set, tail))
    });
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

    /// What it changes to put a token behind an order, others being left.
    fn of<'r>(
        &self,
        problem: &Problem,
        order: &[u32],
        token: u32,
        left: impl Iterator<Item = &'r u32>,
    ) -> i64 {
        let slot = |token: u32| problem.tokens[token as usize].slot;
        let early = left.filter(|other| slot(**other) < slot(token)).count() as i64;
        let mut score = -early * self.wrong;
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
