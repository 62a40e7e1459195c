//! Titles over the keyword tables of `../shared/data/keywords`, whose best values an independent solver has proven.

#[path = "../bench/table.rs"]
mod table;

use std::path::Path;

use shangjia::text::units::Unit;
use shangjia::title::order::join;
use shangjia::title::problem::Problem;
use shangjia::title::search::{Effort, search};
use shangjia::title::verify::{Certificate, check};
use table::table;

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

fn open(name: &str, limit: u32) -> Option<Problem> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/keywords");
    table(&std::fs::read_to_string(folder.join(format!("kw_{name}.tsv"))).ok()?, limit)
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
        let Some(problem) = open(name, limit) else {
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
