//! Sentences that nobody tuned the rules for, each judged as a title and as text.

use std::path::Path;

use shangjia::rules::{Checker, Context, Field, Level, built_in};

/// How often a sentence that breaks a rule is found (error or review), and how often an error is right.
fn judge(name: &str, field: Field) -> (f64, f64) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compliance").join(name);
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(rows.len() > 90);
    let checker = Checker::new(built_in().iter().cloned());
    let (mut bad, mut found, mut errors, mut right) = (0, 0, 0, 0);
    for row in &rows {
        let flagged = row["flag"] == 1;
        let context = Context { field, ..Context::default() };
        let hits = checker.check(row["text"].as_str().unwrap(), &context);
        let error = hits.iter().any(|hit| hit.level == Level::Error);
        bad += u32::from(flagged);
        found += u32::from(flagged && hits.iter().any(|hit| hit.level <= Level::Review));
        errors += u32::from(error);
        right += u32::from(error && flagged);
    }
    (f64::from(found) / f64::from(bad), f64::from(right) / f64::from(errors))
}

#[test]
fn rules_find_what_they_should() {
    for name in ["dev.json", "held-out.json", "held-out-2.json", "held-out-3.json"] {
        for field in [Field::Title, Field::Body] {
            let (recall, precision) = judge(name, field);
            assert!(recall >= 0.9, "{name} {field:?}: recall {recall}");
            assert!(precision >= 0.9, "{name} {field:?}: precision {precision}");
        }
    }
}
