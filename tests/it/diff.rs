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
    // What came or went did so for its own file alone.
    let because = |what: &str| channel[what][0]["because"].clone();
    assert_eq!(because("added"), serde_json::json!(["content/products/cups/d.md"]));
    assert_eq!(because("removed"), serde_json::json!(["content/products/bowls/c.md"]));
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
    // A day to come is a slip; before one long ago there is no revision.
    for (since, words) in [
        ("2098-01-01", "still to come"),
        ("1999-01-01", "before 1999-01-01"),
        ("nowhere", "no revision"),
    ] {
        let run = shop.run(&["export", "jsonl", "--delta", since, "--as-of", NOW]).expect(2);
        assert!(run.err.contains(words), "{}", run.err);
    }
}

/// The folders in which revisions are kept.
fn slots(shop: &Shop) -> Vec<std::path::PathBuf> {
    let folder = shop.path("output/.cache/revisions");
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.is_dir()).collect()
}

/// A shop of four revisions in which a product changes, goes, comes, and a file and a folder take each other's names.
fn history() -> Shop {
    let shop = shop();
    let commit = |name: &str| {
        git(&shop, &["add", "-A"]);
        git(&shop, &["commit", "-q", "-m", name]);
    };
    shop.replace("content/products/cups/a.md", "price: 10", "price: 12");
    shop.remove("content/products/bowls/c.md");
    shop.change("content/products/bowls/deep/d.md", product("D", ""));
    commit("second");
    shop.remove("content/products/bowls/deep");
    shop.change("content/products/bowls/deep.md", product("E", ""));
    shop.replace("content/products/cups/category.md", "Kiln", "Oven");
    commit("third");
    shop.remove("content/products/bowls/deep.md");
    shop.change("content/products/bowls/deep/d.md", product("D", "brand: Own\n"));
    shop.change("content/products/cups/a.md", product("A", ""));
    commit("fourth");
    shop
}

#[test]
fn a_comparison_says_the_same_whatever_was_compared_before() {
    let shop = history();
    let kept = "output/.cache/revisions";
    let mut pairs = Vec::new();
    for before in 0..4 {
        pairs.extend(
            (0..4)
                .filter(|after| *after != before)
                .map(|after| [before, after].map(|nth| format!("HEAD~{nth}"))),
        );
    }
    // One after the other, each where the last one left its files.
    let warm: Vec<Value> =
        pairs.iter().map(|[before, after]| difference(&shop, &[before, after])).collect();
    assert!(!slots(&shop).is_empty());
    for ([before, after], warm) in pairs.iter().zip(warm) {
        if shop.path(kept).exists() {
            shop.remove(kept);
        }
        assert_eq!(difference(&shop, &[before, after]), warm, "{before} {after}");
        assert_ne!(warm["channels"], serde_json::json!([]), "{before} {after}");
    }
}

#[test]
fn a_revision_that_was_unpacked_by_half_heals() {
    let shop = history();
    let words = ["HEAD~2", "HEAD~1"];
    let whole = difference(&shop, &words);
    let spoil = |list: Option<&str>| {
        // Unpacked from another revision, stopped in the middle: the list goes first, some files are there, one is cut off.
        difference(&shop, &["HEAD~3", "HEAD"]);
        for slot in slots(&shop) {
            let names = slot.join("content.json");
            assert!(names.is_file(), "{names:?}");
            match list {
                Some(text) => std::fs::write(&names, text).unwrap(),
                None => std::fs::remove_file(&names).unwrap(),
            }
            let products = slot.join("content/products");
            std::fs::write(products.join("cups/b.md"), "---\nsku: B\nti").unwrap();
            std::fs::write(products.join("stray.md"), product("STRAY", "")).unwrap();
            std::fs::remove_file(products.join("cups/category.md")).unwrap();
        }
    };
    for list in [None, Some(""), Some("{\"products/cups/a.md\": "), Some("[]")] {
        spoil(list);
        assert_eq!(difference(&shop, &words), whole, "{list:?}");
    }
}

#[test]
fn a_comparison_that_is_killed_leaves_nothing_wrong() {
    let shop = shop();
    for nth in 0..400 {
        shop.change(&format!("content/products/more/p{nth}.md"), product(&format!("P{nth}"), ""));
    }
    git(&shop, &["add", "-A"]);
    git(&shop, &["commit", "-q", "-m", "more"]);
    for nth in 0..400 {
        let text = product(&format!("P{nth}"), "brand: Other\n");
        shop.change(&format!("content/products/more/p{nth}.md"), text);
    }
    git(&shop, &["add", "-A"]);
    git(&shop, &["commit", "-q", "-m", "other"]);
    let whole = difference(&shop, &["HEAD~1", "HEAD"]);
    let mut stopped = 0;
    for wait in [5, 15, 40, 80, 160] {
        // The other way round, so that all files differ from what the slots hold.
        let mut child = crate::shop::program()
            .current_dir(shop.path(""))
            .args(["diff", "HEAD", "HEAD~1", "--format", "json", "--as-of", NOW])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        stopped += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(difference(&shop, &["HEAD~1", "HEAD"]), whole, "after {wait} ms");
    }
    assert!(stopped > 0, "every run had ended before it was killed");
}
