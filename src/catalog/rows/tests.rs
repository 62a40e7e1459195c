use std::collections::HashMap;

use super::super::money::Money;
use super::super::text::Text;
use super::{RowLayer, Rows, read};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;
use crate::source::table;

const ROWS: &str = "content/products/table/linen.rows.yaml";

/// Reads `yaml` with files beside it.
fn rows(yaml: &str, files: &[(&str, &[u8])]) -> Rows {
    let files: HashMap<String, Vec<u8>> = files
        .iter()
        .map(|(name, bytes)| (format!("content/products/table/{name}"), bytes.to_vec()))
        .collect();
    read(&SourcePath::new(ROWS), yaml, &mut |path| {
        files.get(path.as_str()).cloned().ok_or_else(|| {
            Diagnostic::new("file/unreadable", Place::File(path.clone()))
                .with("reason", "@not-found")
        })
    })
}

/// Findings as `code name=value … «the text they point at»`.
fn found(rows: &Rows, files: &[(&str, &[u8])], yaml: &str) -> Vec<String> {
    let text = |path: &SourcePath| -> String {
        if path.as_str() == ROWS {
            return yaml.to_owned();
        }
        let file = files.iter().find(|(name, _)| *name == path.name()).expect("a file of the test");
        table::text(path, file.1.to_vec()).map_or(String::new(), |text| text.to_string())
    };
    let line = |fault: &Diagnostic| {
        let args: Vec<String> = fault.args.iter().map(|(k, v)| format!(" {k}={v}")).collect();
        let at = match &fault.at {
            Place::Bytes(file, span) => {
                let text = text(file);
                let before = &text[..span.start as usize];
                let line = before.matches('\n').count() + 1;
                format!(
                    " {}:{line} «{}»",
                    file.name(),
                    &text[span.start as usize..span.end as usize]
                )
            }
            other => format!(" {other:?}"),
        };
        format!("{}{}{at}", fault.code, args.concat())
    };
    rows.faults.iter().map(line).collect()
}

fn check(yaml: &str, files: &[(&str, &[u8])], expected: &[&str]) -> Rows {
    let rows = rows(yaml, files);
    assert_eq!(found(&rows, files, yaml), expected);
    rows
}

fn title(layer: &RowLayer) -> &str {
    match &layer.record.title.as_ref().expect("a title").value {
        Text::One(text) => text,
        Text::By(_) => panic!("one text"),
    }
}

const LINEN: &str = "\
source: linen.csv
group: 款号
columns:
  sku: 款号
  title: 品名
  price.list: 吊牌价
  tags: {column: 标签, split: 、}
  facts.材质: 材质
  images: {column: 图片, split: ;}
  brand: {value: 青禾}
  body: 详情
variants:
  sku: 货号
  options: {颜色: 颜色, 尺寸: 尺寸}
  price.list: 售价
  stock: 库存
  image: 图
locales:
  en: {columns: {title: name_en, facts.Material: material_en}}
category: {column: 类目, split: '->'}
";

const LINEN_CSV: &str = "\
款号,货号,品名,吊牌价,标签,材质,图片,详情,颜色,尺寸,售价,库存,图,name_en,material_en,类目\n\
LN-1,LN-1-W-S,亚麻桌布,299.00,桌布、亚麻,亚麻,a.jpg; b.jpg,\"第一段\n\n他说\"\"好\"\"\",白,140,299,12,w.jpg,Linen tablecloth,Linen,家居 -> 桌布\n\
LN-2,LN-2,餐巾,39,餐巾,棉,c.jpg,,,,35,3,,Napkin,Cotton,家居\n\
LN-1,LN-1-W-L,,,,,,,白,180,359,0,w.jpg,,,\n";

#[test]
fn rows_become_products_with_variants() {
    let rows = check(LINEN, &[("linen.csv", LINEN_CSV.as_bytes())], &[]);
    let [cloth, napkin] = &rows.products[..] else { panic!("two products") };
    assert_eq!((cloth.name.as_str(), title(&cloth.own)), ("LN-1", "亚麻桌布"));
    assert_eq!(cloth.category, ["家居", "桌布"]);
    assert_eq!(cloth.own.body.as_ref().expect("a body").value, "第一段\n\n他说\"好\"");
    let record = &cloth.own.record;
    let tags: Vec<&str> = record.tags.iter().flatten().map(|tag| tag.value.as_str()).collect();
    assert_eq!(tags, ["桌布", "亚麻"]);
    let images: Vec<&str> = record.images.iter().flatten().map(|image| &*image.src.value).collect();
    assert_eq!(images, ["a.jpg", "b.jpg"]);
    let variants = record.variants.as_ref().expect("variants");
    let axes: Vec<&str> = variants.axes.iter().map(|axis| axis.value.as_str()).collect();
    assert_eq!(axes, ["颜色", "尺寸"]);
    let prices: Vec<Option<Money>> =
        variants.items.iter().map(|item| item.price.list.as_ref().map(|list| list.value)).collect();
    assert_eq!(prices, [Money::parse("299"), Money::parse("359")]);
    assert_eq!(title(&cloth.locales[0].1), "Linen tablecloth");
    // One row without options: no variants, and its own price stays.
    assert!(napkin.own.record.variants.is_none());
    assert_eq!(napkin.own.record.price.list.as_ref().map(|at| at.value), Money::parse("39"));
    assert_eq!(napkin.own.record.stock.as_ref().map(|at| at.value), Some(3));
}

/// The same table as csv, tsv, json and xlsx gives the same records and hashes.
#[test]
fn every_kind_of_table_gives_the_same() {
    let csv =
        "款号,品名,价格,日期,条码\nA1,杯子,69.5,2026-11-20,6901234567892\nA2,壶,0.3,2026-11-21,\n";
    let json = r#"{"products": [
      {"款号": "A1", "品名": "\u676f\u5b50", "价格": 69.5, "日期": "2026-11-20", "条码": 6901234567892},
      {"款号": "A2", "品名": "壶", "价格": 0.3, "日期": "2026-11-21", "条码": null}]}"#;
    let tsv = csv.replace(',', "\t");
    let semicolons = csv.replace(',', ";");
    let (gb, ..) = encoding_rs::GB18030.encode(csv);
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(csv.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = format!("\u{feff}{csv}");
    let sheet = xlsx(&[
        &["款号", "品名", "价格", "日期", "条码"],
        &["A1", "杯子", "69.5", "d46346", "6901234567892"],
        &["A2", "壶", "0.30000000000000004", "d46347", ""],
    ]);
    let files: [(&str, &[u8]); 8] = [
        ("a.csv", csv.as_bytes()),
        ("a.tsv", tsv.as_bytes()),
        ("b.csv", semicolons.as_bytes()),
        ("gb.csv", &gb),
        ("utf16.csv", &utf16),
        ("bom.csv", marked.as_bytes()),
        ("a.json", json.as_bytes()),
        ("a.xlsx", &sheet),
    ];
    let read = |name: &str| {
        let items = if name.ends_with("json") { "\nitems: products" } else { "" };
        let yaml = format!(
            "source: {name}{items}\ncolumns: {{sku: 款号, title: 品名, price: 价格, date: 日期, gtin: 条码}}\n"
        );
        let rows = check(&yaml, &files, &[]);
        let hashes: Vec<_> = rows.products.iter().map(|product| product.own.hash).collect();
        assert_eq!(hashes.len(), 2, "{name}");
        assert_eq!(
            rows.products[0].own.record.gtin.as_ref().map(|gtin| gtin.value.as_str()),
            Some("6901234567892")
        );
        hashes
    };
    let first = read("a.csv");
    for (name, _) in &files[1..] {
        assert_eq!(read(name), first, "{name}");
    }
}

#[test]
fn faults_point_at_cells() {
    let csv = "sku,title,price,price,extra\nA1,Cup,¥69,\nA2,\"Tea\npot\",6x,7,x,oops\n";
    let yaml = "source: a.csv\ncolumns: {sku: sku, title: titel, price: price, tags: extra, titl: title}\n";
    check(
        yaml,
        &[("a.csv", csv.as_bytes())],
        &[
            "key/unknown key=titl near=title linen.rows.yaml:2 «titl»",
            "rows/extra-cells cells=6 columns=5 a.csv:4 «oops»",
            "rows/no-column column=titel table=a.csv near=title linen.rows.yaml:2 «titel»",
            "rows/duplicate-column column=price a.csv:1 «price»",
            "price/form found=¥69 near=69 a.csv:2 «¥69»",
            "price/form found=6x near=6 a.csv:4 «6x»",
        ],
    );
}

#[test]
fn a_row_needs_its_group() {
    let csv = "style,sku,title\nA,A-1,Cup\n,A-2,Cup\nB,,#N/A\n";
    let yaml = "source: a.csv\ngroup: style\ncolumns: {title: title}\n";
    let rows = check(
        yaml,
        &[("a.csv", csv.as_bytes())],
        &["rows/no-group column=style a.csv:3 «A-2»", "rows/cell-error found=#N/A a.csv:4 «#N/A»"],
    );
    let skus: Vec<&str> =
        rows.products.iter().filter_map(|one| Some(&*one.own.record.sku.as_ref()?.value)).collect();
    assert_eq!(skus, ["A", "B"]);
}

#[test]
fn another_table_has_the_other_language() {
    let csv = "slug,title\ncup,Cup\npot,Pot\n";
    let other = "slug,locale,name\ncup,de,Tasse\ncup,fr,Tasse à thé\npott,de,Kanne\n";
    let yaml = "source: a.csv\ngroup: slug\ncolumns: {title: title}\nlocales:\n  de: {source: t.csv, key: slug, where: {locale: de}, columns: {title: name}}\n";
    let rows = check(
        yaml,
        &[("a.csv", csv.as_bytes()), ("t.csv", other.as_bytes())],
        &["rows/unmatched found=pott near=pot t.csv:4 «pott»"],
    );
    assert_eq!(title(&rows.products[0].locales[0].1), "Tasse");
    assert!(rows.products[1].locales.is_empty());
}

#[test]
fn values_are_changed_as_told() {
    let csv = "sku,title,now,was,pics,state,extra.noise_level,extra.size_\nA1,Cup,\"1,299\",¥1500,https://x.example/p/front.webp?v=1|/q/side.webp,active,30 dB,big\nA2,Pot,5,0,,gone,,\n";
    let yaml = "source: a.csv
columns:
  sku: sku
  title: {text: 'The {title}'}
  price: {now: {column: now, remove: ','}, was: {column: was, remove: ¥}}
  images: {column: pics, split: '|', file: basename, folder: img/}
  status: {column: state, map: {active: on_shelf, gone: off_shelf}}
  facts: {columns: [extra.*], words: true}
  tags: {value: [a, b]}
name: {text: '{title} {sku}'}
";
    let rows = check(yaml, &[("a.csv", csv.as_bytes())], &[]);
    let record = &rows.products[0].own.record;
    assert_eq!(rows.products[0].name, "Cup A1");
    assert_eq!(title(&rows.products[0].own), "The Cup");
    assert_eq!(record.price.list.as_ref().map(|at| at.value), Money::parse("1500"));
    assert_eq!(record.price.sale.as_ref().map(|at| at.value), Money::parse("1299"));
    let images: Vec<&str> = record.images.iter().flatten().map(|image| &*image.src.value).collect();
    assert_eq!(images, ["img/front.webp", "img/side.webp"]);
    let facts: Vec<&str> = record.facts.iter().flatten().map(|fact| &*fact.name).collect();
    assert_eq!(facts, ["Noise level", "Size"]);
    let plain = &rows.products[1].own.record;
    assert_eq!(plain.price.list.as_ref().map(|at| at.value), Money::parse("5"));
    assert!(plain.price.sale.is_none());
    assert_eq!(plain.tags.as_ref().map(Vec::len), Some(2));
}

#[test]
fn files_that_are_no_tables() {
    let yaml = |name: &str| format!("source: {name}\ncolumns: {{sku: a}}\n");
    let files: [(&str, &[u8]); 6] = [
        ("text.xlsx", b"a,b\n1,2\n"),
        ("old.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        ("a.json", b"{\"a\": [1, 2,]}"),
        ("list.json", b"{\"data\": [{\"a\": 1}]}"),
        ("empty.csv", b"\n \n"),
        ("a.numbers", b"x"),
    ];
    let expected = [
        "rows/not-a-table reason=@not-a-workbook File(\"content/products/table/text.xlsx\")",
        "rows/not-a-table reason=@locked-workbook File(\"content/products/table/old.xlsx\")",
        "rows/not-json a.json:1 «]»",
        "rows/no-list near=data list.json:1 «{»",
        "rows/empty File(\"content/products/table/empty.csv\")",
        "rows/format found=numbers choices=csv, tsv, json, xlsx, xls File(\"content/products/table/a.numbers\")",
    ];
    for ((name, _), expected) in files.iter().zip(expected) {
        check(&yaml(name), &files, &[expected]);
    }
    let gone = yaml("gone.csv");
    check(
        &gone,
        &[],
        &["rows/no-source found=gone.csv reason=@not-found linen.rows.yaml:1 «gone.csv»"],
    );
    check(
        "columns: {}\n",
        &[],
        &[
            "field/missing field=source linen.rows.yaml:1 «»",
            "field/missing field=columns.sku linen.rows.yaml:1 «»",
        ],
    );
}

/// Sheets beside each other, a title line, merged cells, line breaks in a cell, errors, remarks beside the table.
#[test]
fn a_workbook_as_people_keep_it() {
    let book = include_bytes!("stock.xlsx");
    let yaml = "source: stock.xlsx\nsheet: 商品\nheader: 2\ngroup: group\n\
        columns: {sku: group, title: title, date: day}\nvariants: {sku: sku, options: {名: title}, price: price, image: note}\n";
    let yaml = yaml.replace(", image: note", "");
    let rows = check(
        &yaml,
        &[("stock.xlsx", book)],
        &[
            "rows/cell-error found=#N/A stock.xlsx:6 «#N/A»",
            "price/absurd found=6901234567892 stock.xlsx:4 «6901234567892»",
            "price/form found=true stock.xlsx:6 «true»",
        ],
    );
    let [product] = &rows.products[..] else { panic!("one product") };
    assert_eq!(title(&product.own), "Tea\ncup");
    let variants = product.own.record.variants.as_ref().expect("variants");
    let skus: Vec<_> = variants.items.iter().filter_map(|item| item.sku.as_ref()).collect();
    assert_eq!(skus.iter().map(|sku| sku.value.as_str()).collect::<Vec<_>>(), ["A1", "A2", "A3"]);
    let prices: Vec<_> = variants.items.iter().map(|one| one.price.list.as_ref()).collect();
    assert_eq!(prices[0].map(|list| list.value), Money::parse("0.3"));
    let text = table::text(&SourcePath::new("stock.xlsx"), book.to_vec()).expect("a workbook");
    assert_eq!(
        text.lines().nth(2),
        Some("\tsku\tG1\tA1\tTea cup\t0.3\t2026-11-20\t\t\tremark beside")
    );
    let unknown = yaml.replace("商品", "产品");
    check(
        &unknown,
        &[("stock.xlsx", book)],
        &[
            "rows/no-sheet sheet=产品 choices=说明, 商品 near=商品 File(\"content/products/table/stock.xlsx\")",
        ],
    );
}

/// Rows of other kinds of tables: a shop export with the first variant in the product's row,
/// and further rows that only add pictures.
#[test]
fn the_product_row_may_be_a_variant_and_rows_may_add_pictures() {
    let csv = "sep=;\nHandle;Title;Option;Size;SKU;Price;Image\n\
        cup;Cup;Size;S;C-S;5;a.jpg\ncup;;;L;C-L;6;b.jpg\ncup;;;;;;c.jpg\npot;Pot;Title;;P;9;p.jpg\n";
    let yaml = "source: a.csv\ngroup: Handle\n\
        columns: {sku: Handle, title: Title, images: {column: Image, rows: all}}\n\
        variants: {sku: SKU, price: Price, options: {Size: Size}}\n";
    let rows = check(yaml, &[("a.csv", csv.as_bytes())], &[]);
    let cup = &rows.products[0].own.record;
    assert_eq!(cup.variants.as_ref().map(|all| all.items.len()), Some(2));
    assert_eq!(cup.images.as_ref().map(Vec::len), Some(3));
    let pot = &rows.products[1].own.record;
    assert!(pot.variants.is_none());
    assert_eq!(pot.price.list.as_ref().map(|list| list.value), Money::parse("9"));
}

#[test]
fn json_paths_reach_into_maps_and_lists() {
    let json = r#"[{"id": 1, "a.b": "Cup", "size": {"w": 3, "h": 4}, "pics": [{"src": "a.jpg"}, {"src": "b.jpg"}],
        "tags": ["x", " "], "none": null, "face": "\ud83d\ude00"}]"#;
    let yaml = "source: a.json\ncolumns: {sku: id, title: a.b, images: pics.src, tags: tags, \
        facts: {columns: size.*}, facts.First: pics.0.src, facts.Face: face, gtin: none}\n";
    let rows = check(yaml, &[("a.json", json.as_bytes())], &[]);
    let record = &rows.products[0].own.record;
    assert_eq!(title(&rows.products[0].own), "Cup");
    assert_eq!(record.images.as_ref().map(Vec::len), Some(2));
    assert_eq!(record.tags.as_ref().map(Vec::len), Some(1));
    let facts: Vec<(&str, &str)> =
        record.facts.iter().flatten().map(|fact| (&*fact.name, &*fact.value)).collect();
    assert_eq!(facts, [("w", "3"), ("h", "4"), ("First", "a.jpg"), ("Face", "😀")]);
}

#[test]
fn what_a_row_source_must_not_say() {
    let csv = "sku,title\nA1,\"Cup\n";
    let yaml = "source: a.csv\ncolumns: {sku: sku, title: {colum: title}, price.lst: title, stock: {value: many}, variants: sku, facts: [tit*x]}\nwher: {}\n";
    check(
        yaml,
        &[("a.csv", csv.as_bytes())],
        &[
            "key/unknown key=colum near=column linen.rows.yaml:2 «colum»",
            "rows/how linen.rows.yaml:2 «{colum: title}»",
            "key/unknown key=lst near=list linen.rows.yaml:2 «price.lst»",
            "value/type expected=@count found=many linen.rows.yaml:2 «many»",
            "key/unknown key=columns.variants linen.rows.yaml:2 «variants»",
            "key/unknown key=wher near=where linen.rows.yaml:3 «wher»",
            "rows/quote a.csv:2 «\"»",
            "rows/no-column column=tit*x table=a.csv linen.rows.yaml:2 «tit*x»",
        ],
    );
    let twice = "source: a.csv\ncolumns: {sku: sku, price: sku, price.list: title}\n";
    check(
        twice,
        &[("a.csv", b"sku,title\n")],
        &["rows/field-twice field=price.list linen.rows.yaml:2 «price.list»"],
    );
}

/// A workbook with one sheet: numbers as numbers, `d46346` as a date, nothing packed.
fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (nth, row) in rows.iter().enumerate() {
        sheet += &format!(r#"<row r="{}">"#, nth + 1);
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = format!("{}{}", char::from(b'A' + column as u8), nth + 1);
            sheet += &match (cell.parse::<f64>(), cell.strip_prefix('d')) {
                (Ok(_), _) => format!(r#"<c r="{at}"><v>{cell}</v></c>"#),
                (_, Some(day)) => format!(r#"<c r="{at}" s="1"><v>{day}</v></c>"#),
                _ => format!(r#"<c r="{at}" t="inlineStr"><is><t>{cell}</t></is></c>"#),
            };
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    zip(&[
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// A zip whose files are stored as they are.
fn zip(files: &[(&str, String)]) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut list: Vec<u8> = Vec::new();
    for (name, text) in files {
        let offset = bytes.len() as u32;
        let size = (text.len() as u32).to_le_bytes();
        let mut head: Vec<u8> = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x58];
        head.extend(crc(text.as_bytes()).to_le_bytes());
        head.extend(size);
        head.extend(size);
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&head);
        bytes.extend(name.bytes());
        bytes.extend(text.bytes());
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&head);
        list.extend([0; 10]);
        list.extend(offset.to_le_bytes());
        list.extend(name.bytes());
    }
    let count = (files.len() as u16).to_le_bytes();
    let start = bytes.len() as u32;
    bytes.extend(&list);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend((list.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}
