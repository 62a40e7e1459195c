//! What the texts of a product get points for, each check at the bounds of what it wants.

use crate::fixtures::png;
use crate::shop::Shop;

/// A shop of one product with these fields and this text. Without a keyword table the keyword is the product's title.
fn shop(fields: &str, body: &str) -> Shop {
    Shop::new(&[
        ("content/shop.yaml", crate::shop::SHOP),
        ("content/products/mug.md", &format!("---\nsku: MUG\n{fields}\n---\n{body}\n")),
    ])
}

/// The points of a check, and what it counted; `None` when it does not apply.
fn points(shop: &Shop, check: &str) -> Option<(u64, String)> {
    let run = shop.run(&["title", "MUG", "--channel", "amazon", "--format", "json"]).expect(0);
    let all: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let checks = all[0]["score"]["checks"].as_array().unwrap();
    let found = checks.iter().find(|one| one["name"] == check)?;
    Some((found["points"].as_u64().unwrap(), found["found"].as_str().unwrap().to_owned()))
}

#[track_caller]
fn gets(shop: &Shop, check: &str, wanted: u64) {
    let found = points(shop, check).unwrap_or_else(|| panic!("{check} does not apply"));
    assert_eq!(found.0, wanted, "{check}: {}", found.1);
}

/// A text of two hundred words in which a keyword comes so often.
fn text(keyword: &str, times: usize) -> String {
    let size = keyword.split(' ').count();
    let mut words: Vec<String> = (0..200 - times * size).map(|nth| format!("word{nth}")).collect();
    for nth in 0..times {
        words.insert(nth * 20, keyword.to_owned());
    }
    words.join(" ")
}

/// 7 of 200 words are 3.5 per cent, which is good; with the factor 0.7 + 1/3 they are 3.6, which is too much.
#[test]
fn a_long_keyword_counts_more_often() {
    for (keyword, times, wanted) in [
        ("mug", 1, 4),
        ("mug", 2, 9),
        ("mug", 6, 9),
        ("mug", 7, 2),
        ("mug", 8, 0),
        ("oak mug", 5, 9),
        ("oak mug", 6, 0),
        ("tall oak mug", 4, 9),
        ("tall oak mug", 5, 0),
    ] {
        let shop = shop(&format!("title: {keyword}\nprice: 10"), &text(keyword, times));
        assert_eq!(points(&shop, "density").unwrap().0, wanted, "{keyword} {times}");
    }
    let plural = shop("title: oak mug\nprice: 10", &text("oak mugs", 5));
    assert!(points(&plural, "density").unwrap().1.starts_with("5 ×"));
}

#[test]
fn descriptions_have_a_best_length() {
    for (length, wanted) in [(120, 6), (121, 9), (156, 9), (157, 6)] {
        let shop = shop(&format!("title: Mug\nprice: 10\ndescription: {}", "a".repeat(length)), "");
        gets(&shop, "description length", wanted);
    }
}

#[test]
fn a_page_title_may_be_600_pixels_wide() {
    // With ` – Case` behind it.
    let widest = format!("{}{}", "W".repeat(27), "i".repeat(5));
    for (title, wanted) in [(widest.clone(), (9, "600 px")), (format!("{widest}i"), (3, "605 px"))]
    {
        let shop = shop(&format!("title: {title}\nprice: 10"), "");
        assert_eq!(points(&shop, "page title"), Some((wanted.0, wanted.1.to_owned())));
        shop.run(&["build"]).expect(0);
        let page = shop.text("output/site/mug/index.html");
        assert!(page.contains(&format!("<title>{title} – Case</title>")), "{page}");
    }
}

#[test]
fn pictures_and_what_is_said_of_them() {
    // Pictures, those whose alt text has the keyword, points for their number, points for the keyword.
    for (count, with, pictures, keyword) in [
        (0, 0, 0, None),
        (1, 1, 6, None),
        (4, 4, 9, None),
        (5, 1, 9, Some(6)),
        (5, 2, 9, Some(9)),
        (5, 3, 9, Some(9)),
        (5, 4, 9, Some(6)),
        (10, 3, 9, Some(9)),
        (8, 6, 9, Some(9)),
        (8, 7, 9, Some(6)),
    ] {
        let alt =
            |nth| if nth < with { format!("A mug, side {nth}") } else { format!("Side {nth}") };
        let list: Vec<String> =
            (0..count).map(|nth| format!("{{src: {nth}.png, alt: \"{}\"}}", alt(nth))).collect();
        let shop = shop(&format!("title: Mug\nprice: 10\nimages: [{}]", list.join(", ")), "");
        for nth in 0..count {
            shop.change(&format!("content/products/{nth}.png"), png(8, 8, nth));
        }
        gets(&shop, "pictures", pictures);
        assert_eq!(points(&shop, "alt keyword").map(|one| one.0), keyword, "{with} of {count}");
    }
}

#[test]
fn each_variant_needs_a_number() {
    let variants = |second: &str| {
        format!(
            "title: Mug\nprice: 10\ngtin: \"4006381333931\"\nvariants:\n  axes: [size]\n  items:\n    - {{sku: A, size: S, gtin: \"4006381333931\"}}\n    - {{sku: B, size: L{second}}}"
        )
    };
    gets(&shop("title: Mug\nprice: 10", ""), "identifiers", 6);
    gets(&shop("title: Mug\nprice: 10\ngtin: \"4006381333931\"", ""), "identifiers", 9);
    let lacking = shop(&variants(""), "");
    assert_eq!(points(&lacking, "identifiers"), Some((6, "1 / 2".to_owned())));
    gets(&shop(&variants(", gtin: \"5901234123457\""), ""), "identifiers", 9);
}

/// The product's name is the page's one heading of the first level, whatever its text says.
#[test]
fn a_page_has_one_first_heading() {
    let shop = shop("title: Mug\nprice: 10", "# One\n\ntext\n\n# Two\n\ntext");
    shop.run(&["build"]).expect(0);
    let page = shop.text("output/site/mug/index.html");
    assert_eq!(page.matches("<h1").count(), 1, "{page}");
    assert_eq!(page.matches(">One</h2>").count() + page.matches(">Two</h2>").count(), 2, "{page}");
}
