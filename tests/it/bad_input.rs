//! Whatever an author, a stranger or a broken disk puts into the shop: a finding with a place, never a panic, soon and in little memory.

use std::fs::File;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, Instant};

use crate::fixtures::{claimed_png, cmyk_jpeg, gif, jpeg, png};
use crate::shop::{Run, SHOP, Shop};

/// Codes whose cases need more than text: each with the tests below that have its bad and its good case.
pub(crate) const MADE_IN_CODE: &[(&str, fn())] = &[
    ("file/not-utf8", text_that_is_not_utf8),
    ("file/too-large", a_text_of_two_hundred_megabytes),
    ("file/unreadable", files_without_permission),
    ("file/changed", a_file_that_changes_while_the_shop_is_built),
    ("path/loop", links_in_a_circle),
    ("path/not-utf8", a_name_that_is_not_utf8),
    ("picture/bomb", pictures_too_large_to_decode),
    ("picture/color", a_picture_of_printing_colours),
    ("picture/damaged", a_picture_that_ends_too_early),
    ("rows/no-sheet", a_sheet_that_is_not_in_the_workbook),
    ("rows/too-large", a_workbook_that_swells),
];

const CUP: &str = "---\nsku: CUP\ntitle: Cup\nprice: 10\n---\nA cup.\n";
const PATH: &str = "content/products/cup/index.md";

/// A shop with one product.
fn cup() -> Shop {
    Shop::new(&[("content/shop.yaml", SHOP), (PATH, CUP)])
}

/// Checks, and fails when that takes long.
#[track_caller]
fn soon(shop: &Shop) -> Run {
    let start = Instant::now();
    let run = shop.check();
    assert!(matches!(run.code, Some(0 | 1)), "{:?} {}", run.code, run.err);
    assert!(start.elapsed() < Duration::from_secs(20), "it took {:?}", start.elapsed());
    run
}

#[track_caller]
fn clean(shop: &Shop) {
    let run = soon(shop);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
}

#[test]
fn text_that_is_not_utf8() {
    let shop = cup();
    shop.change(PATH, b"---\nsku: CUP\ntitle: \xb2\xe8\xb1\xad\n---\n");
    let run = soon(&shop);
    run.finds("file/not-utf8", &format!("{PATH}:3:8"));
    assert_eq!(run.codes(), ["file/not-utf8"], "{}", run.out);
    shop.change(PATH, CUP);
    clean(&shop);
    shop.change("content/shop.yaml", b"name: \xff\xfe\n");
    soon(&shop).finds("file/not-utf8", "content/shop.yaml:1:7");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_fault() {
    let shop = cup();
    shop.change("content/shop.yaml", format!("\u{feff}{}", SHOP.replace('\n', "\r\n")));
    shop.change(PATH, format!("\u{feff}{}", CUP.replace('\n', "\r\n")));
    clean(&shop);
    let run = shop.build().expect(0);
    assert_eq!(run.codes(), [""; 0]);
    let page = shop.text("output/site/cup/index.html");
    assert!(page.contains("A cup.") && !page.contains('\u{feff}'), "{page}");
}

#[test]
fn places_are_right_behind_a_byte_order_mark_and_windows_line_ends() {
    let shop = cup();
    shop.change(PATH, "\u{feff}---\r\nsku: CUP\r\ntitle: 杯\r\nprice: abc\r\nfacts: {容量: 1 ml, 材质: [瓷]}\r\nstok: 1\r\n---\r\nA <b>cup</b>.\r\n");
    let run = soon(&shop);
    run.finds("price/form", &format!("{PATH}:4:8"));
    run.finds("key/unknown", &format!("{PATH}:6:1"));
}

#[test]
fn empty_files_everywhere() {
    let shop = cup();
    for path in ["content/products/a.md", "content/pages/b.md", "content/campaigns/c/index.md", "content/products/category.md"] {
        shop.change(path, "");
    }
    for path in ["content/keywords/k.csv", "content/data/d.yaml", "content/channels/taobao.yaml", "content/addresses.yaml"] {
        shop.change(path, "");
    }
    let run = soon(&shop);
    for path in ["content/products/a.md", "content/pages/b.md", "content/campaigns/c/index.md", "content/products/category.md"] {
        run.finds("file/empty", path);
    }
    shop.change("content/shop.yaml", "");
    soon(&shop).finds("field/missing", "content/shop.yaml");
}

#[test]
fn every_fault_of_every_file_is_found_in_one_run() {
    let shop = cup();
    shop.change(PATH, "---\nsku: CUP\ntitle: [a, b]\nprice: {list: -5, sale: 6,9}\ndate: 2026-13-01\nstock: -1\ngtin: 12\nbrnd: x\n---\n");
    shop.change("content/products/jug.md", "---\nsku: JUG\ntitle: Jug\nprice: 10\nstatus: gone\nshelf: {on: tomorrow}\n---\n");
    let run = soon(&shop).expect(1);
    run.finds("value/type", &format!("{PATH}:3:8"));
    run.finds("price/negative", &format!("{PATH}:4:15"));
    run.finds("value/date", &format!("{PATH}:5:7"));
    run.finds("value/type", &format!("{PATH}:6:8"));
    run.finds("gtin/form", &format!("{PATH}:7:7"));
    run.finds("key/unknown", &format!("{PATH}:8:1"));
    run.finds("value/choice", "content/products/jug.md:5:9");
    run.finds("value/date", "content/products/jug.md:6:13");
}

#[test]
fn wrong_types_at_every_field() {
    let fields = [
        "sku", "title", "subtitle", "description", "brand", "date", "tags", "status", "shelf", "price", "stock", "gtin",
        "facts", "variants", "images", "keywords", "channels", "related", "slug", "evidence", "redirects", "options",
    ];
    let values = ["", "[]", "{}", "[[1]]", "[{a: 1}]", "{a: [1]}", "\"\"", "-1", "1e9", "true", "~", "text", "!!binary aGk=", "'\\'", "|\n  a\n  b"];
    for value in values {
        let shop = Shop::new(&[("content/shop.yaml", SHOP)]);
        for field in fields {
            let rest = ["sku", "title", "price"].iter().filter(|other| **other != field);
            let rest: String = rest.map(|other| format!("{other}: {}\n", if *other == "sku" { field } else { "10" })).collect();
            shop.change(&format!("content/products/{field}.md"), format!("---\n{field}: {value}\n{rest}---\n"));
            shop.change(&format!("content/products/x{field}/category.md"), format!("---\n{field}: {value}\n---\n"));
            shop.change(&format!("content/campaigns/{field}.md"), format!("---\nwindow: {value}\nterms: {value}\nproducts: {value}\n{field}: {value}\n---\n"));
            shop.change(&format!("content/pages/{field}.md"), format!("---\n{field}: {value}\nfeatured: {value}\nnav: {value}\norder: {value}\n---\n"));
        }
        soon(&shop);
    }
    for field in ["name", "base_url", "locales", "currency", "time_zone", "theme", "channels", "listing", "feed", "pictures", "company", "policies", "defaults", "markdown"] {
        for value in values {
            let shop = cup();
            let rest: String = SHOP.split_inclusive('\n').filter(|line| !line.starts_with(&format!("{field}:"))).collect();
            shop.change("content/shop.yaml", format!("{rest}{field}: {value}\n"));
            soon(&shop);
        }
    }
}

#[test]
fn absurd_numbers_and_days() {
    for price in ["99999999999999999999999999", "1e400", "0.00000000000000001", "-0", "0x10", "١٢", "６９", ".5", "5.", "1 000", "NaN", "∞"] {
        let shop = cup();
        shop.change(PATH, CUP.replace("10", price));
        let run = soon(&shop).expect(1);
        assert!(run.codes().iter().any(|code| code.starts_with("price/")), "{price}: {}", run.out);
    }
    for day in ["2026-02-29", "2026-00-10", "0000-00-00", "99999-01-01", "2026-11-22 25:00", "2026-11-22T10:00:61", "20261122", "22.11.2026", "tomorrow"] {
        let shop = cup();
        shop.change(PATH, CUP.replace("price", &format!("date: {day}\nprice")));
        soon(&shop).expect(1).finds("value/date", &format!("{PATH}:4:7"));
    }
    for day in ["2024-02-29", "2026-11-22 10:00", "2026/11/22", "2026-11-22T10:00+08:00"] {
        let shop = cup();
        shop.change(PATH, CUP.replace("price", &format!("date: {day}\nprice")));
        clean(&shop);
    }
}

#[test]
fn ten_thousand_levels() {
    let shop = cup();
    let deep = format!("a: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let block: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level % 2_000 + level / 2_000))).collect();
    shop.change("content/data/flow.yaml", &deep);
    shop.change("content/data/block.yaml", block);
    shop.change(PATH, CUP.replace("price", &format!("facts: {{{deep}}}\nprice")));
    shop.change("content/products/quote.md", format!("---\nsku: Q\ntitle: Q\nprice: 1\n---\n{} deep\n", ">".repeat(10_000)));
    shop.change("content/products/list.md", format!("---\nsku: L\ntitle: L\nprice: 1\n---\n{}\n", "- ".repeat(10_000)));
    shop.change("content/products/star.md", format!("---\nsku: S\ntitle: S\nprice: 1\n---\n{}\n", "*a _b ".repeat(10_000)));
    shop.change("content/products/link.md", format!("---\nsku: K\ntitle: K\nprice: 1\n---\n{}\n", "[a](".repeat(10_000)));
    let blocks = format!("{}{}", "::: note\n".repeat(5_000), ":::\n".repeat(5_000));
    shop.change("content/products/note.md", format!("---\nsku: N\ntitle: N\nprice: 1\n---\n{blocks}"));
    let run = soon(&shop).expect(1);
    run.finds("yaml/too-deep", "content/data/flow.yaml:1:68");
    run.finds("yaml/too-deep", &format!("{PATH}:4:76"));
}

#[test]
fn many_levels_of_json() {
    let shop = cup();
    shop.change("content/products/t.rows.yaml", "source: t.json\ncolumns: {sku: sku, title: title, price: price}\n");
    shop.change("content/products/t.json", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert_eq!(soon(&shop).code, Some(1));
    shop.change("content/products/t.json", format!("[{}1{}]", "{\"a\":".repeat(100_000), "}".repeat(100_000)));
    assert_eq!(soon(&shop).code, Some(1));
}

#[test]
fn aliases_that_would_be_millions() {
    let names: Vec<String> = (0..9).map(|nth| format!("n{nth}")).collect();
    let mut bomb = "n0: &n0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for pair in names.windows(2) {
        bomb += &format!("{}: &{} [{}]\n", pair[1], pair[1], vec![format!("*{}", pair[0]); 10].join(", "));
    }
    let shop = cup();
    shop.change("content/data/bomb.yaml", &bomb);
    shop.change(PATH, format!("---\nsku: CUP\ntitle: Cup\nprice: 10\nfacts:\n  {}---\n", bomb.trim_end().replace('\n', "\n  ") + "\n"));
    let run = soon(&shop).expect(1);
    assert_eq!(run.codes().iter().filter(|code| *code == "yaml/too-many").count(), 2, "{}", run.out);
    shop.change("content/data/bomb.yaml", "a: &a [*a]\nb: *nobody\n");
    soon(&shop).expect(1);
}

#[test]
fn a_text_of_two_hundred_megabytes() {
    let shop = cup();
    for path in ["content/products/big.md", "content/data/big.yaml", "content/products/t.rows.yaml"] {
        shop.change(path, "");
        File::options().write(true).open(shop.path(path)).unwrap().set_len(200 << 20).unwrap();
    }
    let limits = Shop::new(&[]);
    drop(limits);
    let run = limited(&shop, 600 << 10);
    for path in ["content/products/big.md", "content/data/big.yaml", "content/products/t.rows.yaml"] {
        run.finds("file/too-large", path);
        shop.remove(path);
    }
    clean(&shop);
}

/// Checks with so many KiB of address space: who asks for more is refused by the system.
fn limited(shop: &Shop, kib: u64) -> Run {
    let mut command = std::process::Command::new("sh");
    command
        .current_dir(shop.path(""))
        .env("SHANGJIA_LANG", "en")
        .args(["-c", &format!("ulimit -v {kib}; exec \"$0\" check --format short --threads 2 --as-of 2026-11-22"), env!("CARGO_BIN_EXE_shangjia")]);
    let run = Run::of(&mut command);
    assert!(matches!(run.code, Some(0 | 1)), "{:?} {}", run.code, run.err);
    run
}

#[test]
fn files_without_permission() {
    let shop = cup();
    shop.change("content/products/shut.md", CUP.replace("CUP", "SHUT"));
    shop.change("content/products/shut/inside.md", CUP.replace("CUP", "INSIDE"));
    let shut = |mode| {
        for path in ["content/products/shut.md", "content/products/shut"] {
            std::fs::set_permissions(shop.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    shut(0o000);
    if std::fs::read(shop.path("content/products/shut.md")).is_ok() {
        // Root may read everything: a link to nowhere is what is left of the test.
        eprintln!("files_without_permission: run as root, so permissions mean nothing");
        shut(0o755);
        shop.remove("content/products/shut.md").remove("content/products/shut");
    }
    symlink("nowhere.md", shop.path("content/products/lost.md")).unwrap();
    let run = soon(&shop).expect(1);
    run.finds("file/unreadable", "content/products/lost.md");
    if shop.path("content/products/shut.md").exists() {
        run.finds("file/unreadable", "content/products/shut.md");
        shut(0o755);
        shop.remove("content/products/shut.md").remove("content/products/shut");
    }
    shop.remove("content/products/lost.md");
    clean(&shop);
    std::fs::create_dir(shop.path("content/products/folder.md")).unwrap();
    clean(&shop);
    let made = std::process::Command::new("mkfifo").arg(shop.path("content/products/pipe.md")).status();
    if made.is_ok_and(|status| status.success()) {
        soon(&shop);
    }
}

#[test]
fn a_file_that_changes_while_the_shop_is_built() {
    // The text is read again when its page is made, after the front matter was read.
    // Many products stand before the one that changes, so that there is time.
    let shop = Shop::new(&[("content/shop.yaml", SHOP)]);
    for nth in 0..300 {
        shop.change(&format!("content/products/p{nth:03}.md"), CUP.replace("CUP", &format!("P-{nth:03}")));
    }
    shop.build().expect(0);
    let mut seen = false;
    for round in 0..40 {
        let text = |word: &str| CUP.replace("CUP", "P-299").replace("A cup.", word);
        // The trace of this page must be stale, and its file's entry known, so that its text is read late.
        shop.change("themes/mine/theme.yaml", format!("name: Mine {round}\nextends: default\n"));
        shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
        let mut command = shop.command(&["build", "--format", "short", "--threads", "1"]);
        let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let id = child.id();
        let done = std::thread::spawn(move || crate::shop::finish(child));
        let mut nth = 0;
        while !done.is_finished() && std::path::Path::new(&format!("/proc/{id}")).exists() {
            nth += 1;
            shop.change("content/products/p299.md", text(&format!("Text {round} {nth}.")));
        }
        let output = done.join().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!words.contains("panicked"), "{words}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{words}");
        if String::from_utf8_lossy(&output.stdout).contains("[file/changed]") {
            seen = true;
            break;
        }
    }
    // Whether the moment was met or not: the next build is right.
    shop.build().expect(0);
    shop.same_as_cold();
    if !seen {
        eprintln!("a_file_that_changes_while_the_shop_is_built: the moment was never met");
    }
}

#[test]
fn links_in_a_circle() {
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
    assert!(!run.codes().contains(&"sku/twice".to_owned()), "what lies outside is not read: {}", run.out);
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
    let names = ["../../../x.png", "/../x.png", "..\\\\x.png", "C:\\\\x.png", "/etc/passwd", "file:///etc/passwd", "//host/x.png", "../../themes/x.png", "~/x.png", "%2e%2e/x.png", "x\\0.png"];
    for name in names {
        let shop = cup();
        shop.change("x.png", png(8, 8, 1));
        shop.change("themes/x.png", png(8, 8, 1));
        shop.change(PATH, CUP.replace("price", &format!("images: [\"{name}\"]\nprice")).replace("A cup.", &format!("![x](<{}>)", name.replace("\\\\", "\\").replace("\\0", ""))));
        let run = soon(&shop);
        let known = ["path/outside", "picture/missing", "picture/remote"];
        assert!(run.codes().iter().any(|code| known.contains(&code.as_str())), "{name}: {}", run.out);
        shop.build_with(&["--keep-going"]);
        let pictures = shop.output().into_keys().filter(|path| path.starts_with("site/pictures/")).count();
        assert_eq!(pictures, 0, "{name}");
    }
}

#[test]
fn a_name_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let shop = cup();
    let name = std::ffi::OsStr::from_bytes(b"content/products/\xb1\xad.md");
    if std::fs::write(shop.path("").join(name), CUP).is_err() {
        eprintln!("a_name_that_is_not_utf8: this file system takes no such names");
        return;
    }
    soon(&shop).expect(1).finds("path/not-utf8", "content/products");
    std::fs::remove_file(shop.path("").join(name)).unwrap();
    clean(&shop);
}

#[test]
fn strange_and_reserved_names() {
    let shop = cup();
    for (nth, name) in ["con", "NUL", "aux.md", "a b", "杯子", "🍵", "...", "-", "index", "é", "%2e", "a'b\"c", "<b>", "x:y", "a\tb", &"长".repeat(70)].iter().enumerate() {
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
    let human = shop.run(&["check", "--as-of", "2026-11-22"]).expect(1).err;
    assert!(human.contains("content/products/a.md") && human.contains(PATH), "both are named:\n{human}");
    shop.change("content/products/a.md", "---\nsku: cup\ntitle: A\nprice: 1\n---\n");
    let run = soon(&shop).expect(1);
    assert_eq!(run.codes(), ["sku/twice"], "SKUs that differ only in case are one on many channels: {}", run.out);
}

#[test]
fn pictures_too_large_to_decode() {
    let shop = cup();
    shop.change("content/products/cup/front.png", claimed_png(60_000, 60_000));
    let mut wide = gif(8, 8, 1);
    wide[6..10].copy_from_slice(&[0x60, 0xea, 0x60, 0xea]);
    shop.change("content/products/cup/second.gif", wide);
    let run = limited(&shop, 600 << 10).expect(1);
    run.finds("picture/bomb", "content/products/cup/front.png");
    run.finds("picture/bomb", "content/products/cup/second.gif");
    shop.remove("content/products/cup/second.gif");
    shop.change("content/products/cup/front.png", png(60, 60, 1));
    clean(&shop);
}

#[test]
fn a_picture_of_printing_colours() {
    let shop = cup();
    shop.change("content/products/cup/front.jpg", cmyk_jpeg());
    let run = shop.build().expect(0);
    run.finds("picture/color", "content/products/cup/front.jpg");
    assert_eq!(run.codes(), ["picture/color"], "{}", run.out);
    assert_eq!(shop.build().expect(0).out, run.out, "said again when it is not made again");
    shop.change("content/products/cup/front.jpg", jpeg(16, 16));
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
}

#[test]
fn a_picture_that_ends_too_early() {
    let shop = cup();
    let whole = jpeg(64, 64);
    shop.change("content/products/cup/front.jpg", &whole[..whole.len() * 9 / 10]);
    let run = shop.build().expect(0);
    run.finds("picture/damaged", "content/products/cup/front.jpg");
    assert_eq!(run.codes(), ["picture/damaged"], "{}", run.out);
    shop.change("content/products/cup/front.jpg", &whole);
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
    for (name, bytes) in [("cut.jpg", &whole[..40]), ("cut.png", &png(64, 64, 1)[..60]), ("empty.webp", &[][..]), ("text.gif", b"GIF89a and no more")] {
        let shop = cup();
        shop.change(&format!("content/products/cup/{name}"), bytes);
        let run = shop.build().expect(1);
        run.finds("picture/broken", &format!("content/products/cup/{name}"));
    }
}

#[test]
fn a_drawing_that_could_run_code() {
    let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"><path d=\"M0 0h4v4z\"/></svg>";
    let shop = cup();
    shop.change("content/products/cup/front.svg", plain);
    clean(&shop);
    for evil in ["<script>alert(1)</script>", "<a href=\"javascript:x\"/>", "<path onload=\"x\"/>", "<foreignObject/>"] {
        shop.change("content/products/cup/front.svg", plain.replace("<path", &format!("{evil}<path")));
        let run = soon(&shop).expect(1);
        run.finds("picture/broken", "content/products/cup/front.svg");
        assert!(!run.out.contains("@active"), "the reason has words: {}", run.out);
    }
}

#[test]
fn html_in_a_text_is_shown_as_text() {
    let shop = cup();
    let body = "<script>alert(1)</script>\n\nA <img src=x onerror=alert(2)> cup.\n\n<div onclick=\"x\">\n\n**bold**\n\n</div>\n";
    shop.change(PATH, CUP.replace("A cup.\n", body));
    let run = shop.build().expect(0);
    run.finds("markdown/html", &format!("{PATH}:6:1"));
    run.finds("markdown/html", &format!("{PATH}:8:3"));
    let page = shop.text("output/site/cup/index.html");
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x") && !page.contains("<div onclick"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("<strong>bold</strong>"), "{page}");
    shop.change("content/shop.yaml", format!("{SHOP}markdown: {{html: true}}\n"));
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
    assert!(shop.text("output/site/cup/index.html").contains("<div onclick"));
}

#[test]
fn html_in_every_field_is_escaped() {
    let evil = "</title></script><script>alert('x')</script>\\\"><b onclick=x>";
    let shop = Shop::new(&[("content/shop.yaml", SHOP)]);
    shop.change("content/shop.yaml", format!("{}company: {{contact: \"{evil}\"}}\npolicies: {{shipping: \"{evil}\"}}\n", SHOP.replace("Case", &format!("\"{evil}\""))));
    shop.change(
        PATH,
        format!("---\nsku: CUP\ntitle: \"{evil}\"\nsubtitle: \"{evil}\"\ndescription: \"{evil}\"\nbrand: \"{evil}\"\ntags: [\"{evil}\"]\nprice: 10\nfacts: {{\"{evil}\": \"{evil}\"}}\nvariants:\n  axes: [\"{evil}\"]\n  items: [{{sku: CUP-1, \"{evil}\": \"{evil}\"}}]\nimages: [{{src: front.png, alt: \"{evil}\"}}]\n---\n## {}\n", evil.replace("\\\"", "\"")),
    );
    shop.change("content/products/cup/front.png", png(8, 8, 1));
    shop.change("content/pages/about.md", format!("---\ntitle: \"{evil}\"\n---\n"));
    shop.build().expect(0);
    for (path, bytes) in shop.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("<script>alert(") && !text.contains("<b onclick"), "{path}:\n{text}");
    }
}

#[test]
fn templates_that_never_end() {
    let cases = [
        "{% for i in range(end=4000) %}{% for j in range(end=4000) %}x{% endfor %}{% endfor %}",
        "{% for i in range(end=4000) %}{% for j in range(end=4000) %}{% for k in range(end=4000) %}{% set x = 1 %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for i in range(end=1000000000) %}x{% endfor %}",
        "{% include \"404.html\" %}",
        "{% extends \"404.html\" %}",
        "{% component again() %}{{ <again/> }}{% endcomponent again %}{{ <again/> }}",
    ];
    for template in cases {
        let shop = cup();
        shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
        shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
        shop.change("themes/mine/templates/404.html", template);
        let run = limited(&shop, 2 << 20).expect(1);
        assert!(run.codes().iter().any(|code| code.starts_with("template/")), "{template}: {}", run.out);
    }
}

#[test]
fn a_template_fault_names_template_line_and_page() {
    let shop = cup();
    shop.change("content/shop.yaml", format!("{SHOP}theme: mine\n"));
    shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
    shop.change("themes/mine/templates/product.html", "<!doctype html>\n\n{{ product.nothing.at_all }}\n");
    let run = soon(&shop).expect(1);
    run.finds("template/error", "themes/mine/templates/product.html:3:4");
    let human = shop.run(&["check", "--as-of", "2026-11-22"]).err;
    assert!(human.contains("site/cup/index.html"), "the page is named:\n{human}");
}

#[test]
fn a_sheet_that_is_not_in_the_workbook() {
    let shop = cup();
    let workbook = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/rows/stock.xlsx");
    shop.change("content/products/stock.xlsx", std::fs::read(workbook).unwrap());
    let rows = "source: stock.xlsx\nsheet: 产品\ncolumns: {sku: 货号}\n";
    shop.change("content/products/stock.rows.yaml", rows);
    soon(&shop).expect(1).finds("rows/no-sheet", "content/products/stock.xlsx");
    shop.change("content/products/stock.rows.yaml", rows.replace("产品", "商品"));
    let run = soon(&shop);
    assert!(!run.codes().contains(&"rows/no-sheet".to_owned()), "{}", run.out);
}

#[test]
fn a_workbook_that_swells() {
    let shop = cup();
    let workbook = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/rows/stock.xlsx")).unwrap();
    shop.change("content/products/stock.rows.yaml", "source: stock.xlsx\nsheet: 商品\ncolumns: {sku: 货号}\n");
    let mut swollen = workbook.clone();
    // The size that the archive's directory states for its first file (APPNOTE 4.3.12: 24 bytes from the entry's start).
    let entry = swollen.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    swollen[entry + 24..entry + 28].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    shop.change("content/products/stock.xlsx", swollen);
    limited(&shop, 600 << 10).finds("rows/too-large", "content/products/stock.xlsx");
    shop.change("content/products/stock.xlsx", workbook);
    let run = soon(&shop);
    assert!(!run.codes().contains(&"rows/too-large".to_owned()), "{}", run.out);
}

#[test]
fn yaml_from_every_corner() {
    let texts = [
        "---\n---\n", "---\n...\n---\n", "---\n- a\n- b\n---\n", "---\njust text\n---\n", "---\n? a\n: b\n---\n", "---\n%YAML 1.2\n---\n", "---\n&a a: *a\n---\n",
        "---\n\u{0}\n---\n", "---\na: \u{1b}[31m\n---\n", "---\n'\n---\n", "---\n\"\\x\"\n---\n", "---\na: !!python/object x\n---\n", "---\n<<: *x\n---\n", "---\na:\n---\n",
        "---\n\u{2028}a: 1\n---\n", "---\r---\r", "---", "---\n", "----\na: 1\n----\n", "--- \nsku: a\n---\t\n", "---\nsku: &x X\ntitle: *x\nprice: 1\n---\n", "+++\na = 1\n+++\n",
        "---\na: |\n b\n  c\n d\n---\n", "---\n\u{feff}sku: X\n---\n", "---\nsku: 😀\ntitle: 😀\n---\n", "---\n{a: 1}: 2\n---\n", "---\n? [a\n---\n", "---\na: [1,\n---\n", "---\n- - - - a\n---\n",
    ];
    for text in texts {
        let shop = cup();
        for path in ["content/products/x.md", "content/products/x/category.md", "content/campaigns/x.md", "content/pages/x.md", "content/pages/x.en.md", "content/data/x.yaml", "content/products/x.rows.yaml"] {
            shop.change(path, text);
        }
        soon(&shop);
        shop.change("content/shop.yaml", text.trim_start_matches("---\n"));
        soon(&shop);
    }
}

#[test]
fn a_control_sign_does_not_reach_the_terminal() {
    let shop = cup();
    shop.change(PATH, "---\nsku: CUP\ntitle: Cup\nprice: \"\\e]0;owned\\a\"\n\"\\e[2J\": 1\n---\n");
    let run = shop.run(&["check", "--color", "never", "--as-of", "2026-11-22"]).expect(1);
    assert!(!run.err.contains('\u{1b}') && !run.err.contains('\u{7}'), "{:?}", run.err);
    let run = soon(&shop);
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{7}'), "{:?}", run.out);
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
