//! The shop's categories that have none on a channel, and suggestions from the channel's own list.

use serde_json::Value;

use crate::shop::Shop;

const SHOP: &str = "\
name: 窑
base_url: https://kiln.example
locales: [zh-CN, en]
channels: [google, taobao, woocommerce]
";

const GOOGLE: &str = "# Google_Product_Taxonomy_Version: 2021-09-21\n536 - Home & Garden\n\
    638 - Home & Garden > Kitchen & Dining\n2169 - Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs\n\
    3553 - Home & Garden > Kitchen & Dining > Tableware > Dinnerware > Bowls\n601 - Home & Garden > Linens & Bedding > Table Linens\n";

const TAOBAO: &str = "类目ID,路径\n50008779,餐饮具 > 杯子/水杯/水壶 > 马克杯\n50008780,餐饮具 > 餐具 > 碗\n\
    50008781,居家布艺 > 餐用布艺 > 茶巾\n";

fn product(sku: &str, title: &str, english: &str) -> String {
    format!(
        "---\nsku: {sku}\ntitle: {{zh-CN: {title}, en: {english}}}\nprice: 10\n---\nThrown and glazed by hand.\n"
    )
}

fn shop() -> Shop {
    Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/data/google-taxonomy.txt", GOOGLE),
        ("content/data/taobao-categories.csv", TAOBAO),
        ("content/products/mugs/category.md", "---\ntitle: {zh-CN: 马克杯, en: Mugs}\n---\n"),
        ("content/products/mugs/a.md", &product("A", "青釉马克杯", "Celadon mug")),
        ("content/products/mugs/b.md", &product("B", "月白马克杯", "White mug")),
        (
            "content/products/linen/category.md",
            "---\ntitle: {zh-CN: 布艺, en: Linen}\nchannels: {google: {category: 601}}\n---\n",
        ),
        ("content/products/linen/c.md", &product("C", "亚麻茶巾", "Linen tea towel")),
        ("content/products/top.md", &product("T", "大碗", "Large bowl")),
    ])
}

#[test]
fn what_is_pasted_into_the_files_holds() {
    let shop = shop();
    let run = shop.run(&["categories"]).expect(0);
    assert_eq!(
        run.out,
        "\
# google: 2 categories without one of the channel (content/data/google-taxonomy.txt)
# taobao: 3 categories without one of the channel (content/data/taobao-categories.csv)

# content/products/category.md
channels:
  # 1: T
  google: {category: 3553}  # Home & Garden > Kitchen & Dining > Tableware > Dinnerware > Bowls
  # 1: T
  taobao: {category: 50008780}  # 餐饮具 > 餐具 > 碗

# content/products/linen/category.md
# it has `channels:` already
channels:
  # 1: C
  taobao: {category: 50008781}  # 居家布艺 > 餐用布艺 > 茶巾

# content/products/mugs/category.md
channels:
  # 2: A, B
  google: {category: 2169}  # Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs
  # 2: A, B
  taobao: {category: 50008779}  # 餐饮具 > 杯子/水杯/水壶 > 马克杯
"
    );
    // Pasted as they stand, they leave nothing to be mapped.
    let (_, mugs) = run.out.split_once("mugs/category.md\n").unwrap();
    shop.change(
        "content/products/mugs/category.md",
        format!("---\ntitle: {{zh-CN: 马克杯, en: Mugs}}\n{mugs}---\n"),
    );
    shop.check().expect(0);
    let left = shop.run(&["categories", "google", "--format", "json"]).expect(0);
    let left: Value = serde_json::from_str(&left.out).unwrap();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left[0]["file"], "content/products/category.md");
    assert_eq!(left[0]["suggestions"][0]["id"], "3553", "{left}");
}

#[test]
fn a_shop_without_a_list_is_told_where_it_would_stand() {
    let shop = shop();
    shop.remove("content/data/google-taxonomy.txt");
    let run = shop.run(&["categories", "google"]).expect(0);
    assert!(run.out.contains("its list would be content/data/google-taxonomy.txt"), "{}", run.out);
    assert!(run.out.contains("  # google: {category: }\n"), "{}", run.out);
    let wrong = shop.run(&["categories", "gogle"]).expect(2);
    assert!(wrong.err.contains("`google`"), "{}", wrong.err);
}

#[test]
pub(crate) fn broken_lines_of_a_list() {
    let shop = shop();
    shop.run(&["categories"]).expect(0);
    let good = shop.run(&["categories"]).err;
    assert!(!good.contains("category/line"), "{good}");
    shop.change("content/data/google-taxonomy.txt", format!("{GOOGLE}Mugs\n"));
    shop.change("content/data/taobao-categories.csv", format!("{TAOBAO},无号\n"));
    let run = shop.run(&["categories"]).expect(0);
    assert!(run.err.contains("warning[category/line]"), "{}", run.err);
    for place in ["google-taxonomy.txt:7:1", "taobao-categories.csv:5:2"] {
        assert!(run.err.contains(place), "{place}: {}", run.err);
    }
    // The other lines are used.
    assert!(run.out.contains("google: {category: 2169}"), "{}", run.out);
    // Bytes that are no text are the file's fault, and the other channel is listed all the same.
    shop.change("content/data/google-taxonomy.txt", [0xff, 0xfe, 0x00, 0xd8]);
    let run = shop.run(&["categories"]).expect(1);
    assert!(run.err.contains("file/not-utf8") && run.out.contains("taobao:"), "{}", run.err);
}

/// A list as long as Google's: departments, shelves and kinds, with every word of the shop in wrong places too.
fn full_list() -> String {
    let mut list = String::from("# Google_Product_Taxonomy_Version: 2021-09-21\n");
    let mut id = 10_000;
    let mut add = |path: &str| {
        id += 1;
        list.push_str(&format!("{id} - {path}\n"));
    };
    for department in 0..60 {
        add(&format!("Department {department}"));
        for shelf in 0..10 {
            add(&format!("Department {department} > Shelf {shelf}"));
            for kind in 0..8 {
                add(&format!("Department {department} > Shelf {shelf} > Parts & Tools {kind}"));
            }
        }
    }
    for wrong in [
        "Arts & Entertainment > Crafts > Mug Decorating Kits",
        "Home & Garden > Kitchen & Dining > Kitchen Appliances > Mug & Cup Warmers",
        "Home & Garden > Kitchen & Dining > Tableware > Drinkware > Coffee & Tea Cups",
        "Home & Garden > Bathroom > Toilet Bowl Brushes",
        "Sporting Goods > Table Tennis > Table Covers",
        "Animals & Pet Supplies > Dog Supplies > Dog Bowls, Feeders & Waterers",
        "Home & Garden > Decor > Vase Fillers & Table Scatters",
        "Home & Garden > Kitchen & Dining > Kitchen Tools > Mixing Bowls",
    ] {
        add(wrong);
    }
    list + "2169 - Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs\n\
        3553 - Home & Garden > Kitchen & Dining > Tableware > Dinnerware > Bowls\n\
        602 - Home & Garden > Decor > Vases\n\
        4203 - Home & Garden > Linens & Bedding > Table Linens > Tablecloths\n"
}

#[test]
fn a_full_list_is_searched_in_no_time_and_its_first_suggestion_makes_sense() {
    let list = full_list();
    assert!(list.lines().count() > 5_000);
    let titled = |title: &str| format!("---\ntitle: {title}\n---\n");
    let shop = Shop::new(&[
        (
            "content/shop.yaml",
            "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\nchannels: [google]\n",
        ),
        ("content/data/google-taxonomy.txt", &list),
    ]);
    let wanted = [
        ("mugs", "Mugs", "Celadon mug", "2169"),
        ("bowls", "Bowls", "Noodle bowl", "3553"),
        ("vases", "Vases", "Moon vase", "602"),
        ("cloths", "Tablecloths", "Linen tablecloth", "4203"),
    ];
    for (folder, title, product, _) in wanted {
        shop.change(&format!("content/products/{folder}/category.md"), titled(title));
        for nth in 0..20 {
            let text = format!("---\nsku: {folder}-{nth}\ntitle: {product} {nth}\nprice: 9\n---\n");
            shop.change(&format!("content/products/{folder}/p{nth}.md"), text);
        }
    }
    let run = shop.run(&["categories", "google", "--format", "json"]).expect(0);
    let found: Value = serde_json::from_str(&run.out).unwrap();
    for (folder, _, _, id) in wanted {
        let all = found.as_array().unwrap();
        let own = all.iter().find(|one| one["category"] == folder).unwrap();
        assert_eq!(own["suggestions"][0]["id"], id, "{own}");
        assert_eq!(own["suggestions"].as_array().unwrap().len(), 3, "{own}");
    }
}
