//! Sentences that nobody tuned the rules for, each judged as a title and as text.

use std::path::Path;

use shangjia::rules::{Checker, Context, Field, Level, built_in};

/// The judged sentences of a file.
fn sentences(name: &str) -> Vec<serde_json::Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compliance").join(name);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// How often a sentence that breaks a rule is found (error or review), and how often an error is right.
fn judge(name: &str, field: Field) -> (f64, f64) {
    let rows = sentences(name);
    assert!(rows.len() > 70);
    let checker = Checker::new(built_in().iter().cloned());
    let (mut bad, mut found, mut errors, mut right) = (0, 0, 0, 0);
    for row in &rows {
        let flagged = row["flag"] == 1;
        let text = row["text"].as_str().unwrap();
        let chinese = text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
        let locale = if chinese { "zh-CN" } else { "en" };
        let context = Context { field, locale, ..Context::default() };
        let hits = checker.check(text, &context);
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
    for name in [
        "dev.json",
        "held-out.json",
        "held-out-2.json",
        "held-out-3.json",
        "fresh-1.json",
        "fresh-2.json",
        "fresh-3.json",
        "fresh-4.json",
        "fresh-5.json",
        "fresh-6.json",
        "fresh-7.json",
        "fresh-8.json",
        "fresh-9.json",
        "fresh-10.json",
        "fresh-11.json",
        "fresh-12.json",
        "fresh-13.json",
    ] {
        for field in [Field::Title, Field::Body] {
            let (recall, precision) = judge(name, field);
            assert!(recall >= 0.9, "{name} {field:?}: recall {recall}");
            assert!(precision >= 0.9, "{name} {field:?}: precision {precision}");
        }
    }
}

/// What an honest shop writes is left alone, but for one sentence in twenty that a person has to look at.
#[test]
fn harmless_sentences_are_left_alone() {
    let checker = Checker::new(built_in().iter().cloned());
    let rows = sentences("harmless.json");
    let mut told = Vec::new();
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        let locale = if text.is_ascii() { "en" } else { "zh-CN" };
        let channels = ["taobao", "jd", "pinduoduo", "douyin", "amazon", "google"];
        let context =
            Context { field: Field::Body, locale, channels: &channels, ..Context::default() };
        for hit in checker.check(text, &context) {
            assert_ne!(hit.level, Level::Error, "{text}: {}", hit.rule.id);
            told.push(text);
        }
    }
    assert!(told.len() * 20 <= rows.len(), "{told:#?}");
}

/// The phrases that the rules must tell apart, each as a title and as text: none may come out otherwise.
#[test]
fn the_phrases_everyone_knows_are_told_apart() {
    let checker = Checker::new(built_in().iter().cloned());
    for row in sentences("reference.json") {
        let text = row["text"].as_str().unwrap();
        let names: Vec<&str> = row["names"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str())
            .collect();
        for field in [Field::Title, Field::Body] {
            let context = Context { field, names: &names, ..Context::default() };
            let hits = checker.check(text, &context);
            let found: Vec<_> = hits.iter().map(|hit| (&hit.rule.id, hit.level)).collect();
            if row["flag"] == 1 {
                let told = if field == Field::Title { Level::Error } else { Level::Review };
                assert!(
                    found.iter().any(|(_, level)| *level <= told),
                    "{text} {field:?}: {found:?}"
                );
            } else {
                assert!(found.is_empty(), "{text} {field:?}: {found:?}");
            }
        }
    }
}

#[test]
fn words_are_found_where_they_stand() {
    let file = "content/products/cup.md";
    let cup = "---\nsku: A-1\ntitle: Cup\nprice: 10\nsubtitle: \"好看，\\u6700佳之选\"\ndescription: >-\n  一只杯子，\n  国内首款\n---\n看[销量第一的杯](https://x.example/)，&#26368;佳，<b>最</b>低价。\n\n![颜值天花板](cup.jpg)\n\nＮｏ．１\n";
    let chinese = crate::shop::SHOP.replace("[en]", "[zh-CN]");
    let shop = crate::shop::Shop::new(&[("content/shop.yaml", chinese.as_str()), (file, cup)]);
    let run = shop.run(&["check", "--format", "short"]).expect(1);
    for place in ["5:11", "8:3", "10:3", "10:31", "10:44", "12:5"] {
        run.finds("rule/error", &format!("{file}:{place}"));
    }
    run.finds("rule/review", &format!("{file}:14:1"));
}

#[test]
fn a_fix_changes_what_is_surely_better_and_no_other_byte() {
    let before = "\u{feff}---\r\nsku: A-1\r\ntitle: Cup\r\nprice: 10   # net\r\nsubtitle: \"最佳夏季杯\"\t\r\n---\r\n\r\n这是顶级的杯子,容量350ml大.\r\n\r\n| 面料:棉 | b |\r\n| --- | --- |\r\n| `a,b` | 最**佳** |\r\n";
    let after = "\u{feff}---\r\nsku: A-1\r\ntitle: Cup\r\nprice: 10   # net\r\nsubtitle: \"优选夏季杯\"\t\r\n---\r\n\r\n这是高档的杯子，容量 350ml 大。\r\n\r\n| 面料:棉 | b |\r\n| --- | --- |\r\n| `a,b` | 最**佳** |\r\n";
    let file = "content/products/cup.md";
    let chinese = crate::shop::SHOP.replace("[en]", "[zh-CN]");
    let shop = crate::shop::Shop::new(&[("content/shop.yaml", chinese.as_str()), (file, before)]);
    // What stands within markup is left to a person, and is an error still.
    let run = shop.run(&["check", "--fix"]).expect(1);
    assert_eq!(shop.text(file), after);
    assert!(run.err.contains("content/products/cup.md:5: `最佳` → `优选`"), "{}", run.err);
    shop.run(&["check", "--fix"]).expect(1);
    assert_eq!(shop.text(file), after, "doing it again changes nothing");
    let tree = crate::shop::tree(&shop.path("content"));
    shop.run(&["check"]).expect(1);
    crate::shop::same(&crate::shop::tree(&shop.path("content")), &tree);
}
