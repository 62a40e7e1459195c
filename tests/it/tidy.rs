//! The rules that the sources of the program keep to, as tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use shangjia::diag::codes::{self, Lang};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Who may use whom: a module uses lower numbers and its own folder. Inside a whole number the fraction is an order.
const LAYERS: [(&str, u32); 29] = [
    ("diag", 0),
    ("id", 0),
    ("clock", 0),
    ("error", 0),
    ("source", 10),
    ("engine", 10),
    ("image", 10),
    ("text", 10),
    ("title", 11),
    ("keywords", 12),
    ("rules", 12),
    ("watcher", 11),
    ("channel", 15),
    ("catalog", 20),
    ("theme", 21),
    ("compose", 21),
    ("generation", 22),
    ("cx", 22),
    ("review", 23),
    ("maker", 24),
    ("page", 30),
    ("export", 30),
    ("output", 31),
    ("poster", 32),
    ("build", 40),
    ("serve", 41),
    ("import", 45),
    ("diff", 45),
    ("cli", 50),
];

/// Uses that go against the table and are right all the same, each with its reason.
const ALLOWED: [(&str, &str, &str); 0] = [];

/// Modules of one layer that must not know each other.
const STRANGERS: [(&str, &str); 6] = [
    ("page", "output"),
    ("output", "page"),
    ("page", "export"),
    ("export", "page"),
    ("export", "output"),
    ("output", "export"),
];

fn sources() -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(Path::new(ROOT).join("src"))
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

fn shown(path: &Path) -> String {
    path.strip_prefix(ROOT).unwrap().display().to_string()
}

/// The top module a file belongs to: `src/catalog/text.rs` is `catalog`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

fn layer(name: &str) -> Option<u32> {
    LAYERS.iter().find(|(module, _)| *module == name).map(|(_, layer)| *layer)
}

/// Every module named behind `crate::` in a line, also in `use crate::{a::b, c}`.
fn named(line: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut names = Vec::new();
    for (at, found) in line.match_indices("crate::") {
        let rest = &line[at + found.len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let mut start = 0;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = at + 1,
                        _ => {}
                    }
                    if at == start {
                        names.push(word(list[start..].trim_start()));
                    }
                }
            }
            None => names.push(word(rest)),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let own = module(&path);
        if own == "lib" || own == "main" || is_test(&path) {
            continue;
        }
        let Some(mine) = layer(&own) else {
            faults.push(format!("{}: module `{own}` is not in the table of layers", shown(&path)));
            continue;
        };
        seen.insert(own.clone());
        for (nth, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for other in named(line).into_iter().filter(|other| *other != own) {
                let Some(theirs) = layer(&other) else { continue };
                let allowed = ALLOWED.iter().any(|(a, b, _)| *a == own && *b == other);
                let strangers = STRANGERS.contains(&(&*own, &*other));
                if (theirs > mine || strangers) && !allowed {
                    faults.push(format!(
                        "{}:{}: `{own}` (layer {mine}) uses `{other}` (layer {theirs}): imports go downward only",
                        shown(&path),
                        nth + 1
                    ));
                }
            }
        }
    }
    let unused: Vec<_> = LAYERS.iter().filter(|(name, _)| !seen.contains(*name)).collect();
    assert!(unused.is_empty(), "layers of modules that are gone: {unused:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_scan_for_modules_sees_them() {
    assert_eq!(named("use crate::{diag::{Place, Span}, id, build::x};"), ["diag", "id", "build"]);
    assert_eq!(named("let a: crate::cx::Cx = crate::page::x();"), ["cx", "page"]);
}

#[test]
fn only_the_disk_layers_touch_the_disk() {
    let rooms = ["src/source/disk.rs", "src/output/disk.rs"];
    let calls = [
        "fs::read",
        "fs::write",
        "fs::remove_",
        "fs::rename",
        "fs::create_dir",
        "fs::copy",
        "File::open",
        "File::create",
    ];
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let name = shown(&path);
        if rooms.contains(&name.as_str()) || is_test(&path) {
            continue;
        }
        for (nth, line) in text.lines().enumerate() {
            if calls.iter().any(|call| line.contains(call)) && !line.trim_start().starts_with("//")
            {
                faults.push(format!("{name}:{}: {}", nth + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "use source::disk or output::disk:\n{}", faults.join("\n"));
}

#[test]
fn nothing_is_left_to_do_and_no_file_is_long() {
    let marks = ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "dbg!("];
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().count();
        if lines > 600 {
            faults.push(format!(
                "{}: {lines} lines, more than 600: divide it by subject",
                shown(&path)
            ));
        }
        if !text.starts_with("//!") && !is_test(&path) {
            faults.push(format!("{}:1: a module begins with a `//!` sentence", shown(&path)));
        }
        for (nth, line) in text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                faults.push(format!("{}:{}: {mark}", shown(&path), nth + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_names_a_machine() {
    let homes = ["/work/", "/root/", "/home/", "/Users/"];
    let mut faults = Vec::new();
    for area in
        ["src", "tests", "themes", "docs", "content", "README.md", "CHANGELOG.md", "Cargo.toml"]
    {
        for entry in
            walkdir::WalkDir::new(Path::new(ROOT).join(area)).into_iter().filter_map(Result::ok)
        {
            if entry.path().ends_with("tidy.rs")
                || entry.path().components().any(|part| part.as_os_str() == "node_modules")
            {
                continue;
            }
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            for (nth, line) in text.lines().enumerate() {
                if let Some(home) = homes.iter().find(|home| line.contains(**home)) {
                    faults.push(format!("{}:{}: `{home}`", shown(entry.path()), nth + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "paths of a machine:\n{}", faults.join("\n"));
}

#[test]
fn the_change_log_says_what_is_not_released_yet() {
    let text = fs::read_to_string(Path::new(ROOT).join("CHANGELOG.md")).unwrap_or_default();
    let has = text
        .lines()
        .any(|line| line.starts_with("## ") && line.to_lowercase().contains("unreleased"));
    assert!(has, "CHANGELOG.md needs a section `## Unreleased`");
}

/// The `{names}` of a text; `{why-en}` and `{why-zh}` are one name in two languages.
fn places(text: &str) -> BTreeSet<String> {
    let plain = text.replace("{{", "").replace("}}", "");
    plain
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim_end_matches("-en").trim_end_matches("-zh").to_owned())
        .collect()
}

#[test]
fn findings_say_the_same_in_both_languages() {
    let mut faults = Vec::new();
    for (code, row) in codes::table().codes() {
        let (en, zh) = (row.words(Lang::En), row.words(Lang::Zh));
        for (part, en, zh) in
            [("says", &en.says, &zh.says), ("why", &en.why, &zh.why), ("fix", &en.fix, &zh.fix)]
        {
            if places(en) != places(zh) {
                faults.push(format!(
                    "{code}: `{part}` has {:?} in English, {:?} in Chinese",
                    places(en),
                    places(zh)
                ));
            }
            if en.trim().is_empty() || zh.trim().is_empty() {
                faults.push(format!("{code}: `{part}` is empty"));
            }
            if !zh.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)) && places(zh).is_empty() {
                faults.push(format!("{code}: `{part}` is not Chinese: {zh}"));
            }
        }
        if en.says.ends_with('.')
            || en.says.starts_with(|c: char| c.is_ascii_uppercase() && !en.says.starts_with("HTML"))
                && !en.says.starts_with("JSON")
        {
            faults
                .push(format!("{code}: a message is lower case and has no full stop: {}", en.says));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every text in quotes of the program's sources that passes a test, and where it stands.
fn quoted(wanted: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (path, text) in sources() {
        if is_test(&path) {
            continue;
        }
        for (nth, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            for word in code.split('"').skip(1).step_by(2).filter(|word| wanted(word)) {
                found
                    .entry(word.to_owned())
                    .or_insert_with(|| format!("{}:{}", shown(&path), nth + 1));
            }
        }
    }
    found
}

#[test]
fn every_code_is_in_the_table_and_every_row_is_used() {
    let rows: BTreeSet<&str> = codes::table().codes().map(|(code, _)| code).collect();
    let areas: BTreeSet<&str> = rows.iter().filter_map(|code| code.split('/').next()).collect();
    let used = quoted(|word| {
        word.split_once('/').is_some_and(|(area, name)| {
            areas.contains(area)
                && !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
        })
    });
    let strange: Vec<_> = used.iter().filter(|(code, _)| !rows.contains(code.as_str())).collect();
    assert!(strange.is_empty(), "codes without a row in codes/*.yaml: {strange:?}");
    let idle: Vec<_> = rows.iter().filter(|code| !used.contains_key(**code)).collect();
    assert!(idle.is_empty(), "rows of codes/*.yaml that nothing says: {idle:?}");
}

#[test]
fn every_term_has_words() {
    let table = codes::table();
    let reasons = quoted(|word| {
        word.len() > 1
            && word.starts_with('@')
            && word[1..].bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    });
    let mut faults = Vec::new();
    // JSON-LD has words with an `@` of its own.
    for (word, place) in reasons.iter().filter(|(_, place)| {
        !place.starts_with("src/page/seo") && !place.starts_with("src/build/claims/page.rs")
    }) {
        let key = &word[1..];
        for lang in [Lang::En, Lang::Zh] {
            if table.term(key, lang) == key {
                faults.push(format!("{place}: `{word}` has no words in {lang:?}"));
            }
        }
    }
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        for call in text.split(".also(").skip(1) {
            let Some(term) = call
                .split('"')
                .nth(1)
                .filter(|term| term.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
            else {
                continue;
            };
            if table.term(term, Lang::Zh) == term {
                faults.push(format!("{}: the label `{term}` has no words", shown(&path)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn channels_name_packs_that_are_there() {
    let known: Vec<&str> =
        shangjia::rules::built_in().iter().map(|pack| pack.name.as_str()).collect();
    let folder = std::path::Path::new(ROOT).join("src/channels");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let lists = text.lines().filter_map(|line| line.trim().strip_prefix("packs: ["));
        for name in lists.flat_map(|list| list.trim_end_matches(']').split(", ")) {
            assert!(name.is_empty() || known.contains(&name), "{name}");
        }
    }
}
