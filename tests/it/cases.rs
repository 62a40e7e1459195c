//! The corpus: shops in folders and in single texts, and what the program says of them.
//!
//! `UPDATE=1 cargo test` writes what it says now into the cases; look at the difference before you keep it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::bad_input::MADE_IN_CODE;
use crate::shop::{NOW, Run, SHOP, Shop, code_of, tree};
use shangjia::diag::codes;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");

/// Whether expected files are written instead of compared.
fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// One part of a `.case` file: the files it changes, and what is expected.
#[derive(Default)]
struct Part {
    /// `None` for a file that must not be there.
    files: Vec<(String, Option<String>)>,
    expect: String,
}

/// A `.case` file: `--- bad` and `--- good`, each with blocks that begin with `=== path`, and one `=== expect`.
/// The good part keeps the bad one's files and says only what is mended; `=== no path` takes a file away.
/// Where there is no `content/shop.yaml`, a plain one is put there.
struct Case {
    path: PathBuf,
    about: String,
    parts: Vec<(String, Part)>,
}

impl Case {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let mut case = Case { path: path.to_owned(), about: String::new(), parts: Vec::new() };
        let mut into_expect = false;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end();
            if let Some(name) = bare.strip_prefix("--- ") {
                case.parts.push((name.to_owned(), Part::default()));
                into_expect = false;
            } else if let Some((_, part)) = case.parts.last_mut() {
                match bare.strip_prefix("=== ") {
                    Some("expect") => into_expect = true,
                    Some(name) => {
                        into_expect = false;
                        let gone = name.strip_prefix("no ");
                        let text = gone.is_none().then(String::new);
                        part.files.push((gone.unwrap_or(name).to_owned(), text));
                    }
                    None if into_expect => part.expect.push_str(line),
                    None => match part.files.last_mut() {
                        Some((_, Some(text))) => text.push_str(line),
                        _ => panic!("{}: no file for `{bare}`", path.display()),
                    },
                }
            } else {
                case.about.push_str(line);
            }
        }
        assert_eq!(case.parts.len(), 2, "{}: a bad and a good part", path.display());
        case
    }

    fn write(&self) {
        let mut text = self.about.clone();
        for (name, part) in &self.parts {
            text += &format!("--- {name}\n");
            for (path, file) in &part.files {
                match file {
                    Some(file) => text += &format!("=== {path}\n{file}"),
                    None => text += &format!("=== no {path}\n"),
                }
            }
            text += &format!("=== expect\n{}", part.expect);
        }
        fs::write(&self.path, text).unwrap();
    }

    /// The code that the case is about, by its name.
    fn code(&self) -> String {
        let name = self.path.file_stem().unwrap().to_string_lossy().into_owned();
        let all = codes::table().codes();
        let mut found = all.map(|(code, _)| code).filter(|code| code.replace('/', "-") == name);
        let code = found.next().unwrap_or_else(|| panic!("{name}.case is named by no code"));
        code.to_owned()
    }

    /// What is wrong with it, if anything.
    fn run(&mut self) -> String {
        let code = self.code();
        let mut faults = String::new();
        let mut files: BTreeMap<String, Option<String>> =
            BTreeMap::from([("content/shop.yaml".to_owned(), Some(SHOP.to_owned()))]);
        for (name, part) in &mut self.parts {
            files.extend(part.files.iter().cloned());
            let shop = Shop::empty();
            shop.change("content/.here", "");
            for (path, text) in &files {
                if let Some(text) = text {
                    shop.change(path, text);
                }
            }
            let run = shop.check();
            if update() {
                part.expect.clone_from(&run.out);
            } else if run.out != part.expect {
                faults +=
                    &format!("{code}, {name} part\n expected:\n{} said:\n{}", part.expect, run.out);
            }
            let said: BTreeSet<&str> = run.out.lines().filter_map(code_of).collect();
            let wanted: BTreeSet<&str> =
                if name == "bad" { [&*code].into() } else { BTreeSet::new() };
            if said != wanted {
                faults +=
                    &format!("{code}: the {name} part may say {wanted:?}, but says\n{}", run.out);
            }
            let errors = run.out.lines().any(|line| line.contains(": error["));
            if run.code != Some(i32::from(errors)) {
                faults +=
                    &format!("{code}: the {name} part exits with {:?}\n{}", run.code, run.err);
            }
        }
        faults
    }
}

fn case_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(CASES)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|end| end == "case"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_code_has_a_bad_and_a_good_case() {
    let written: BTreeSet<String> =
        case_files().iter().map(|path| Case::read(path).code()).collect();
    let made: BTreeSet<String> = MADE_IN_CODE.iter().map(|(code, _)| (*code).to_owned()).collect();
    let known: BTreeSet<String> = codes::table().codes().map(|(code, _)| code.to_owned()).collect();
    let covered: BTreeSet<String> = written.union(&made).cloned().collect();
    let bare: Vec<_> = known.difference(&covered).collect();
    assert!(bare.is_empty(), "no case below tests/cases/codes/ and none made in code: {bare:?}");
    let strange: Vec<_> = covered.difference(&known).collect();
    assert!(strange.is_empty(), "cases of codes that codes/*.yaml has not: {strange:?}");
}

#[test]
fn codes_say_what_their_cases_expect() {
    let files = case_files();
    let faults: Vec<String> = in_parallel(&files, |path| {
        let mut case = Case::read(path);
        let faults = case.run();
        if update() {
            case.write();
        }
        faults
    });
    let faults: String = faults.concat();
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn shops_in_folders_build_as_expected() {
    let mut folders: Vec<PathBuf> = walkdir::WalkDir::new(CASES)
        .min_depth(3)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| {
            entry.file_name() == "shop.yaml"
                && entry.path().parent().is_some_and(|up| up.ends_with("content"))
        })
        .filter_map(|entry| Some(entry.path().parent()?.parent()?.to_owned()))
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    let faults = in_parallel(&folders, |folder| folder_case(folder)).concat();
    assert!(faults.is_empty(), "{faults}");
}

/// Runs one folder and compares everything below `expected/`; gives what is wrong.
fn folder_case(folder: &Path) -> String {
    let name = folder.strip_prefix(CASES).unwrap().display().to_string();
    let expected = folder.join("expected");
    let shop = Shop::empty();
    for (path, bytes) in tree(folder) {
        if !path.starts_with("expected/") {
            shop.change(&path, bytes);
        }
    }
    let mut faults = String::new();
    let mut compare = |file: &str, said: &str| {
        let path = expected.join(file);
        if update() {
            fs::create_dir_all(&expected).unwrap();
            fs::write(&path, said).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != said {
            faults += &format!("{name}/expected/{file} is not what was said:\n{said}\n");
        }
    };
    let short = shop.check();
    compare("diagnostics.txt", &short.out);
    let human = |lang: &str| {
        let words = ["check", "--color", "never", "--quiet", "--as-of", NOW];
        Run::of(shop.command(&words).env("SHANGJIA_LANG", lang)).err
    };
    for (file, lang) in [("human.txt", "en"), ("diagnostics.zh.txt", "zh_CN")] {
        if expected.join(file).exists() {
            compare(file, &human(lang));
        }
    }
    let wanted = tree(&expected.join("site"));
    if wanted.is_empty() {
        return faults;
    }
    let run = shop.build_with(&["--keep-going"]);
    if run.out != short.out {
        faults += &format!("{name}: `build` finds other things than `check`:\n{}", run.out);
    }
    let site = shop.output();
    for (path, bytes) in wanted {
        let part = path.strip_suffix(".contains");
        let real = format!("site/{}", part.unwrap_or(&path));
        let Some(made) = site.get(&real) else {
            faults += &format!("{name}: {real} was not made\n");
            continue;
        };
        if part.is_none() && update() {
            fs::write(expected.join("site").join(&path), made).unwrap();
        } else if part.is_none() && *made != bytes {
            faults +=
                &format!("{name}: {real} is not as expected:\n{}", String::from_utf8_lossy(made));
        } else if part.is_some() {
            let made = String::from_utf8_lossy(made);
            for line in String::from_utf8_lossy(&bytes).lines() {
                // A line that begins with `!` must not be there.
                let (line, wanted) =
                    line.strip_prefix('!').map_or((line, true), |rest| (rest, false));
                if made.contains(line) != wanted {
                    let word = if wanted { "lacks" } else { "has" };
                    faults += &format!("{name}: {real} {word} `{line}`\n");
                }
            }
        }
    }
    faults
}

/// Both cores are used: each case is a process of its own.
fn in_parallel<T: Sync, R: Send>(items: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(item) = items.get(at) else { return done };
                        done.push((at, run(item)));
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
