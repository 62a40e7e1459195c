//! Texts that are composed from keywords besides titles: search terms, short titles, words of one's own channel.

use crate::fixtures::png;
use crate::shop::Shop;

const SHOP: &str =
    "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\ncurrency: USD\nchannels: [mine]\n";
const TABLE: &str = "Keyword,Avg. monthly searches\nceramic mug,9000\ncoffee mug,8000\nceramic mug for coffee,3000\nnorth glazed mug,2000\nstoneware coffee cup,1500\ncups,1400\nplastic mug,7000\n";
const MUG: &str = "---\nsku: MUG\ntitle: North ceramic mug\nbrand: North\nprice: 20\nstock: 3\ntags: [cup, coffee, glazed]\ndescription: A glazed coffee cup.\nfacts: {Material: ceramic}\nkeywords: {table: mugs}\n---\nA mug.\n";
const MINE: &str = "name: {en: Mine}\nversion: \"1\"\ntitle: {unit: chars, max: 20, separator: \" \", source: us, seen: 2026-11, confidence: A}\ncomposed:\n  meta_keywords: {unit: chars, max: 60, separator: \" \", without: [title], lower: true, source: us, seen: 2026-11, confidence: A}\nfiles:\n  t: {path: t.csv, format: csv, rows: product, columns: {sku: sku, title: title, words: {value: [field(words), composed(meta_keywords)]}}}\n";

fn shop() -> Shop {
    Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/keywords/mugs.csv", TABLE),
        ("content/channels/mine.yaml", MINE),
        ("content/products/mug.md", MUG),
    ])
}

#[test]
fn search_terms_are_words_that_the_title_lacks() {
    let shop = shop();
    let run = shop.run(&["title", "MUG", "--channel", "mine", "--format", "json"]).expect(0);
    let all: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let (title, words) = (&all[0], &all[1]);
    assert_eq!((title["field"].as_str(), words["field"].as_str()), (None, Some("meta_keywords")));
    let title = title["title"]["text"].as_str().unwrap().to_lowercase();
    let text = words["title"]["text"].as_str().unwrap();
    assert!(!text.is_empty(), "{all:#}");
    for word in text.split(' ') {
        assert_eq!(word, word.to_lowercase());
        assert!(!title.split(' ').any(|one| one == word), "{word} is in {title}");
        assert_eq!(text.split(' ').filter(|one| *one == word).count(), 1, "{word} comes twice");
        assert!(!["for", "plastic", "cups"].contains(&word), "{text}");
    }
    let why = words["title"]["left_out"].as_array().unwrap().iter();
    let why: Vec<&str> = why.filter_map(|one| one[2].as_str()).collect();
    assert!(why.contains(&"title"), "{why:?}");
    shop.change("proof.json", &run.out);
    let proof = shop.path("proof.json");
    let checked = shop.run(&["title", "--verify", proof.to_str().unwrap()]).expect(0);
    assert_eq!(checked.out.matches("proven best").count(), 2, "{}", checked.out);
    let wrong = run.out.replace(&format!("\"text\": \"{text}\""), "\"text\": \"other words\"");
    shop.change("proof.json", &wrong);
    shop.run(&["title", "--verify", proof.to_str().unwrap()]).expect(1);
}

#[test]
fn composed_texts_fill_their_columns_and_the_authors_words_win() {
    let shop = shop();
    let exported = || {
        shop.run(&["export"]).expect(0);
        shop.text("output/exports/mine/t.csv")
    };
    let first = exported();
    assert!(first.lines().nth(1).is_some_and(|row| row.contains("glazed")), "{first}");
    let own = MUG.replace("keywords: {", "channels: {mine: {words: my own words}}\nkeywords: {");
    shop.change("content/products/mug.md", &own);
    assert!(exported().contains("my own words"));
    shop.change("content/products/mug.md", MUG);
    shop.change("content/keywords/mugs.csv", TABLE.replace("coffee", "hot"));
    assert_ne!(exported(), first, "another table, other words");
    shop.change("content/keywords/mugs.csv", TABLE);
    assert_eq!(exported(), first);
}

#[test]
fn what_a_text_may_do_without_is_one_of_two_things() {
    let shop = shop();
    shop.change("content/channels/mine.yaml", MINE.replace("without: [title]", "without: [titel]"));
    shop.run(&["check", "--format", "short"])
        .expect(1)
        .finds("value/choice", "content/channels/mine.yaml:5:67");
}

#[test]
fn a_categorys_keywords_are_shared_out() {
    let table =
        "Keyword,Avg. monthly searches\nglazed mug,9000\ncoffee mug,8500\ntravel mug,8000\n";
    let shop = shop();
    shop.change("content/keywords/mugs.csv", table);
    shop.change("content/products/mug.md", "");
    std::fs::remove_file(shop.path("content/products/mug.md")).unwrap();
    shop.change("content/products/cups/category.md", "---\ntitle: Cups\n---\n");
    for sku in ["A1", "B2", "C3"] {
        let text = format!(
            "---\nsku: {sku}\ntitle: Mug\nprice: 2{}\ntags: [glazed, coffee, travel]\nkeywords: {{table: mugs}}\n---\nOf clay {sku}.\n",
            &sku[1..]
        );
        shop.change(&format!("content/products/cups/{}.md", sku.to_lowercase()), text);
    }
    shop.change("content/channels/mine.yaml", MINE.replace("max: 20,", "max: 11,"));
    let ask = || {
        let run = shop.run(&["title", "--category", "cups", "--cap", "1", "--format", "json"]);
        run.expect(0).out
    };
    let first = ask();
    let all: serde_json::Value = serde_json::from_str(&first).unwrap();
    let worth = |name: &str| all[0][name].as_u64().unwrap();
    assert!(worth("shared") > worth("alone"), "{all:#}");
    for word in all[0]["keywords"].as_array().unwrap() {
        assert!(word["shared"].as_u64().unwrap() <= 1, "{all:#}");
    }
    assert_eq!(ask(), first);
    let run = shop.run(&["title", "--category", "cups", "--cap", "3"]).expect(0);
    assert!(run.out.contains("A1") && !run.out.contains("    → "), "{}", run.out);
    shop.run(&["title", "--category", "cpus"]).expect(2);
}

#[test]
fn pages_say_the_keywords_they_cover_where_the_shop_lists_its_site() {
    let shop = shop();
    shop.change("content/products/mug.png", png(40, 30, 9));
    let mug = MUG.replace("price: 20", "price: 20\nimages: [mug.png]");
    shop.change("content/products/mug.md", &mug);
    let page = || {
        shop.build().expect(0);
        shop.same_as_cold();
        shop.text("output/site/mug/index.html")
    };
    assert!(!page().contains("name=\"keywords\""));
    shop.change("content/shop.yaml", SHOP.replace("[mine]", "[site]"));
    let first = page();
    assert!(first.contains("<meta name=\"keywords\" content=\"ceramic mug, coffee mug"), "{first}");
    assert!(first.contains("alt=\"North ceramic mug"), "{first}");
    // Another table, and only then another page.
    shop.change("content/keywords/mugs.csv", TABLE.replace("coffee mug", "clay mug"));
    let other = page();
    assert!(!other.contains("content=\"ceramic mug, coffee mug"), "{other}");
    shop.change(
        "content/products/mug.md",
        mug.replace("images: [mug.png]", "images: [{src: mug.png, alt: seen from above}]"),
    );
    assert!(page().contains("alt=\"seen from above\""));
    shop.run(&["export", "site"]).expect(0);
}
