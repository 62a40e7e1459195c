//! What changes on each channel between two revisions: the rows that an edit reaches, and no others.

use std::process::Command;

use serde_json::Value;

use crate::shop::{NOW, Shop, set};

const SHOP: &str = "\
name: Kiln
base_url: https://kiln.example
locales: [en]
channels: [jsonl, ebay2]
";

/// A channel that wants no pictures, so that none need be made.
const EBAY: &str =
    "extends: ebay\nfiles: {table: {columns: {pictures: null, title: {required: false}}}}\n";

fn product(sku: &str, extra: &str) -> String {
    format!("---\nsku: {sku}\ntitle: Cup {sku}\nprice: 10\n{extra}---\nText of {sku}.\n")
}

fn git(shop: &Shop, words: &[&str]) {
    let run = Command::new("git")
        .current_dir(shop.path(""))
        .args(["-c", "user.name=T", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"])
        .args(words)
        .output()
        .unwrap();
    assert!(run.status.success(), "{words:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn shop() -> Shop {
    let shop = Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/channels/ebay2.yaml", EBAY),
        ("content/products/cups/category.md", "---\ntitle: Cups\ndefaults: {brand: Kiln}\n---\n"),
        ("content/products/cups/a.md", &product("A", "")),
        ("content/products/cups/b.md", &product("B", "")),
        ("content/products/bowls/c.md", &product("C", "")),
    ]);
    git(&shop, &["init", "-q", "-b", "main"]);
    git(&shop, &["add", "."]);
    git(&shop, &["commit", "-q", "-m", "first"]);
    shop
}

fn difference(shop: &Shop, words: &[&str]) -> Value {
    let mut all = vec!["diff", "--format", "json", "--as-of", NOW];
    all.extend(words);
    serde_json::from_str(&shop.run(&all).expect(0).out).unwrap()
}

fn skus(rows: &Value) -> std::collections::BTreeSet<String> {
    set(rows.as_array().unwrap().iter().map(|row| row["sku"].as_str().unwrap()))
}

#[test]
fn an_edit_of_a_category_shows_the_listings_it_reaches_and_no_other() {
    let shop = shop();
    assert_eq!(difference(&shop, &["HEAD"])["channels"], serde_json::json!([]));
    shop.replace("content/products/cups/category.md", "brand: Kiln", "brand: Oven");
    let found = difference(&shop, &["HEAD"]);
    for channel in found["channels"].as_array().unwrap() {
        assert_eq!(skus(&channel["changed"]), set(["A", "B"]), "{channel}");
        assert_eq!(channel["added"].as_array().unwrap().len(), 0);
        for row in channel["changed"].as_array().unwrap() {
            assert_eq!(row["because"], serde_json::json!(["content/products/cups/category.md"]));
            let columns = row["cells"].as_array().unwrap();
            assert_eq!((columns.len(), &columns[0]["column"]), (1, &Value::from("brand")));
            assert_eq!(
                (&columns[0]["before"], &columns[0]["after"]),
                (&"Kiln".into(), &"Oven".into())
            );
        }
    }
    assert_eq!(found["channels"].as_array().unwrap().len(), 2);
    assert_eq!(found["pages"]["changed"].as_array().unwrap().len(), 2);
}

#[test]
fn two_revisions_are_compared_without_touching_the_files() {
    let shop = shop();
    shop.replace("content/products/cups/a.md", "price: 10", "price: 12");
    shop.change("content/products/cups/d.md", product("D", ""));
    shop.remove("content/products/bowls/c.md");
    git(&shop, &["add", "-A"]);
    git(&shop, &["commit", "-q", "-m", "second"]);
    shop.change("content/products/cups/b.md", "not a product");
    let before = shop.text("content/products/cups/b.md");
    let found = difference(&shop, &["HEAD~1", "HEAD"]);
    assert_eq!(shop.text("content/products/cups/b.md"), before);
    let channel = &found["channels"][1];
    assert_eq!(channel["channel"], "ebay2");
    assert_eq!(skus(&channel["added"]), set(["D"]));
    assert_eq!(skus(&channel["removed"]), set(["C"]));
    assert_eq!(skus(&channel["changed"]), set(["A"]));
    assert_eq!(channel["changed"][0]["cells"][0]["after"], "12.00");
    assert_eq!(found["pages"]["added"], serde_json::json!(["/cups/d/"]));
    let run = shop.run(&["diff", "HEAD~1", "HEAD", "--format", "markdown"]).expect(0);
    assert!(
        run.out.contains("| A | price | 10.00 | 12.00 | `content/products/cups/a.md` |"),
        "{}",
        run.out
    );
    let run = shop.run(&["diff", "HEAD~1", "HEAD"]).expect(0);
    assert!(run.out.contains("price: 10.00 → 12.00"), "{}", run.out);
}

#[test]
fn a_revision_that_is_not_there_is_said() {
    let shop = shop();
    let run = shop.run(&["diff", "nowhere"]).expect(2);
    assert!(run.err.contains("nowhere"), "{}", run.err);
    let run = shop.run(&["diff", "--output=x"]).expect(2);
    assert!(!shop.path("x").exists(), "{}", run.err);
    let alone = Shop::new(&[("content/shop.yaml", SHOP)]);
    let run = alone.run(&["diff", "HEAD"]).expect(2);
    assert!(run.err.contains("git"), "{}", run.err);
}

#[test]
fn what_changed_since_a_revision_is_exported_alone() {
    let shop = shop();
    shop.run(&["export", "--as-of", NOW]).expect(0);
    let whole = shop.text("output/exports/jsonl/catalogue.jsonl");
    shop.replace("content/products/cups/b.md", "price: 10", "price: 12");
    shop.remove("content/products/bowls/c.md");
    let run = shop.run(&["export", "jsonl", "--delta", "HEAD", "--as-of", NOW]).expect(0);
    assert!(run.out.contains("- jsonl: C\n"), "{}", run.out);
    let chosen = shop.text("output/exports/jsonl/chosen/catalogue.jsonl");
    assert_eq!(chosen.lines().count(), 1);
    assert!(chosen.contains("\"12.00\""), "{chosen}");
    assert_eq!(shop.text("output/exports/jsonl/catalogue.jsonl"), whole);
    // A day in the future is after every revision, one long ago before all.
    let run = shop.run(&["export", "jsonl", "--delta", "2098-01-01", "--as-of", NOW]).expect(0);
    assert!(run.out.contains("- jsonl: C\n"), "{}", run.out);
    shop.run(&["export", "jsonl", "--delta", "1999-01-01", "--as-of", NOW]).expect(2);
    shop.run(&["export", "jsonl", "--delta", "nowhere", "--as-of", NOW]).expect(2);
}
