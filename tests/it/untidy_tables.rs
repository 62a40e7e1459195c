//! Keyword tables as they come: locked, a web page, two header rows, far too long, with letters that a channel lacks.

use crate::shop::Shop;

const SHOP: &str =
    "name: Case\nbase_url: https://case.example\nlocales: [zh-CN]\nchannels: [taobao]\n";
const CUP: &str = "---\nsku: A-1\ntitle: 陶瓷杯\nprice: 10\nfacts: {材质: 陶瓷}\nkeywords: {table: good, must: [陶瓷]}\n---\n杯。\n";
const GOOD: &str = "关键词数据,,\n,搜索,搜索\n搜索词,搜索人气,点击率\n😀陶瓷杯,900,1%\n𠮷陶瓷杯,800,1%\n陶瓷杯,1万~2万,12.3%\n陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷陶瓷碗,600,-\n";

fn shop() -> Shop {
    Shop::new(&[
        ("content/shop.yaml", SHOP),
        ("content/products/a.md", CUP),
        ("content/keywords/good.csv", GOOD),
    ])
}

#[test]
fn what_cannot_be_read_as_a_table_is_told_and_the_rest_holds() {
    let shop = shop();
    shop.change("content/keywords/empty.csv", "搜索词,搜索人气\n");
    shop.change(
        "content/keywords/page.xls",
        "<html><body><table><tr><th>搜索词</th></tr><tr><td>杯</td></tr></table></body></html>",
    );
    shop.change("content/keywords/locked.xlsx", locked());
    let run = shop.run(&["check", "--format", "short"]).expect(1);
    run.finds("keywords/none", "content/keywords/empty.csv");
    run.finds("rows/not-a-table", "content/keywords/page.xls");
    run.finds("rows/not-a-table", "content/keywords/locked.xlsx");
    assert!(run.out.contains("a web page") && run.out.contains("a password"), "{}", run.out);
    assert!(!run.out.contains("good.csv"), "{}", run.out);
}

#[test]
fn two_rows_of_headers_and_letters_that_gbk_lacks() {
    let run = shop().run(&["title", "A-1"]).expect(0);
    let title = run.out.lines().nth(1).unwrap();
    assert!(title.contains("陶瓷杯") && !title.contains(['😀', '𠮷', '?']), "{}", run.out);
    assert!(run.out.contains("𠮷陶瓷杯"), "{}", run.out);
}

#[test]
fn two_hundred_thousand_rows_are_read_and_what_is_left_out_is_told() {
    let shop = shop();
    let rows: Vec<String> = (1..=200_000).map(|nth| format!("陶瓷杯{nth},{nth}")).collect();
    shop.change("content/keywords/many.csv", format!("搜索词,搜索人气\n{}\n", rows.join("\n")));
    let run = shop.run(&["check", "--format", "short"]).expect(0);
    run.finds("keywords/left-out", "content/keywords/many.csv");
    assert!(run.out.contains("195000 of 200000"), "{}", run.out);
}

#[test]
fn words_that_must_stand_and_do_not_fit_are_told() {
    let shop = shop();
    let long = "陶瓷杯".repeat(12);
    shop.change("content/products/a.md", CUP.replace("must: [陶瓷]", &format!("must: [{long}]")));
    let run = shop.run(&["title", "A-1"]).expect(1);
    assert!(run.out.contains("> 60 gbk_bytes"), "{}", run.out);
}

/// A workbook behind a password: a compound file with nothing but the names of its two streams.
fn locked() -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.extend([0; 16]);
    for part in [0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
        bytes.extend(part.to_le_bytes());
    }
    for part in [0_u32, 1, 1, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0, 0] {
        bytes.extend(part.to_le_bytes());
    }
    bytes.resize(512, 0xFF);
    bytes.extend([0xFFFF_FFFD_u32, 0xFFFF_FFFE].iter().flat_map(|part| part.to_le_bytes()));
    bytes.resize(1024, 0xFF);
    for (name, kind, child, next) in [
        ("Root Entry", 5, 1, u32::MAX),
        ("EncryptionInfo", 2, u32::MAX, 2),
        ("EncryptedPackage", 2, u32::MAX, u32::MAX),
    ] {
        let start = bytes.len();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(start + 64, 0);
        bytes.extend((2 * name.len() as u16 + 2).to_le_bytes());
        bytes.extend([kind, 1]);
        bytes.extend([u32::MAX, next, child].iter().flat_map(|part| part.to_le_bytes()));
        bytes.resize(start + 116, 0);
        bytes.extend(0xFFFF_FFFE_u32.to_le_bytes());
        bytes.resize(start + 128, 0);
    }
    bytes.resize(1536, 0);
    bytes
}
