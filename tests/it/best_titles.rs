//! Titles as the program composes them: what must hold whatever the keywords are.

use crate::shop::Shop;

const SHOP: &str = "name: 衣\nbase_url: https://dress.example\nlocales: [zh-CN]\ncurrency: CNY\nchannels: [mine]\n";
const MINE: &str = "name: {en: Mine}\nversion: \"1\"\nlanguage: zh-CN\ntitle: {unit: gbk_bytes, max: 40, separator: \"\", start: [brand], source: us, seen: 2026-11, confidence: A}\nfiles:\n  t: {path: t.csv, format: csv, rows: product, columns: {sku: sku, title: title}}\n";
const DRESS: &str = "---\nsku: D1\ntitle: 连衣裙\nbrand: 青禾\nprice: 20\ntags: [碎花, 法式, 夏季, 夏天, 显瘦, 长裙, 新款]\nfacts: {材质: 雪纺, 袖长: 短袖, 长度: 中长款}\nkeywords: {table: dress}\n---\n一条裙子。\n";
const TABLE: &str = "brands: [某某牌]\nexclusive: [[夏季, 夏天]]\nrows:\n  - {keyword: 碎花连衣裙, popularity: 900}\n  - {keyword: 法式连衣裙, popularity: 800}\n  - {keyword: 雪纺连衣裙, popularity: 700}\n  - {keyword: 真丝连衣裙, popularity: 9000}\n  - {keyword: 长袖连衣裙, popularity: 8000}\n  - {keyword: 某某牌连衣裙, popularity: 7000}\n  - {keyword: 夏季连衣裙, popularity: 600}\n  - {keyword: 夏天连衣裙, popularity: 590}\n  - {keyword: 短袖碎花裙, popularity: 300}\n  - {keyword: 显瘦长裙, popularity: 200}\n";

fn shop(table: &str) -> Shop {
    Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/channels/mine.yaml", MINE),
        ("content/keywords/dress.yaml", table),
        ("content/products/d1.md", DRESS),
    ])
}

fn ask(shop: &Shop) -> serde_json::Value {
    let run = shop.run(&["title", "D1", "--channel", "mine", "--format", "json"]).expect(0);
    let all: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    all[0].clone()
}

fn title(shop: &Shop) -> String {
    ask(shop)["title"]["text"].as_str().unwrap().to_owned()
}

/// Why a keyword was left out, as it is written in JSON.
fn why(answer: &serde_json::Value, keyword: &str) -> String {
    let all = answer["title"]["left_out"].as_array().unwrap();
    all.iter().find(|one| one[0] == keyword).map_or(String::new(), |one| one[2].to_string())
}

#[test]
fn a_title_says_what_is_true_and_nothing_of_others() {
    let shop = shop(TABLE);
    let answer = ask(&shop);
    let text = answer["title"]["text"].as_str().unwrap();
    assert!(text.starts_with("青禾"), "the brand comes first: {text}");
    for word in ["碎花", "法式", "雪纺", "连衣裙"] {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    for word in ["真丝", "长袖", "某某牌"] {
        assert!(!text.contains(word), "{word} is in {text}");
    }
    assert!(why(&answer, "真丝连衣裙").contains("contradicts"), "{answer:#}");
    assert!(why(&answer, "长袖连衣裙").contains("contradicts"), "{answer:#}");
    assert!(why(&answer, "某某牌连衣裙").contains("brand"), "{answer:#}");
    assert!(text.contains("夏季") != text.contains("夏天"), "one of a group: {text}");
    assert_eq!(answer["title"]["value"], answer["title"]["bound"]);
    assert!(answer["title"]["length"].as_u64().unwrap() <= 40);
    // The other way round: what is silk is not chiffon.
    shop.replace("content/products/d1.md", "材质: 雪纺", "材质: 真丝");
    let answer = ask(&shop);
    let text = answer["title"]["text"].as_str().unwrap();
    assert!(text.contains("真丝") && !text.contains("雪纺"), "{text}");
}

/// 中长款 has 长款 inside, and is another length.
#[test]
fn a_longer_word_does_not_make_the_shorter_one_true() {
    let shop = shop(&format!("{TABLE}  - {{keyword: 长款连衣裙, popularity: 9500}}\n"));
    let answer = ask(&shop);
    assert!(why(&answer, "长款连衣裙").contains("contradicts"), "{answer:#}");
}

#[test]
fn the_order_of_rows_and_doubled_rows_change_nothing() {
    let shop = shop(TABLE);
    let first = title(&shop);
    let (head, rows) = TABLE.split_once("rows:\n").unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    for turn in 0..4 {
        rows.rotate_left(turn + 2);
        rows.swap(0, 5);
        shop.change("content/keywords/dress.yaml", format!("{head}rows:\n{}\n", rows.join("\n")));
        assert_eq!(title(&shop), first);
    }
    // A row that stands twice is one keyword, and not worth twice as much.
    let before = ask(&shop)["title"]["value"].clone();
    rows.push("  - {keyword: 显瘦长裙, popularity: 200}");
    shop.change("content/keywords/dress.yaml", format!("{head}rows:\n{}\n", rows.join("\n")));
    assert_eq!((title(&shop), &ask(&shop)["title"]["value"]), (first, &before));
}

/// Of two words that are worth the same the title has always the same one.
#[test]
fn equal_words_are_chosen_alike() {
    let rows = ["法式", "显瘦", "碎花", "新款"]
        .map(|word| format!("  - {{keyword: {word}连衣裙, popularity: 10}}"));
    let table = |rows: &[String]| format!("rows:\n{}\n", rows.join("\n"));
    let shop = shop(&table(&rows));
    shop.change("content/channels/mine.yaml", MINE.replace("max: 40", "max: 18"));
    let first = title(&shop);
    let mut turned = rows;
    for _ in 0..3 {
        turned.rotate_left(1);
        shop.change("content/keywords/dress.yaml", table(&turned));
        assert_eq!(title(&shop), first);
    }
}

#[test]
fn what_cannot_be_is_told() {
    let shop = shop(TABLE);
    shop.change("content/channels/mine.yaml", MINE.replace("max: 40", "max: 6"));
    shop.replace("content/products/d1.md", "{table: dress}", "{table: dress, must: [短袖雪纺]}");
    let run = shop.run(&["title", "D1", "--channel", "mine"]).expect(1);
    assert!(run.out.contains("the words that must stand are too long"), "{}", run.out);
    let exclusive = "{table: dress, must: [夏季, 夏天]}";
    shop.change("content/channels/mine.yaml", MINE);
    shop.replace("content/products/d1.md", "{table: dress, must: [短袖雪纺]}", exclusive);
    let run = shop.run(&["title", "D1", "--channel", "mine"]).expect(1);
    assert!(run.out.contains("exclude each other"), "{}", run.out);
}

/// No keyword, none that fits, none that is true: the product's own words make the title.
#[test]
fn without_keywords_the_products_own_words_do() {
    for table in [
        "rows: []\n".to_owned(),
        "rows: [{keyword: 某个长得一条标题里无论如何也放不下的关键词连衣裙, popularity: 9}]\n"
            .to_owned(),
        "rows: [{keyword: 塑料拖鞋, popularity: 9}]\n".to_owned(),
    ] {
        let text = title(&shop(&table));
        assert!(text.starts_with("青禾连衣裙"), "{table}: {text}");
    }
}

/// Words that the finished title would be cut into otherwise do not stand side by side: 吊带 and 裙子女.
#[test]
fn words_do_not_run_together() {
    let table = "words: [裙子女]\nrows:\n  - {keyword: 裙子, popularity: 900}\n  - {keyword: 女, popularity: 800}\n  - {keyword: 法式, popularity: 10}\n";
    let shop = shop(table);
    shop.change(
        "content/products/d1.md",
        DRESS.replace("tags: [", "tags: [女, 裙子, ").replace("title: 连衣裙", "title: 吊带"),
    );
    let text = title(&shop);
    assert!(text.contains("裙子") && text.contains('女') && !text.contains("裙子女"), "{text}");
}

/// What the channel's encoding does not have stands in no title.
#[test]
fn a_title_can_be_written_in_its_encoding() {
    let shop = shop(
        "rows: [{keyword: 𠮷祥连衣裙, popularity: 900}, {keyword: 法式连衣裙, popularity: 10}]\n",
    );
    shop.replace("content/products/d1.md", "tags: [", "tags: [𠮷祥, ");
    let text = title(&shop);
    assert!(text.contains("法式") && !text.contains('𠮷') && !text.contains('?'), "{text}");
}

#[test]
fn a_word_comes_no_more_often_than_the_channel_allows() {
    let table =
        "Keyword,Avg. monthly searches\noak mug,9000\ntall mug,8000\nbig mug,7000\nred mug,6000\n";
    let mug = "---\nsku: D1\ntitle: Mug\nprice: 20\ntags: [oak, tall, big, red, mugs]\nkeywords: {table: dress}\n---\nA mug.\n";
    for repeat in [1, 2] {
        let mine = MINE.replace("language: zh-CN\n", "").replace(
            "separator: \"\", start: [brand]",
            &format!("separator: \" \", repeat: {repeat}"),
        );
        let shop = Shop::new(&[
            ("content/shop.yaml", &SHOP.replace("zh-CN", "en")),
            ("content/channels/mine.yaml", &mine),
            ("content/keywords/dress.csv", table),
            ("content/products/d1.md", mug),
        ]);
        let text = title(&shop).to_lowercase();
        let times =
            text.split([' ', ',']).filter(|word| word.trim_end_matches('s') == "mug").count();
        assert!((1..=repeat).contains(&times), "{repeat}: {text}");
    }
}

/// Titles are kept from build to build by all that they depend on: whatever is changed, the next export is what a cold
/// one would be.
#[test]
fn kept_titles_are_those_of_a_cold_build() {
    let shop = shop(TABLE);
    shop.change(
        "content/products/d2.md",
        DRESS.replace("sku: D1", "sku: D2").replace("法式, ", ""),
    );
    let exported = |shop: &Shop| {
        shop.run(&["export"]).expect(0);
        shop.text("output/exports/mine/t.csv")
    };
    let kept = || std::fs::read(shop.path("output/.cache/titles")).unwrap();
    let first = exported(&shop);
    let titles = kept();
    assert_eq!(exported(&shop), first);
    assert_eq!(kept(), titles, "nothing was composed");
    for (file, old, new) in [
        ("content/products/d1.md", "材质: 雪纺", "材质: 真丝"),
        ("content/keywords/dress.yaml", "popularity: 300", "popularity: 90000"),
        ("content/products/d2.md", "brand: 青禾", "brand: 碎花裙"),
        ("content/channels/mine.yaml", "max: 40", "max: 30"),
    ] {
        shop.replace(file, old, new);
        let warm = exported(&shop);
        assert_ne!(warm, first, "{file}");
        shop.remove("output");
        assert_eq!(exported(&shop), warm, "{file}");
    }
    shop.change("output/.cache/titles", "spoilt");
    shop.replace("content/products/d1.md", "显瘦", "显白");
    let warm = exported(&shop);
    shop.remove("output");
    assert_eq!(exported(&shop), warm);
}

#[test]
fn all_titles_of_a_shop_are_told() {
    let shop = shop(TABLE);
    shop.change("content/products/d2.md", DRESS.replace("sku: D1", "sku: D2"));
    let run = shop.run(&["title"]).expect(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.out);
    assert!(lines[0].starts_with("D1\tmine\t") && lines[1].starts_with("D2\tmine\t"));
    assert_eq!(lines[2], "2 titles, proven best: 2");
}
