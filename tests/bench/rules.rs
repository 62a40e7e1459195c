//! Times the word rules on running text, one thread: `cargo bench --bench rules [-- MEGABYTES]`.
//! The texts are those of the sample shop, and the judged sentences of `tests/compliance`, of which most break a rule;
//! over and over, paragraph by paragraph, as `check` gives them. Prints a line of tab-separated cells for each and a
//! language: megabytes, findings, seconds, MB/s.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark prints and reads"
)]

use std::path::Path;
use std::time::Instant;

use shangjia::rules::{Checker, Context, Field, built_in};
use shangjia::text::normal::is_hanzi;

fn main() {
    let size = std::env::args().find_map(|word| word.parse::<usize>().ok()).unwrap_or(100);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut shop, mut judged) = (Vec::new(), Vec::new());
    collect(&root.join("content/products"), &mut shop);
    collect(&root.join("content/pages"), &mut shop);
    collect(&root.join("tests/compliance"), &mut judged);
    let checker = Checker::new(built_in().iter().cloned());
    for (name, texts, locale, chinese) in [
        ("shop", &shop, "zh", true),
        ("shop", &shop, "en", false),
        ("judged", &judged, "zh", true),
        ("judged", &judged, "en", false),
    ] {
        let own: Vec<&String> =
            texts.iter().filter(|text| text.chars().any(is_hanzi) == chinese).collect();
        let context = Context { field: Field::Body, locale, ..Context::default() };
        let (mut bytes, mut found) = (0, 0);
        let start = Instant::now();
        for text in own.iter().cycle() {
            found += checker.check(text, &context).len();
            bytes += text.len();
            if bytes >= size * 1_000_000 {
                break;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        let megabytes = bytes as f64 / 1e6;
        println!(
            "{name}\t{locale}\t{megabytes:.1}\t{found}\t{seconds:.2}\t{:.1}",
            megabytes / seconds
        );
    }
}

/// The paragraphs of Markdown files, and the sentences of JSON files, in a folder.
fn collect(folder: &Path, texts: &mut Vec<String>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    paths.sort_by_key(std::fs::DirEntry::path);
    for path in paths.iter().map(std::fs::DirEntry::path) {
        if path.is_dir() {
            collect(&path, texts);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if end == "md" {
            let body = text.splitn(3, "---\n").last().unwrap_or_default();
            let parts = body.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
            texts.extend(parts.map(str::to_owned));
        } else if let Ok(rows) = serde_json::from_str::<Vec<serde_json::Value>>(&text) {
            texts.extend(rows.iter().filter_map(|row| row["text"].as_str()).map(str::to_owned));
        }
    }
}
