//! Reads a table of `../shared/data/keywords` (its README has the format).

use shangjia::title::problem::{Keyword, Problem, Token};

#[expect(clippy::cast_sign_loss, reason = "the table's values are positive")]
pub(crate) fn table(text: &str, limit: u32) -> Option<Problem> {
    let mut lines = text.lines();
    let count: usize = lines.next()?.split_whitespace().next()?.parse().ok()?;
    let mut problem = Problem { limit, ..Problem::default() };
    for (nth, line) in lines.by_ref().take(count).enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        problem.tokens.push(Token {
            text: cells[0].to_owned(),
            cost: cells[1].parse().ok()?,
            slot: cells[2].parse().ok()?,
            terms: vec![nth as u32],
            ..Token::default()
        });
    }
    for line in lines {
        let mut cells = line.split('\t');
        let value: f64 = cells.next()?.parse().ok()?;
        let terms: Vec<u32> = cells.filter_map(|cell| cell.parse().ok()).collect();
        problem.keywords.push(Keyword {
            text: String::new(),
            value: (value * 1000.0).round() as u64,
            terms,
        });
    }
    Some(problem)
}
