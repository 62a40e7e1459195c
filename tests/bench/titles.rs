//! Times titles over the keyword tables of `../shared/data/keywords`, or of the folder named first: `cargo bench --bench titles`.
//! Prints one line of tab-separated cells a table: name, limit, tokens, keywords, best value, bound, parts, median milliseconds.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a benchmark prints and reads"
)]

mod table;

use std::path::{Path, PathBuf};
use std::time::Instant;

use shangjia::title::search::{Effort, search};
use table::table;

const RUNS: usize = 9;

fn main() {
    let named = std::env::args().nth(1).filter(|word| !word.starts_with('-')).map(PathBuf::from);
    let folder = named
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/keywords"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
        .unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|end| end == "tsv"));
    files.sort();
    for file in files {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let limits: &[u32] = if name.ends_with("prod") { &[60, 120] } else { &[60] };
        for limit in limits {
            let Some(problem) =
                std::fs::read_to_string(&file).ok().and_then(|text| table(&text, *limit))
            else {
                continue;
            };
            let mut times = Vec::new();
            let mut last = None;
            for _ in 0..RUNS {
                let start = Instant::now();
                last = search(&problem, Effort::default()).ok();
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            let Some(found) = last else { continue };
            println!(
                "{name}\t{limit}\t{}\t{}\t{:.1}\t{:.1}\t{}\t{:.1}",
                problem.tokens.len(),
                problem.keywords.len(),
                found.value as f64 / 1e3,
                found.bound as f64 / 1e3,
                found.parts,
                times[RUNS / 2],
            );
        }
    }
}
