//! What the rows of a channel's file say, read back by their own reader: the bytes, the profile's columns, and nothing else.

use std::borrow::Cow;

use encoding_rs::{GB18030, GBK, UTF_8, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::mark;
use crate::channel::profile::{Column, Encoding, File, Format, MoneyForm, Profile};
use crate::channel::value::Expression;
use crate::cx::Claim;

/// The claims of a file's rows.
pub(super) fn claims(
    profile: &Profile,
    file: &File,
    currency: &'static str,
    bytes: &[u8],
) -> Vec<Claim> {
    let roles = Roles::of(profile, file, currency);
    match file.format {
        // Rows for a workbook are kept as plain CSV.
        Format::Csv | Format::Xlsx => csv(&roles, file, bytes),
        Format::Xml => xml(&roles, file, bytes),
        Format::Json | Format::Jsonl => json(&roles, file, bytes),
    }
}

/// Which column means what, by the names of the values they show.
struct Roles<'f> {
    file: &'f File,
    currency: &'static str,
    sku: Option<usize>,
    regular: Option<usize>,
    reduced: Option<usize>,
    availability: Option<usize>,
    title: Option<usize>,
    gtin: Option<usize>,
    link: Option<usize>,
    picture: Option<usize>,
    packed: Option<usize>,
}

impl<'f> Roles<'f> {
    fn of(profile: &Profile, file: &'f File, currency: &'static str) -> Self {
        let shows = |names: &[&str]| {
            file.columns.iter().position(|column| {
                let first = column.value.first();
                first.is_some_and(
                    |value| matches!(value, Expression::Value(name, _) if names.contains(name)),
                )
            })
        };
        let keyed = |key: &Option<String>| {
            let key = key.as_deref()?;
            file.columns.iter().position(|column| column.key == key)
        };
        Self {
            file,
            currency,
            sku: shows(&["sku"]).or_else(|| shows(&["product"])),
            regular: keyed(&profile.price.regular),
            reduced: keyed(&profile.price.reduced),
            availability: shows(&["availability", "available"]),
            title: shows(&["title.variant"]),
            gtin: shows(&["gtin"]),
            link: shows(&["link"]),
            picture: shows(&["picture"]),
            packed: shows(&["taobao.skus"]),
        }
    }

    /// The claim of one row; `cell` gives the text of a column.
    fn claim<'c>(&self, cell: impl Fn(usize) -> &'c str) -> Option<Claim> {
        let at = |role: Option<usize>| role.map_or("", &cell);
        let sku = at(self.sku);
        if sku.is_empty() {
            return None;
        }
        let price = match (at(self.reduced), at(self.regular)) {
            ("", "") => String::new(),
            ("", regular) => self.price(self.regular, regular),
            (reduced, _) => self.price(self.reduced, reduced),
        };
        let available = self.availability.and_then(|nth| self.available(nth, cell(nth)));
        Some(Claim {
            file: 0,
            sku: sku.to_owned(),
            price,
            available,
            title: mark(at(self.title)),
            gtin: mark(at(self.gtin)),
            link: mark(at(self.link)),
            pictures: Some(mark(at(self.picture))).filter(|mark| *mark != 0).into_iter().collect(),
        })
    }

    /// The claims of variants that stand in one cell of a data pack: `price:quantity:SKU:pid:vid;pid:vid;` each.
    fn packed(&self, record: &::csv::StringRecord) -> Vec<Claim> {
        let cell = self.packed.and_then(|nth| record.get(nth)).unwrap_or_default();
        cell.split(';')
            .filter_map(|part| {
                let fields: Vec<&str> = part.split(':').collect();
                // A property alone is a number and a number; a SKU may have a colon of its own.
                let [price, stock, sku @ .., _, _] = &fields[..] else { return None };
                (!sku.is_empty()).then(|| Claim {
                    sku: sku.join(":"),
                    price: self.price(None, price),
                    available: Some(*stock != "0"),
                    ..Claim::default()
                })
            })
            .collect()
    }

    /// `69.00 CNY`, however the column writes it.
    fn price(&self, column: Option<usize>, text: &str) -> String {
        let column = column.and_then(|nth| self.file.columns.get(nth));
        match column.and_then(|column| column.money).unwrap_or(self.file.money) {
            MoneyForm::Currency => text.to_owned(),
            MoneyForm::Decimal => format!("{text} {}", self.currency),
            MoneyForm::Minor => {
                let digits = crate::catalog::money::Currency::of(self.currency)
                    .map_or(2, |currency| currency.digits as usize);
                let text = format!("{text:0>width$}", width = digits + 1);
                let (whole, rest) = text.split_at(text.len() - digits);
                let point = if digits == 0 { "" } else { "." };
                format!("{whole}{point}{rest} {}", self.currency)
            }
        }
    }

    fn available(&self, nth: usize, text: &str) -> Option<bool> {
        let column: &Column = self.file.columns.get(nth)?;
        let own = column.words.iter().find(|(_, theirs)| theirs == text).map(|(ours, _)| &**ours);
        match own.unwrap_or(text) {
            "in_stock" | "true" => Some(true),
            "out_of_stock" | "false" => Some(false),
            _ => None,
        }
    }
}

fn text<'b>(file: &File, bytes: &'b [u8]) -> Cow<'b, str> {
    let encoding = match file.encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => UTF_8,
        Encoding::Utf16LeBom => UTF_16LE,
        Encoding::Gbk => GBK,
        Encoding::Gb18030 => GB18030,
    };
    encoding.decode_without_bom_handling(bytes).0
}

fn csv(roles: &Roles<'_>, file: &File, bytes: &[u8]) -> Vec<Claim> {
    let text = text(file, bytes);
    let delimiter = u8::try_from(file.delimiter).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(if file.format == Format::Xlsx { b',' } else { delimiter })
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = ::csv::StringRecord::new();
    let mut claims = Vec::new();
    while reader.read_record(&mut record).is_ok_and(|more| more) {
        claims.extend(roles.claim(|nth| record.get(nth).unwrap_or_default()));
        claims.extend(roles.packed(&record));
    }
    claims
}

fn xml(roles: &Roles<'_>, file: &File, bytes: &[u8]) -> Vec<Claim> {
    let Some(form) = &file.xml else { return Vec::new() };
    let text = text(file, bytes);
    let mut reader = Reader::from_str(&text);
    let mut claims = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut at: Option<usize> = None;
    let mut inside = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.name();
                let name = name.as_ref();
                if name == form.item {
                    inside = true;
                    cells = vec![String::new(); file.columns.len()];
                } else if inside {
                    let key = name.strip_prefix(form.prefix.as_str()).unwrap_or(name);
                    at = file.columns.iter().position(|column| column.key == key);
                    // Of a field that is repeated, the first counts.
                    at = at.filter(|nth| cells.get(*nth).is_some_and(String::is_empty));
                }
            }
            Ok(Event::Text(text)) => {
                if let Some(cell) = at.and_then(|nth| cells.get_mut(nth)) {
                    cell.push_str(&text);
                }
            }
            Ok(Event::GeneralRef(entity)) => {
                if let Some(cell) = at.and_then(|nth| cells.get_mut(nth)) {
                    if let Ok(Some(c)) = entity.resolve_char_ref() {
                        cell.push(c);
                    } else {
                        let plain = quick_xml::escape::resolve_predefined_entity(&entity);
                        cell.push_str(plain.unwrap_or_default());
                    }
                }
            }
            Ok(Event::End(end)) => {
                at = None;
                if end.name().as_ref() == form.item.as_str() {
                    inside = false;
                    claims.extend(roles.claim(|nth| cells.get(nth).map_or("", String::as_str)));
                }
            }
            Ok(Event::Eof) | Err(_) => return claims,
            Ok(_) => {}
        }
    }
}

fn json(roles: &Roles<'_>, file: &File, bytes: &[u8]) -> Vec<Claim> {
    let text = text(file, bytes);
    // Each object stands on a line of its own, in a list too.
    let lines = text.lines().map(|line| line.trim_end_matches(','));
    let objects: Vec<Value> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    let claim = |object: &Value| {
        let cells: Vec<String> = file
            .columns
            .iter()
            .map(|column| match &object[&column.key] {
                Value::String(text) => text.clone(),
                Value::Bool(truth) => truth.to_string(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            })
            .collect();
        roles.claim(|nth| cells.get(nth).map_or("", String::as_str))
    };
    objects.iter().filter_map(claim).collect()
}
