//! Titles over the keyword tables of `../shared/data/keywords`, whose best values an independent solver has proven.

use std::path::Path;

use shangjia::text::units::Unit;
use shangjia::title::order::join;
use shangjia::title::problem::{Keyword, Problem, Token};
use shangjia::title::search::{Effort, search};
use shangjia::title::verify::{Certificate, check};

/// The tables with their proven optima, in tenths (`../shared/data/README.md`).
const TABLES: [(&str, u32, u64); 11] = [
    ("200_1", 60, 32_762),
    ("200_2", 60, 40_224),
    ("200_3", 60, 36_755),
    ("500_1", 60, 49_809),
    ("500_2", 60, 58_508),
    ("500_3", 60, 62_964),
    ("2000_1", 60, 95_481),
    ("2000_2", 60, 112_033),
    ("2000_3", 60, 117_392),
    ("prod", 60, 94_588),
    ("prod", 120, 240_265),
];

fn table(name: &str, limit: u32) -> Option<Problem> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/keywords");
    let text = std::fs::read_to_string(folder.join(format!("kw_{name}.tsv"))).ok()?;
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
            must: false,
        });
    }
    for line in lines {
        let mut cells = line.split('\t');
        let value: f64 = cells.next()?.parse().ok()?;
        let terms: Vec<u32> = cells.filter_map(|cell| cell.parse().ok()).collect();
        #[expect(clippy::cast_sign_loss, reason = "the table's values are positive")]
        let value = (value * 1000.0).round() as u64;
        problem.keywords.push(Keyword { text: String::new(), value, terms });
    }
    Some(problem)
}

#[expect(
    clippy::print_stderr,
    reason = "a test that was skipped must not look as if it had passed"
)]
fn skipped() {
    eprintln!("SKIPPED: there is no ../shared/data/keywords");
}

#[test]
fn every_table_is_solved_and_proven() {
    for (name, limit, best) in TABLES {
        let Some(problem) = table(name, limit) else {
            return skipped();
        };
        // The large ones take a debug build too long; the benchmark has them all.
        if cfg!(debug_assertions) && (name.starts_with("2000") || name == "prod" && limit == 60) {
            continue;
        }
        let found = search(&problem, Effort { prove: true, ..Effort::default() }).unwrap();
        let certificate = Certificate {
            text: join(&problem, &found.tokens, ""),
            unit: Unit::GbkBytes,
            max: limit,
            separator: String::new(),
            problem,
            tokens: found.tokens,
            value: found.value,
            bound: found.bound,
            proof: found.proof.unwrap(),
        };
        assert!(certificate.value.abs_diff(best * 100) <= 100, "{name}: {}", certificate.value);
        assert_eq!(certificate.value, certificate.bound, "{name}");
        assert_eq!(check(&certificate), Ok(()), "{name}");
    }
}
