//! Whatever an author, a stranger or a broken disk puts into the shop: a finding with a place, never a panic, soon and in little memory.

use std::process::Command;

use crate::shop::{NOW, Run, SHOP, Shop};
use crate::{bad_files, bad_pictures, channel_pictures};

/// Codes whose cases need more than text: each with the tests below that have its bad and its good case.
pub(crate) const MADE_IN_CODE: &[(&str, fn())] = &[
    ("file/not-utf8", text_that_is_not_utf8),
    ("file/too-large", bad_files::a_text_of_two_hundred_megabytes),
    ("file/unreadable", bad_files::files_without_permission),
    ("file/changed", bad_files::a_file_that_changes_while_the_shop_is_built),
    ("path/loop", bad_files::links_in_a_circle),
    ("path/not-utf8", bad_files::a_name_that_is_not_utf8),
    ("picture/bomb", bad_pictures::pictures_too_large_to_decode),
    ("picture/color", bad_pictures::a_picture_of_printing_colours),
    ("picture/damaged", bad_pictures::a_picture_that_ends_too_early),
    ("picture/too-small", channel_pictures::too_small),
    ("picture/small", channel_pictures::small),
    ("picture/too-few", channel_pictures::too_few),
    ("picture/few", channel_pictures::few),
    ("picture/format", channel_pictures::format),
    ("picture/not-white", channel_pictures::not_white),
    ("picture/no-white", channel_pictures::no_white),
    ("picture/none-white", channel_pictures::none_white),
    ("picture/lost-in-white", channel_pictures::lost_in_white),
    ("picture/reduced", channel_pictures::reduced),
    ("picture/too-heavy", channel_pictures::too_heavy),
    ("picture/heavy", channel_pictures::heavy),
    ("picture/too-light", channel_pictures::too_light),
    ("picture/light", channel_pictures::light),
    ("picture/alike", channel_pictures::alike),
    ("detail/many", crate::details::many),
    ("detail/rather-many", crate::details::rather_many),
    ("detail/heavy", crate::details::heavy),
    ("category/line", crate::categories::broken_lines_of_a_list),
    ("export/sku", crate::export::a_choice_of_nothing_is_a_slip),
    ("export/nothing", crate::export::a_choice_of_nothing_is_a_slip),
    ("export/removes", crate::export::a_run_that_would_empty_a_channel_stops),
    ("poster/enlarged", crate::posters::a_small_photograph_is_told),
    ("poster/no-font", crate::posters::without_its_fonts_a_shop_is_built_all_the_same),
    ("poster/no-glyph", crate::posters::a_character_that_no_font_has_is_no_box),
    ("poster/picture", crate::posters::a_picture_that_cannot_be_decoded_leaves_no_hole),
    ("rows/no-sheet", a_sheet_that_is_not_in_the_workbook),
    ("rows/too-large", a_workbook_that_swells),
];

pub(crate) const CUP: &str = "---\nsku: CUP\ntitle: Cup\nprice: 10\n---\nA cup.\n";
pub(crate) const PATH: &str = "content/products/cup/index.md";

/// A shop with one product.
pub(crate) fn cup() -> Shop {
    Shop::new(&[("content/shop.yaml", SHOP), (PATH, CUP)])
}

/// Checks; fails when that takes long or ends by anything but a verdict.
#[track_caller]
pub(crate) fn soon(shop: &Shop) -> Run {
    limited(shop, "unlimited")
}

/// The same with so many KiB of address space: who asks for more is refused by the system.
#[track_caller]
pub(crate) fn limited(shop: &Shop, kib: &str) -> Run {
    let line = format!(
        "ulimit -v {kib}; exec timeout -k 1 25 \"$0\" check --format short --threads 2 --as-of {NOW}"
    );
    let mut command = Command::new("sh");
    command.current_dir(shop.path("")).env("SHANGJIA_LANG", "en");
    let run = Run::of(command.args(["-c", &line, env!("CARGO_BIN_EXE_shangjia")]));
    assert_ne!(run.code, Some(124), "still running after 25 s: {}", run.err);
    assert!(matches!(run.code, Some(0 | 1)), "{:?} {}", run.code, run.err);
    run
}

#[track_caller]
pub(crate) fn clean(shop: &Shop) {
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
    for path in [
        "content/products/a.md",
        "content/pages/b.md",
        "content/campaigns/c/index.md",
        "content/products/category.md",
    ] {
        shop.change(path, "");
    }
    for path in [
        "content/keywords/k.csv",
        "content/data/d.yaml",
        "content/channels/taobao.yaml",
        "content/addresses.yaml",
    ] {
        shop.change(path, "");
    }
    let run = soon(&shop);
    for path in [
        "content/products/a.md",
        "content/pages/b.md",
        "content/campaigns/c/index.md",
        "content/products/category.md",
    ] {
        run.finds("file/empty", path);
    }
    shop.change("content/shop.yaml", "");
    soon(&shop).finds("field/missing", "content/shop.yaml");
}

#[test]
fn every_fault_of_every_file_is_found_in_one_run() {
    let shop = cup();
    shop.change(PATH, "---\nsku: CUP\ntitle: [a, b]\nprice: {list: -5, sale: 6,9}\ndate: 2026-13-01\nstock: -1\ngtin: 12\nbrnd: x\n---\n");
    shop.change(
        "content/products/jug.md",
        "---\nsku: JUG\ntitle: Jug\nprice: 10\nstatus: gone\nshelf: {on: tomorrow}\n---\n",
    );
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
        "sku",
        "title",
        "subtitle",
        "description",
        "brand",
        "date",
        "tags",
        "status",
        "shelf",
        "price",
        "stock",
        "gtin",
        "facts",
        "variants",
        "images",
        "keywords",
        "channels",
        "related",
        "slug",
        "evidence",
        "redirects",
        "options",
    ];
    let values = [
        "",
        "[]",
        "{}",
        "[[1]]",
        "[{a: 1}]",
        "{a: [1]}",
        "\"\"",
        "-1",
        "1e9",
        "true",
        "~",
        "text",
        "!!binary aGk=",
        "'\\'",
        "|\n  a\n  b",
    ];
    for value in values {
        let shop = Shop::new(&[("content/shop.yaml", SHOP)]);
        for field in fields {
            let rest = ["sku", "title", "price"].iter().filter(|other| **other != field);
            let rest = rest.fold(String::new(), |text, other| {
                let value = if *other == "sku" { field } else { "10" };
                text + &format!(
                    "{other}: {value}
"
                )
            });
            shop.change(
                &format!("content/products/{field}.md"),
                format!("---\n{field}: {value}\n{rest}---\n"),
            );
            shop.change(
                &format!("content/products/x{field}/category.md"),
                format!("---\n{field}: {value}\n---\n"),
            );
            shop.change(&format!("content/campaigns/{field}.md"), format!("---\nwindow: {value}\nterms: {value}\nproducts: {value}\n{field}: {value}\n---\n"));
            shop.change(
                &format!("content/pages/{field}.md"),
                format!(
                    "---\n{field}: {value}\nfeatured: {value}\nnav: {value}\norder: {value}\n---\n"
                ),
            );
        }
        soon(&shop);
    }
    for field in [
        "name",
        "base_url",
        "locales",
        "currency",
        "time_zone",
        "theme",
        "channels",
        "listing",
        "feed",
        "pictures",
        "company",
        "policies",
        "defaults",
        "markdown",
    ] {
        for value in ["", "[[1]]", "[{a: 1}]", "{a: [1]}", "-1"] {
            let shop = cup();
            let rest: String = SHOP
                .split_inclusive('\n')
                .filter(|line| !line.starts_with(&format!("{field}:")))
                .collect();
            shop.change("content/shop.yaml", format!("{rest}{field}: {value}\n"));
            soon(&shop);
        }
    }
}

#[test]
fn absurd_numbers_and_days() {
    for price in [
        "99999999999999999999999999",
        "1e400",
        "0.00000000000000001",
        "-0",
        "0x10",
        "١٢",
        "６９",
        ".5",
        "5.",
        "1 000",
        "NaN",
        "∞",
    ] {
        let shop = cup();
        shop.change(PATH, CUP.replace("10", price));
        let run = soon(&shop).expect(1);
        assert!(run.codes().iter().any(|code| code.starts_with("price/")), "{price}: {}", run.out);
    }
    for day in [
        "2026-02-29",
        "2026-00-10",
        "0000-00-00",
        "99999-01-01",
        "2026-11-22 25:00",
        "2026-11-22T10:00:61",
        "20261122",
        "22.11.2026",
        "tomorrow",
    ] {
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
    let block = (0..3_000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    shop.change("content/data/flow.yaml", &deep);
    shop.change("content/data/block.yaml", block);
    shop.change(PATH, CUP.replace("price", &format!("facts: {{{deep}}}\nprice")));
    shop.change(
        "content/products/quote.md",
        format!("---\nsku: Q\ntitle: Q\nprice: 1\n---\n{} deep\n", ">".repeat(10_000)),
    );
    shop.change(
        "content/products/list.md",
        format!("---\nsku: L\ntitle: L\nprice: 1\n---\n{}\n", "- ".repeat(10_000)),
    );
    shop.change(
        "content/products/star.md",
        format!("---\nsku: S\ntitle: S\nprice: 1\n---\n{}\n", "*a _b ".repeat(10_000)),
    );
    shop.change(
        "content/products/link.md",
        format!("---\nsku: K\ntitle: K\nprice: 1\n---\n{}\n", "[a](".repeat(10_000)),
    );
    let run = soon(&shop).expect(1);
    run.finds("yaml/too-deep", "content/data/flow.yaml:1");
    run.finds("yaml/too-deep", "content/data/block.yaml:65:65");
    run.finds("yaml/too-deep", &format!("{PATH}:4"));
}

#[test]
fn blocks_in_blocks_in_blocks() {
    let shop = cup();
    let nested =
        |levels: usize| format!("{CUP}{}{}", "::: note\n".repeat(levels), ":::\n".repeat(levels));
    shop.change(PATH, nested(3));
    clean(&shop);
    shop.change(PATH, nested(2_000));
    let run = soon(&shop).expect(1);
    assert!(run.codes().iter().any(|code| code.starts_with("markdown/")), "{}", run.out);
}

#[test]
fn many_levels_of_json() {
    let shop = cup();
    shop.change(
        "content/products/t.rows.yaml",
        "source: t.json\ncolumns: {sku: sku, title: title, price: price}\n",
    );
    shop.change(
        "content/products/t.json",
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    );
    assert_eq!(soon(&shop).code, Some(1));
    shop.change(
        "content/products/t.json",
        format!("[{}1{}]", "{\"a\":".repeat(100_000), "}".repeat(100_000)),
    );
    assert_eq!(soon(&shop).code, Some(1));
}

#[test]
fn aliases_that_would_be_millions() {
    let names: Vec<String> = (0..9).map(|nth| format!("n{nth}")).collect();
    let mut bomb = "n0: &n0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for pair in names.windows(2) {
        bomb += &format!(
            "{}: &{} [{}]\n",
            pair[1],
            pair[1],
            vec![format!("*{}", pair[0]); 10].join(", ")
        );
    }
    let shop = cup();
    shop.change("content/data/bomb.yaml", &bomb);
    shop.change(
        PATH,
        format!(
            "---\nsku: CUP\ntitle: Cup\nprice: 10\nfacts:\n  {}---\n",
            bomb.trim_end().replace('\n', "\n  ") + "\n"
        ),
    );
    let run = soon(&shop).expect(1);
    assert_eq!(
        run.codes().iter().filter(|code| *code == "yaml/too-many").count(),
        2,
        "{}",
        run.out
    );
    shop.change("content/data/bomb.yaml", "a: &a [*a]\nb: *nobody\n");
    soon(&shop).expect(1);
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
    let workbook =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/rows/stock.xlsx")).unwrap();
    shop.change(
        "content/products/stock.rows.yaml",
        "source: stock.xlsx\nsheet: 商品\ncolumns: {sku: 货号}\n",
    );
    let mut swollen = workbook.clone();
    // The size that the archive's directory states for its first file (APPNOTE 4.3.12: 24 bytes from the entry's start).
    let entry = swollen.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    swollen[entry + 24..entry + 28].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    shop.change("content/products/stock.xlsx", swollen);
    limited(&shop, "614400").finds("rows/too-large", "content/products/stock.xlsx");
    shop.change("content/products/stock.xlsx", workbook);
    let run = soon(&shop);
    assert!(!run.codes().contains(&"rows/too-large".to_owned()), "{}", run.out);
}

#[test]
fn yaml_from_every_corner() {
    let texts = [
        "---\n---\n",
        "---\n...\n---\n",
        "---\n- a\n- b\n---\n",
        "---\njust text\n---\n",
        "---\n? a\n: b\n---\n",
        "---\n%YAML 1.2\n---\n",
        "---\n&a a: *a\n---\n",
        "---\n\u{0}\n---\n",
        "---\na: \u{1b}[31m\n---\n",
        "---\n'\n---\n",
        "---\n\"\\x\"\n---\n",
        "---\na: !!python/object x\n---\n",
        "---\n<<: *x\n---\n",
        "---\na:\n---\n",
        "---\n\u{2028}a: 1\n---\n",
        "---\r---\r",
        "---",
        "---\n",
        "----\na: 1\n----\n",
        "--- \nsku: a\n---\t\n",
        "---\nsku: &x X\ntitle: *x\nprice: 1\n---\n",
        "+++\na = 1\n+++\n",
        "---\na: |\n b\n  c\n d\n---\n",
        "---\n\u{feff}sku: X\n---\n",
        "---\nsku: 😀\ntitle: 😀\n---\n",
        "---\n{a: 1}: 2\n---\n",
        "---\n? [a\n---\n",
        "---\na: [1,\n---\n",
        "---\n- - - - a\n---\n",
    ];
    for text in texts {
        let shop = cup();
        for path in [
            "content/products/x.md",
            "content/products/x/category.md",
            "content/campaigns/x.md",
            "content/pages/x.md",
            "content/pages/x.en.md",
            "content/data/x.yaml",
            "content/products/x.rows.yaml",
        ] {
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
