//! Tables as other systems and people leave them, in `tests/cases/import`: `<system>-<what>.<ending>`, and beside each what
//! an import makes of it and says of it; a row source of the same name is copied with it. `UPDATE=1` rewrites that.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::shop::{Shop, tree};

const SHOP: &str = "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\ncurrency: USD\n";

/// The row source that an import says its columns' names make.
fn mapping(outcome: &str) -> Option<String> {
    let (_, behind) = outcome.split_once("import again:\n\n")?;
    let lines = behind.lines().map_while(|line| line.strip_prefix("  "));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// Everything that an import does with a table.
fn outcome(shop: &Shop, system: &str, name: &str) -> String {
    let run = shop.run(&["import", name, "--as", system, "--json"]);
    let mut out = format!("exit {}\n{}{}", run.code.unwrap_or(-1), run.out, run.err);
    // A crash would be a message as well.
    assert!(!out.contains("panicked"), "{name}: {out}");
    if run.out.starts_with('[') {
        let notes: Vec<serde_json::Value> = serde_json::from_str(&run.out).unwrap();
        out = format!("exit {}\n", run.code.unwrap_or(-1));
        for note in notes {
            let text = |key: &str| note[key].as_str().unwrap_or_default().to_owned();
            let (what, about) = (text("what"), text("about"));
            writeln!(out, "{}: {what}: {about}: {}", note["line"], text("value")).unwrap();
        }
        out.push_str(&run.err);
    }
    for (path, bytes) in tree(&shop.path("content")) {
        if path != "shop.yaml" && !path.starts_with(".imports") {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            write!(out, "\n=== {path}\n{text}").unwrap();
        }
    }
    out
}

#[test]
fn every_row_is_used_or_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/import");
    let update = std::env::var_os("UPDATE").is_some();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".expected") && !name.ends_with(".rows.yaml"))
        .collect();
    names.sort();
    assert!(names.len() > 10);
    let mut wrong = Vec::new();
    for name in names {
        let shop = Shop::new(&[("content/shop.yaml", SHOP)]);
        fs::copy(folder.join(&name), shop.path(&name)).unwrap();
        let beside = Path::new(&name).with_extension("rows.yaml");
        if folder.join(&beside).exists() {
            fs::copy(folder.join(&beside), shop.path(&beside.to_string_lossy())).unwrap();
        }
        let system = name.split('-').next().unwrap();
        let got = outcome(&shop, system, &name);
        // The same table once more changes nothing.
        if got.starts_with("exit 0") {
            let before = tree(&shop.path("content"));
            shop.run(&["import", &name, "--as", system]).expect(0);
            assert_eq!(tree(&shop.path("content")), before, "{name}");
        }
        // And so does the row source that was shown, once it is saved beside the table.
        if let Some(yaml) = mapping(&got) {
            let other = Shop::new(&[("content/shop.yaml", SHOP)]);
            fs::copy(folder.join(&name), other.path(&name)).unwrap();
            other.change(&beside.to_string_lossy(), yaml);
            other.run(&["import", &name, "--as", system]).expect(0);
            let [one, two] = [&shop, &other].map(|shop| tree(&shop.path("content/products")));
            assert_eq!(two, one, "{name}");
        }
        let beside = folder.join(format!("{name}.expected"));
        if update {
            fs::write(&beside, &got).unwrap();
        } else if fs::read_to_string(&beside).unwrap_or_default() != got {
            wrong.push(format!("--- {name}\n{got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
