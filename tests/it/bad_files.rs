//! Files that cannot be read, that lead out of the shop, that change, that have strange names.

use std::fs::File;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::bad_input::{CUP, PATH, clean, cup, limited, soon};
use crate::fixtures::png;
use crate::shop::{NOW, SHOP, Shop, finish, same, skipped};

#[test]
pub(crate) fn a_text_of_two_hundred_megabytes() {
    let shop = cup();
    for path in ["content/products/big.md", "content/data/big.yaml", "content/products/t.rows.yaml"]
    {
        shop.change(path, "");
        File::options().write(true).open(shop.path(path)).unwrap().set_len(200 << 20).unwrap();
    }
    let run = limited(&shop, "614400");
    for path in ["content/products/big.md", "content/data/big.yaml", "content/products/t.rows.yaml"]
    {
        run.finds("file/too-large", path);
        shop.remove(path);
    }
    clean(&shop);
}

#[test]
pub(crate) fn files_without_permission() {
    let shop = cup();
    shop.change("content/products/shut.md", CUP.replace("CUP", "SHUT"));
    shop.change("content/products/closed/inside.md", CUP.replace("CUP", "INSIDE"));
    shop.open_to_all();
    let shut = |mode| {
        for path in ["content/products/shut.md", "content/products/closed"] {
            set_mode(&shop, path, mode);
        }
    };
    shut(0o000);
    let words = ["check", "--format", "short", "--as-of", NOW];
    match shop.run_as_anybody(&words) {
        Some(run) => {
            let run = run.expect(1);
            run.finds("file/unreadable", "content/products/shut.md");
            run.finds("file/unreadable", "content/products/closed");
            assert_eq!(run.codes().len(), 2, "{}", run.out);
        }
        None => skipped("files_without_permission", "root cannot be anybody else here"),
    }
    shut(0o755);
    clean(&shop);
}

#[test]
fn folders_that_may_not_be_written() {
    let shop = cup();
    shop.open_to_all();
    let words = ["build", "--as-of", NOW];
    let Some(run) = shop.run_as_anybody(&words) else {
        skipped("folders_that_may_not_be_written", "root cannot be anybody else here");
        return;
    };
    // Nobody made the folder writable for this user: there is no place for the output.
    let run = run.expect(2);
    assert!(run.err.contains("output") && run.err.contains("could not run"), "{}", run.err);
    assert!(!shop.path("output").exists());
    shop.run_as_anybody(&["check", "--as-of", NOW]).unwrap().expect(0);
    std::fs::create_dir(shop.path("output")).unwrap();
    set_mode(&shop, "output", 0o777);
    // The content folder stays closed: a made-up address cannot be written down, and the build goes on.
    shop.change("content/pages/配送.md", "---\ntitle: Delivery\n---\n");
    shop.run_as_anybody(&words).unwrap().expect(0);
    assert!(shop.path("output/site/pei-song/index.html").exists());
    set_mode(&shop, "output/site", 0o555);
    shop.replace("content/shop.yaml", "Case", "Other");
    let before = shop.output();
    let run = shop.run_as_anybody(&words).unwrap();
    set_mode(&shop, "output/site", 0o755);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("output/site"), "{}", run.err);
    same(&shop.output(), &before);
}

fn set_mode(shop: &Shop, path: &str, mode: u32) {
    std::fs::set_permissions(shop.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn links_to_nowhere_and_things_that_are_no_files() {
    let shop = cup();
    symlink("nowhere.md", shop.path("content/products/lost.md")).unwrap();
    soon(&shop).expect(1).finds("file/unreadable", "content/products/lost.md");
    shop.remove("content/products/lost.md");
    std::fs::create_dir(shop.path("content/products/folder.md")).unwrap();
    clean(&shop);
    let pipe = shop.path("content/products/pipe.md");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    soon(&shop);
}

#[test]
pub(crate) fn a_file_that_changes_while_the_shop_is_built() {
    // The text of a file that was not touched for a while is read only when its page is made: many pages come before it.
    let shop = Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("themes/mine/theme.yaml", "name: Mine\nextends: default\n"),
    ]);
    for nth in 0..300 {
        shop.change(
            &format!("content/products/p{nth:03}.md"),
            CUP.replace("CUP", &format!("P-{nth:03}")),
        );
    }
    let late = "content/products/p299.md";
    let old = std::time::SystemTime::now() - Duration::from_mins(1);
    let mut seen = false;
    for round in 0..8 {
        shop.change(
            late,
            CUP.replace("CUP", "P-299").replace("A cup.", &format!("Round {round}.")),
        );
        File::options().append(true).open(shop.path(late)).unwrap().set_modified(old).unwrap();
        shop.change("content/shop.yaml", SHOP);
        let start = Instant::now();
        shop.build().expect(0);
        let length = start.elapsed();
        shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
        let mut command = shop.command(&[
            "build",
            "--format",
            "short",
            "--threads",
            "1",
            "--as-of",
            "2026-11-22",
        ]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(length * (2 + round % 4) / 8);
        shop.change(late, CUP.replace("CUP", "P-299").replace("A cup.", "Changed meanwhile."));
        let output = finish(child);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!words.contains("panicked"), "{words}");
        if String::from_utf8_lossy(&output.stdout).contains("p299.md: error[file/changed]") {
            assert_eq!(output.status.code(), Some(1), "{words}");
            seen = true;
            break;
        }
        assert_eq!(output.status.code(), Some(0), "{words}");
    }
    // Whether the moment was met or not: the next build is right.
    let run = shop.build().expect(0);
    assert_eq!(run.codes(), [""; 0]);
    shop.same_as_cold();
    if !seen {
        skipped("a_file_that_changes_while_the_shop_is_built", "the moment was never met");
    }
}

#[test]
pub(crate) fn links_in_a_circle() {
    let shop = cup();
    symlink("..", shop.path("content/products/up")).unwrap();
    symlink("self", shop.path("content/products/self")).unwrap();
    let run = soon(&shop).expect(1);
    run.finds("path/loop", "content/products/up");
    shop.remove("content/products/self");
    std::fs::remove_file(shop.path("content/products/up")).unwrap();
    clean(&shop);
}

#[test]
fn links_that_leave_the_shop() {
    let shop = cup();
    let secret = Shop::new(&[("secret.png", "x"), ("folder/other.md", CUP)]);
    secret.change("secret.png", png(8, 8, 1));
    symlink(secret.path("secret.png"), shop.path("content/products/cup/front.png")).unwrap();
    symlink(secret.path("folder"), shop.path("content/products/folder")).unwrap();
    symlink(secret.path("folder/other.md"), shop.path("content/products/other.md")).unwrap();
    shop.change("inside.md", CUP);
    symlink("../../inside.md", shop.path("content/products/above.md")).unwrap();
    let run = soon(&shop).expect(1);
    for path in ["cup/front.png", "folder", "other.md", "above.md"] {
        run.finds("path/outside", &format!("content/products/{path}"));
    }
    assert!(
        !run.codes().contains(&"sku/twice".to_owned()),
        "what lies outside is not read: {}",
        run.out
    );
    shop.build_with(&["--keep-going"]);
    assert!(shop.output().keys().all(|path| !path.starts_with("site/pictures/")));
}

#[test]
fn links_inside_the_shop_are_followed() {
    let shop = cup();
    shop.change("content/shared/front.png", png(8, 8, 1));
    symlink("../../shared/front.png", shop.path("content/products/cup/front.png")).unwrap();
    clean(&shop);
    shop.build().expect(0);
    assert!(shop.output().keys().any(|path| path.starts_with("site/pictures/front-")));
}

#[test]
fn picture_paths_that_leave_the_shop() {
    let names = [
        "../../../x.png",
        "/../x.png",
        "..\\\\x.png",
        "C:\\\\x.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "//host/x.png",
        "../../themes/x.png",
        "~/x.png",
        "%2e%2e/x.png",
        "x\\0.png",
    ];
    for name in names {
        let shop = cup();
        shop.change("x.png", png(8, 8, 1));
        shop.change("themes/x.png", png(8, 8, 1));
        shop.change(
            PATH,
            CUP.replace("price", &format!("images: [\"{name}\"]\nprice")).replace(
                "A cup.",
                &format!("![x](<{}>)", name.replace("\\\\", "\\").replace("\\0", "")),
            ),
        );
        let run = soon(&shop);
        let known = ["path/outside", "picture/missing", "picture/remote"];
        assert!(
            run.codes().iter().any(|code| known.contains(&code.as_str())),
            "{name}: {}",
            run.out
        );
        shop.build_with(&["--keep-going"]);
        let pictures =
            shop.output().into_keys().filter(|path| path.starts_with("site/pictures/")).count();
        assert_eq!(pictures, 0, "{name}");
    }
}

#[test]
pub(crate) fn a_name_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let shop = cup();
    let name = std::ffi::OsStr::from_bytes(b"content/products/\xb1\xad.md");
    if std::fs::write(shop.path("").join(name), CUP).is_err() {
        skipped("a_name_that_is_not_utf8", "this file system takes no such names");
        return;
    }
    soon(&shop).expect(1).finds("path/not-utf8", "content/products");
    std::fs::remove_file(shop.path("").join(name)).unwrap();
    clean(&shop);
}

#[test]
fn strange_and_reserved_names() {
    let shop = cup();
    for (nth, name) in [
        "con",
        "NUL",
        "aux.2026",
        "a b",
        "杯子",
        "🍵",
        "...",
        "-",
        "index",
        "é",
        "%2e",
        "a'b\"c",
        "<b>",
        "x:y",
        "t\tab",
        &"长".repeat(70),
    ]
    .iter()
    .enumerate()
    {
        let sku = format!("S-{nth}");
        shop.change(&format!("content/products/names/{name}/index.md"), CUP.replace("CUP", &sku));
        shop.change(&format!("content/pages/{name}.md"), format!("---\ntitle: {nth}\n---\n"));
    }
    let run = soon(&shop);
    assert_eq!(run.codes(), [""; 0], "{}", run.out);
    shop.build().expect(0);
    for path in shop.output().keys().filter(|path| path.starts_with("site/")) {
        let sound = path.split('/').all(|part| {
            let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
            !["con", "nul", "aux", "prn"].contains(&stem.as_str())
        });
        assert!(sound && path.is_ascii() && !path.contains([' ', '<', ':', '"']), "{path}");
    }
    shop.build().expect(0);
    shop.same_as_cold();
}

#[test]
fn one_sku_or_address_but_for_its_capitals() {
    let shop = cup();
    shop.change("content/products/a.md", "---\nsku: A\ntitle: A\nprice: 1\nslug: CUP\n---\n");
    let run = soon(&shop).expect(1);
    assert_eq!(run.codes(), ["address/twice"], "{}", run.out);
    let human = shop.run(&["check", "--as-of", NOW]).expect(1).err;
    assert!(
        human.contains("content/products/a.md") && human.contains(PATH),
        "both are named:\n{human}"
    );
    shop.change("content/products/a.md", "---\nsku: cup\ntitle: A\nprice: 1\n---\n");
    let run = soon(&shop).expect(1);
    assert_eq!(
        run.codes(),
        ["sku/twice"],
        "SKUs that differ only in case are one on many channels: {}",
        run.out
    );
}

#[test]
fn there_is_no_shop() {
    let empty = Shop::empty();
    let run = empty.run(&["check"]).expect(2);
    assert!(run.err.contains("content") && run.err.contains("shangjia init"), "{}", run.err);
    let run = empty.run(&["build"]).expect(2);
    assert!(run.err.contains("content"), "{}", run.err);
    assert!(!empty.path("output").exists());
    empty.change("content", "a file");
    empty.run(&["build"]).expect(2);
}
