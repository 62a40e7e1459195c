//! A change remakes what shows it and nothing else, and the result is what a first build gives.

use std::collections::BTreeSet;

use crate::fixtures::png;
use crate::shop::{Run, Shop, set};

const SHOP: &str = "\
name: Kiln
base_url: https://kiln.example
locales: [en]
pictures: {widths: [16], formats: [jpeg]}
";

const CUP: &str = "\
---
sku: CUP
title: Cup
price: {list: 30, sale: 24, from: 2026-12-01, to: 2026-12-05}
stock: 8
date: 2026-10-03
---
A cup for tea.
";

const MUG: &str = "\
---
sku: MUG
title: Mug
price: 40
date: 2026-10-02
related: [CUP]
---
A mug for coffee.
";

const BOWL: &str = "\
---
sku: BOWL
title: Bowl
price: 50
date: 2026-10-01
---
A bowl for soup.
";

/// Two categories, three products, of which the mug shows the cup beside it.
fn kiln() -> Shop {
    let shop = Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/products/cups/category.md", "---\ntitle: Cups\norder: 1\n---\n"),
        ("content/products/cups/cup/index.md", CUP),
        ("content/products/cups/mug/index.md", MUG),
        ("content/products/bowls/category.md", "---\ntitle: Bowls\norder: 2\n---\n"),
        ("content/products/bowls/bowl.md", BOWL),
        ("content/pages/about.md", "---\ntitle: About\n---\nWe make cups.\n"),
    ]);
    shop.build().expect(0);
    shop
}

/// Builds, compares with a first build, and hands out what was made and removed.
#[track_caller]
fn rebuilt(shop: &Shop) -> Run {
    let run = shop.build().expect(0);
    shop.same_as_cold();
    let again = shop.build().expect(0);
    assert_eq!(again.made(), BTreeSet::new(), "a build without a change makes nothing");
    assert!(again.err.contains("0 written, 0 removed"), "{}", again.err);
    run
}

/// The files of the site, without assets and pictures whose names change with their bytes.
fn pages(names: &[&str]) -> BTreeSet<String> {
    let file = |name: &&str| match *name {
        "" => "site/index.html".to_owned(),
        name if name.contains('.') => format!("site/{name}"),
        name => format!("site/{name}/index.html"),
    };
    names.iter().map(file).collect()
}

/// All HTML pages of the shop above.
const ALL: [&str; 8] =
    ["", "cups", "cups/cup", "cups/mug", "bowls", "bowls/bowl", "about", "404.html"];

/// What shows the card of the cup: its category, the home page, the mug's page, the feed.
const CUP_CARD: [&str; 5] = ["", "cups", "cups/cup", "cups/mug", "feed.xml"];

#[test]
fn a_text_changes_its_own_page() {
    let shop = kiln();
    shop.replace("content/products/cups/cup/index.md", "for tea", "for two");
    assert_eq!(rebuilt(&shop).made(), pages(&["cups/cup"]));
    shop.replace("content/pages/about.md", "make", "throw");
    assert_eq!(rebuilt(&shop).made(), pages(&["about"]));
}

#[test]
fn a_first_text_is_noticed_where_there_was_none() {
    let shop = kiln();
    shop.change("content/pages/about.md", "---\ntitle: About\n---\n");
    assert_eq!(rebuilt(&shop).made(), pages(&["about"]));
    shop.change("content/pages/about.md", "---\ntitle: About\n---\nA text at last.\n");
    assert_eq!(rebuilt(&shop).made(), pages(&["about"]));
    shop.replace(
        "content/products/cups/category.md",
        "order: 1\n---\n",
        "order: 1\n---\nAll cups.\n",
    );
    assert_eq!(rebuilt(&shop).made(), pages(&["cups"]));
    shop.change("content/products/bowls/bowl.md", BOWL.replace("A bowl for soup.\n", ""));
    assert_eq!(rebuilt(&shop).made(), pages(&["bowls/bowl"]));
    shop.change("content/products/bowls/bowl.md", BOWL);
    assert_eq!(rebuilt(&shop).made(), pages(&["bowls/bowl"]));
}

#[test]
fn a_line_above_moves_places_and_remakes_nothing_else() {
    let shop = kiln();
    shop.replace("content/products/cups/mug/index.md", "A mug", "A <i>mug</i>");
    let before = shop.build().expect(0);
    before.finds("markdown/html", "content/products/cups/mug/index.md:8:3");
    shop.replace("content/products/cups/mug/index.md", "sku: MUG", "# the mug\nsku: MUG");
    let after = rebuilt(&shop);
    after.finds("markdown/html", "content/products/cups/mug/index.md:9:3");
    assert!(after.made().is_subset(&pages(&["cups/mug"])), "{:?}", after.made());
}

#[test]
fn a_title_changes_what_shows_the_card() {
    let shop = kiln();
    shop.replace("content/products/cups/cup/index.md", "title: Cup", "title: Tea cup");
    assert_eq!(rebuilt(&shop).made(), pages(&CUP_CARD));
}

#[test]
fn a_price_changes_what_shows_the_card() {
    let shop = kiln();
    shop.replace("content/products/cups/cup/index.md", "list: 30", "list: 31");
    let made = rebuilt(&shop).made();
    assert!(made.is_subset(&pages(&CUP_CARD)), "{made:?}");
    assert!(made.is_superset(&pages(&["", "cups", "cups/cup", "cups/mug"])), "{made:?}");
}

#[test]
fn stock_that_nobody_sees_changes_no_listing() {
    let shop = kiln();
    shop.replace("content/products/cups/cup/index.md", "stock: 8", "stock: 7");
    let made = rebuilt(&shop).made();
    assert!(made.is_subset(&pages(&["cups/cup"])), "{made:?}");
    shop.replace("content/products/cups/cup/index.md", "stock: 7", "stock: 0");
    let made = rebuilt(&shop).made();
    assert!(made.is_superset(&pages(&["", "cups", "cups/cup", "cups/mug"])), "sold out: {made:?}");
}

#[test]
fn a_new_product_appears_where_it_belongs() {
    let shop = kiln();
    let jug = MUG.replace("MUG", "JUG").replace("Mug", "Jug").replace("2026-10-02", "2026-10-09");
    shop.change("content/products/cups/jug/index.md", jug);
    let run = rebuilt(&shop);
    // The cup names nothing related, so its page shows what else is in its category.
    let expected = pages(&["", "cups", "cups/cup", "cups/jug", "feed.xml", "sitemap.xml"]);
    assert_eq!(run.made(), expected);
    assert_eq!(run.removed(), BTreeSet::new());
}

#[test]
fn a_removed_product_takes_its_files_and_nothing_else() {
    let shop = kiln();
    shop.replace("content/products/cups/mug/index.md", "sku:", "redirects: [/old-mug/]\nsku:");
    let run = rebuilt(&shop);
    assert!(run.made().is_superset(&pages(&["old-mug"])), "{:?}", run.made());
    shop.change("output/site/notes.txt", "not ours");
    shop.remove("content/products/cups/mug/index.md");
    let run = shop.build().expect(0);
    assert_eq!(run.removed(), pages(&["cups/mug", "old-mug"]));
    assert!(!run.made().contains("site/bowls/bowl/index.html"), "{:?}", run.made());
    assert_eq!(shop.text("output/site/notes.txt"), "not ours", "a file that is not ours stays");
    assert!(!shop.path("output/site/cups/mug").exists(), "the empty folder went with its file");
    shop.remove("output/site/notes.txt");
    shop.same_as_cold();
}

#[test]
fn a_moved_product_moves_its_files() {
    let shop = kiln();
    shop.remove("content/products/bowls/bowl.md").change("content/products/cups/bowl.md", BOWL);
    let run = rebuilt(&shop);
    assert_eq!(run.removed(), pages(&["bowls/bowl"]));
    assert!(run.made().contains("site/cups/bowl/index.html"));
}

#[test]
fn the_order_of_categories_stands_in_every_head() {
    let shop = kiln();
    shop.replace("content/products/bowls/category.md", "order: 2", "order: 0");
    let made = rebuilt(&shop).made();
    assert!(made.is_superset(&pages(&ALL)), "{made:?}");
}

#[test]
fn the_shop_stands_in_every_page() {
    let shop = kiln();
    shop.replace("content/shop.yaml", "Kiln", "The Kiln");
    let made = rebuilt(&shop).made();
    assert!(made.is_superset(&pages(&ALL)), "{made:?}");
    assert!(!made.iter().any(|path| path.starts_with("site/assets/")), "{made:?}");
}

#[test]
fn a_template_of_the_shops_own_is_used_from_then_on() {
    let shop = kiln();
    shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
    shop.replace("content/shop.yaml", "locales", "theme: mine\nlocales");
    rebuilt(&shop);
    shop.change(
        "themes/mine/templates/404.html",
        "<!doctype html>\n<title>{{ page.title }}</title>\n<p>Gone.\n",
    );
    let made = rebuilt(&shop).made();
    assert!(made.contains("site/404.html"), "{made:?}");
    assert!(made.iter().all(|path| path.ends_with("404.html")), "no other page: {made:?}");
    assert!(shop.text("output/site/404.html").contains("Gone."));
    shop.remove("themes/mine/templates/404.html");
    let made = rebuilt(&shop).made();
    assert!(made.contains("site/404.html"), "{made:?}");
    assert!(made.iter().all(|path| path.ends_with("404.html")), "no other page: {made:?}");
    assert!(!shop.text("output/site/404.html").contains("Gone."));
}

#[test]
fn a_style_sheet_gets_a_new_name_and_the_old_one_goes() {
    let shop = kiln();
    shop.change("themes/mine/theme.yaml", "name: Mine\nextends: default\n");
    shop.change("themes/mine/assets/shop.css", "body { color: #111 }\n");
    shop.replace("content/shop.yaml", "locales", "theme: mine\nlocales");
    rebuilt(&shop);
    shop.change("themes/mine/assets/shop.css", "body { color: #222 }\n");
    let run = rebuilt(&shop);
    let sheets =
        |paths: &BTreeSet<String>| paths.iter().filter(|path| path.ends_with(".css")).count();
    assert_eq!((sheets(&run.made()), sheets(&run.removed())), (1, 1), "{:?}", run.made());
    assert!(run.made().is_superset(&pages(&ALL)), "every page names the sheet: {:?}", run.made());
}

#[test]
fn a_picture_laid_beside_a_product_is_shown() {
    let shop = kiln();
    shop.change("content/products/cups/cup/front.png", png(24, 24, 10));
    let made = rebuilt(&shop).made();
    let cards = pages(&["", "cups", "cups/cup", "cups/mug"]);
    assert!(made.is_superset(&cards), "{made:?}");
    assert!(!made.contains("site/about/index.html"), "{made:?}");
    shop.change("content/products/cups/cup/front.png", png(24, 24, 200));
    let run = rebuilt(&shop);
    assert!(run.made().is_superset(&cards), "another picture of the same name: {:?}", run.made());
    let pictures = run.removed().into_iter().filter(|path| path.starts_with("site/pictures/"));
    assert!(pictures.count() > 0, "the old one goes: {:?}", run.removed());
    shop.remove("content/products/cups/cup/front.png");
    assert!(rebuilt(&shop).made().is_superset(&cards));
}

#[test]
fn a_picture_that_was_missing_heals_its_page() {
    let shop = kiln();
    shop.replace("content/products/cups/mug/index.md", "related", "images: [side.png]\nrelated");
    shop.build().expect(1).finds("picture/missing", "content/products/cups/mug/index.md:6:10");
    shop.change("content/products/cups/mug/side.png", png(20, 20, 3));
    let made = rebuilt(&shop).made();
    assert!(made.contains("site/cups/mug/index.html"), "{made:?}");
}

#[test]
fn a_sale_begins_and_ends_with_the_clock_alone() {
    let mut shop = kiln();
    let begun = shop.at("2026-12-01").build().expect(0).made();
    assert!(begun.is_superset(&pages(&["", "cups", "cups/cup", "cups/mug"])), "{begun:?}");
    assert!(!begun.contains("site/bowls/bowl/index.html"), "{begun:?}");
    shop.same_as_cold();
    assert!(shop.text("output/site/cups/cup/index.html").contains("24.00"));
    assert_eq!(
        shop.at("2026-12-05 23:59").build().expect(0).made(),
        BTreeSet::new(),
        "a day counts whole"
    );
    let ended = shop.at("2026-12-06").build().expect(0).made();
    assert_eq!(ended, begun);
    shop.same_as_cold();
}

#[test]
fn equal_bytes_written_anew_are_no_change() {
    let shop = kiln();
    shop.change("content/products/cups/cup/index.md", CUP);
    let run = shop.build().expect(0);
    assert_eq!(run.made(), BTreeSet::new());
}

#[test]
fn an_error_leaves_the_last_good_output_untouched() {
    let shop = kiln();
    let good = shop.output();
    shop.replace("content/products/cups/cup/index.md", "title: Cup", "title: Tea cup");
    shop.replace("content/products/bowls/bowl.md", "price: 50", "price: fifty");
    shop.build().expect(1).finds("price/form", "content/products/bowls/bowl.md:4:8");
    crate::shop::same(&shop.output(), &good);
    shop.build_with(&["--keep-going"]).expect(1);
    assert!(
        shop.text("output/site/cups/cup/index.html").contains("Tea cup"),
        "what is sound is built"
    );
    shop.replace("content/products/bowls/bowl.md", "price: fifty", "price: 50");
    rebuilt(&shop);
}

#[test]
fn findings_are_said_again_by_a_build_that_makes_nothing() {
    let shop = kiln();
    shop.replace("content/products/cups/cup/index.md", "for tea", "for <b>tea</b> [x](#nowhere)");
    let first = shop.build().expect(0);
    let again = shop.build().expect(0);
    assert_eq!(again.made(), BTreeSet::new());
    assert_eq!(first.out, again.out);
    assert_eq!(set(first.codes()), set(["link/anchor", "markdown/html"]));
}

#[test]
fn checking_writes_nothing_and_finds_what_building_finds() {
    let shop = kiln();
    shop.replace("content/products/cups/cup/index.md", "for tea", "for [tea](/nowhere/)");
    let before = shop.output();
    let checked = shop.check().expect(1);
    crate::shop::same(&shop.output(), &before);
    let built = shop.build().expect(1);
    assert_eq!(checked.out, built.out);
    let cold = shop.copy();
    assert_eq!(cold.check().expect(1).out, built.out);
    assert!(!cold.path("output").exists(), "a check makes no output folder");
}
