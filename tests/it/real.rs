//! Two real catalogues, each a shop with nothing but a `shop.yaml` and a `.rows.yaml`.
//!
//! The data lies beside the project, in `../shared/data`; where it does not, the tests say so and stop.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shop::{Run, program, skipped};

/// The folder of one catalogue's data, if it is here.
fn data(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    skipped(name, "there is no ../shared/data");
    None
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Checks a catalogue with its data beside the row source.
fn check(name: &str, files: &[&str]) -> Option<Run> {
    let data = data(name)?;
    let folder = tempfile::tempdir().unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real").join(name);
    copy(&kept, folder.path());
    let products = folder.path().join("content/products");
    for file in files {
        let source = data.join(file);
        if source.is_dir() {
            copy(&source, &products.join(file));
        } else {
            fs::copy(&source, products.join(file)).unwrap();
        }
    }
    let mut command = program();
    command.current_dir(folder.path()).args(["check", "--format", "short"]);
    Some(Run::of(command.args(["--as-of", "2026-11-22"])))
}

#[test]
fn spree() {
    let files = ["products.csv", "product_translations.csv", "images"];
    let Some(run) = check("spree", &files) else { return };
    let run = run.expect(0);
    assert_eq!(run.out, "");
    assert!(run.err.contains("37 products, 87 variants (0 hidden)"), "{}", run.err);
    // 124 pictures in three widths and two formats: nothing that went in is lost.
    assert!(run.err.contains("744 pictures"), "{}", run.err);
}

#[test]
fn dummyjson() {
    let Some(run) = check("dummyjson", &["products.json"]) else { return };
    let run = run.expect(0);
    // What the descriptions claim without proof, each in its cell.
    let claims = ["5:177: ", "1566:21: ", "2801:78: "];
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), claims.len(), "{}", run.out);
    for (line, at) in lines.iter().zip(claims) {
        let place = format!("content/products/products.json:{at}warning[rule/review]");
        assert!(line.starts_with(&place), "{}", run.out);
    }
    assert!(run.err.contains("194 products, 0 variants (0 hidden)"), "{}", run.err);
}
