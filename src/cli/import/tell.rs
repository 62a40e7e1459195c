//! What an import tells: what it could not take over as it was, and how it understood the columns.

use std::collections::BTreeMap;

use super::super::args;
use super::super::print::Screen;
use crate::diag::codes::Lang;
use crate::import::{Kind, Note};

/// What could not be taken over as it was, kind by kind.
pub(super) fn tell(notes: &[Note], screen: &Screen) {
    let mut kinds: BTreeMap<Kind, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        kinds.entry(note.what).or_default().push(note);
    }
    for (kind, notes) in kinds {
        // Each conflict is for a person to settle.
        let most = match kind {
            Kind::Conflict | Kind::ColumnLeft | Kind::ColumnNoFact => usize::MAX,
            // The row source that is shown says it.
            Kind::Column => continue,
            _ => 10,
        };
        screen.line(&format!("{} ({})", words(kind, screen), notes.len()));
        for note in notes.iter().take(most) {
            let line = if note.line > 0 { format!("{}: ", note.line) } else { String::new() };
            let place =
                if note.place.is_empty() { String::new() } else { format!("  ({})", note.place) };
            screen.line(&format!("  {line}{}  {}{place}", note.about, note.value));
        }
        if notes.len() > most {
            screen.line(&format!("  … {}", notes.len() - most));
        }
    }
}

fn words(kind: Kind, screen: &Screen) -> &'static str {
    let (en, zh) = match kind {
        Kind::Above => ("lines above the names of the columns", "列名上方的行"),
        Kind::Heading => ("rows that repeat the names of the columns", "重复列名的行"),
        Kind::Stray => ("rows that belong to no product", "不属于任何商品的行"),
        Kind::Nothing => ("rows that say nothing new of their product", "对商品没有新内容的行"),
        Kind::ExtraCells => ("rows with more cells than columns", "单元格多于列数的行"),
        Kind::OpenQuote => {
            ("quotes that none closes, taken as characters", "没有配对的引号，按普通字符处理")
        }
        Kind::QuoteInside => (
            "text behind the quote that ends its cell: look whether cells have moved",
            "结束单元格的引号后面还有文字，请检查是否错列",
        ),
        Kind::NoOptions => ("variants that do not say what they differ in", "没有写明规格值的规格"),
        Kind::BadStock => ("stocks that are no number", "不是数字的库存"),
        Kind::NewPicture => ("new pictures, which are left to you", "新图片，需自行放入"),
        Kind::OtherLanguage => {
            ("changes in other languages, which are left to you", "其他语言的改动，需自行修改")
        }
        Kind::InTable => (
            "products that stand in a table of the shop; change them there",
            "店里由表格维护的商品，请在表格里改",
        ),
        Kind::CellError => ("cells with an error of the spreadsheet", "单元格里是表格软件的错误值"),
        Kind::Excluded => ("rows that the row source leaves out", "rows 文件排除的行"),
        Kind::Differs => (
            "rows that say otherwise than the first of their product, whose value holds",
            "与同一商品第一行不同的值，以第一行为准",
        ),
        Kind::Column => ("columns and their fields", "各列对应的字段"),
        Kind::ColumnLeft => (
            "columns left out: they have no place in a product, or another one has it",
            "未导入的列：商品里没有对应字段，或已由另一列提供",
        ),
        Kind::ColumnNoFact => (
            "columns left out: their names are not known, and their values do not look like facts",
            "未导入的列：列名不认识，值也不像商品参数",
        ),
        Kind::ColumnEmpty => ("columns without values", "没有内容的列"),
        Kind::Gone => (
            "products and variants that the table no longer has; they stay",
            "表格里已没有的商品和规格，店里保留",
        ),
        Kind::Unlisted => (
            "values for channels that the shop does not list; add these to `channels` in shop.yaml and import again",
            "为店铺没有列出的渠道写的内容；把渠道加到 shop.yaml 的 `channels` 后再导入一次",
        ),
        Kind::Moved => (
            "products in another category, whose folders are left to you to move",
            "换了分类的商品，文件夹需自行移动",
        ),
        Kind::Conflict => (
            "changed on both sides; yours stays until you settle it (--mine: yours is right)",
            "两边都改过，保留店里的，请处理（--mine 表示以店里为准）",
        ),
        Kind::OtherSku => (
            "SKUs written otherwise, since not every sign may stand in one",
            "换了写法的 SKU：有的符号不能用",
        ),
        Kind::Currency => (
            "amounts in another currency than the shop's: the numbers were taken as they are",
            "币种与店铺不同的金额：数字原样导入，请核对",
        ),
        Kind::MadeSku => ("SKUs made up", "自动补的 SKU"),
        Kind::TwiceSku => {
            ("SKUs that stand twice; the second is left out", "重复的 SKU，第二个未导入")
        }
        Kind::BadPrice => ("prices that are none", "不是金额的价格"),
        Kind::BadGtin => ("trade item numbers that are none", "不正确的条码"),
        Kind::MoreCategories => ("further categories became tags", "其余分类改为标签"),
        Kind::Picture => (
            "pictures that are not here; --pictures names their folder",
            "找不到的图片，用 --pictures 指定文件夹",
        ),
        Kind::There => {
            ("files that are there already; they stay as they are", "文件已存在，保持不变")
        }
    };
    screen.say(en, zh)
}

/// How the columns were understood, and how to say otherwise.
pub(super) fn mapping(wanted: &args::Import, yaml: &str, screen: &Screen) -> String {
    let beside = wanted.file.with_extension("rows.yaml");
    let yaml = format!("  {}\n", yaml.trim_end().replace('\n', "\n  "));
    match screen.lang {
        Lang::En => format!(
            "the columns were recognised by their names; to change that, save this as {}, edit it (docs/rows.md) and import again:\n\n{yaml}",
            beside.display()
        ),
        Lang::Zh => format!(
            "各列按列名识别；要修改，把下面的内容存为 {}，改好后（见 docs/rows.md）再导入一次：\n\n{yaml}",
            beside.display()
        ),
    }
}
