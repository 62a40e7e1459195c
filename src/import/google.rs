//! Merchant Center XML: items with one group are the variants of one product.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::{Found, Kind, Picture, Price, Product, Variant, amount, price};

/// What variants of a feed can differ in.
const AXES: [&str; 4] = ["color", "size", "material", "pattern"];

/// What an item says, by the names of its elements.
#[derive(Default)]
struct Item {
    line: usize,
    said: HashMap<String, Vec<String>>,
}

impl Item {
    fn get(&self, name: &str) -> Option<&Vec<String>> {
        self.said.get(name)
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Found, &'static str> {
    let items = items(&text(bytes))?;
    let mut found = Found { rows: items.len(), ..Found::default() };
    let mut groups: Vec<(String, Vec<Item>)> = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for item in items {
        if one(&item, "title").is_empty() && one(&item, "id").is_empty() {
            let words: Vec<&str> =
                item.said.values().flatten().map(String::as_str).take(3).collect();
            found.note(item.line, "", Kind::Stray, &words.join(" | "));
            continue;
        }
        for name in ["price", "sale_price"] {
            let value = one(&item, name);
            if let Some((_, code)) = value.rsplit_once(' ').filter(|(_, code)| code.len() == 3) {
                let first = || (item.line, value.to_owned());
                found.currencies.entry(code.to_uppercase()).or_insert_with(first);
            }
            if !value.is_empty() && amount(value).is_none() {
                found.note(item.line, one(&item, "title"), Kind::BadPrice, value);
            }
        }
        let group = one(&item, "item_group_id").to_owned();
        if let Some(at) = by_name.get(&group).filter(|_| !group.is_empty()) {
            groups[*at].1.push(item);
        } else {
            by_name.insert(group.clone(), groups.len());
            groups.push((group, vec![item]));
        }
    }
    found.products = groups.into_iter().map(|(group, items)| product(&group, &items)).collect();
    Ok(found)
}

/// The feed's text: by its mark, by what its first line says, else UTF-8 or what Chinese systems write.
fn text(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let label = head.split("encoding=").nth(1).map(|rest| rest.trim_start_matches(['"', '\'']));
    let label = label.and_then(|rest| rest.split(['"', '\'', '?']).next()).unwrap_or_default();
    let said = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
    let (text, bad) = said.decode_without_bom_handling(bytes);
    if bad { GB18030.decode(bytes).0.into_owned() } else { text.into_owned() }
}

fn one<'i>(item: &'i Item, name: &str) -> &'i str {
    item.get(name).and_then(|all| all.first()).map_or("", String::as_str)
}

fn product(group: &str, items: &[Item]) -> Product {
    let first = &items[0];
    let many = !group.is_empty();
    // A variant is called by its product's title and its options: what all share is the product's.
    let words = |item| one(item, "title").split(' ').collect::<Vec<_>>();
    let shared = items.iter().fold(usize::MAX, |most, item| {
        let (own, others) = (words(first), words(item));
        most.min(own.iter().zip(&others).take_while(|(a, b)| a == b).count())
    });
    let called = |item, value: &str| {
        let behind = words(item).split_off(shared).join(" ");
        !value.is_empty() && format!(" {behind} ").contains(&format!(" {value} "))
    };
    // An option that all variants have alike is one nevertheless when they are called by it.
    let options = |axis: &&str| {
        items.iter().any(|item| one(item, axis) != one(first, axis))
            || many && shared > 0 && items.iter().all(|item| called(item, one(item, axis)))
    };
    let mut axes: Vec<&str> = AXES.into_iter().filter(options).collect();
    if many && axes.is_empty() {
        axes = AXES.into_iter().filter(|axis| !one(first, axis).is_empty()).take(1).collect();
    }
    let many = many && !axes.is_empty();
    let mut title = one(first, "title").to_owned();
    if many && items.len() > 1 && shared > 0 {
        title = words(first)[..shared].join(" ");
    }
    let link = one(first, "link").split('?').next().unwrap_or_default();
    let handle = link.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let mut pictures: Vec<Picture> = Vec::new();
    for item in items {
        let more = item.get("additional_image_link").into_iter().flatten();
        for source in item.get("image_link").into_iter().flatten().chain(more) {
            if !pictures.iter().any(|known| known.source == *source) {
                pictures.push(Picture { source: source.clone(), alt: String::new() });
            }
        }
    }
    let mut channels = Vec::new();
    for (field, name) in [
        ("category", "google_product_category"),
        ("mpn", "mpn"),
        ("gender", "gender"),
        ("age_group", "age_group"),
    ] {
        let value = one(first, name);
        if !value.is_empty() {
            channels.push(("google".to_owned(), field.to_owned(), value.to_owned()));
        }
    }
    let facts: Vec<(String, String)> =
        [("color", "Colour"), ("size", "Size"), ("material", "Material"), ("pattern", "Pattern")]
            .into_iter()
            .filter(|(axis, _)| !axes.contains(axis) && !one(first, axis).is_empty())
            .map(|(axis, name)| (name.to_owned(), one(first, axis).to_owned()))
            .collect();
    let variants = items.iter().map(|item| Variant {
        sku: one(item, "id").to_owned(),
        values: axes.iter().map(|axis| one(item, axis).to_owned()).collect(),
        price: paid(item),
        stock: stock(item),
        gtin: one(item, "gtin").to_owned(),
        picture: one(item, "image_link").to_owned(),
        line: item.line,
        ..Variant::default()
    });
    Product {
        handle: handle.to_owned(),
        sku: if many { group.to_owned() } else { one(first, "id").to_owned() },
        title,
        description: [one(first, "description"), one(first, "summary"), one(first, "content")]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or(String::new(), super::html::words),
        brand: one(first, "brand").to_owned(),
        category: one(first, "product_type")
            .split('>')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        price: if many { Price::default() } else { paid(first) },
        stock: if many { None } else { stock(first) },
        gtin: if many { String::new() } else { one(first, "gtin").to_owned() },
        axes: if many { axes.iter().map(|axis| (*axis).to_owned()).collect() } else { Vec::new() },
        variants: if many { variants.collect() } else { Vec::new() },
        pictures,
        facts,
        channels,
        line: first.line,
        ..Product::default()
    }
}

fn stock(item: &Item) -> Option<u64> {
    (one(item, "availability").replace(' ', "_") == "out_of_stock").then_some(0)
}

fn paid(item: &Item) -> Price {
    let mut price = price(one(item, "price"), one(item, "sale_price"));
    if let Some((from, to)) = one(item, "sale_price_effective_date").split_once('/')
        && !price.sale.is_empty()
    {
        price.from = moment(from);
        price.to = moment(to);
    }
    price
}

/// `2026-11-20T00:00+0800` as content files write it.
fn moment(text: &str) -> String {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let time: String = time.chars().take(5).collect();
    match time.as_str() {
        "" | "00:00" | "23:59" => day.to_owned(),
        _ => format!("{day} {time}"),
    }
}

fn items(text: &str) -> Result<Vec<Item>, &'static str> {
    let mut reader = Reader::from_str(text);
    let mut items = Vec::new();
    let mut item: Option<Item> = None;
    // Elements that are open within the item: only its own children are attributes of it.
    let mut depth = 0;
    let mut said = String::new();
    let (mut line, mut seen) = (1, 0);
    let own = |name: &str| name.rsplit(':').next().unwrap_or(name).to_lowercase();
    loop {
        let at = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = own(start.name().as_ref());
                if item.is_some() {
                    depth += 1;
                } else if matches!(name.as_str(), "item" | "entry") {
                    line += text[seen..at].matches('\n').count();
                    seen = at;
                    item = Some(Item { line, ..Item::default() });
                    depth = 0;
                }
                said.clear();
                if let (1, Some(item), Some(href)) = (depth, &mut item, href(&start)) {
                    item.said.entry(name).or_default().push(href);
                }
            }
            Ok(Event::Empty(start)) => {
                if let (0, Some(item), Some(href)) = (depth, &mut item, href(&start)) {
                    item.said.entry(own(start.name().as_ref())).or_default().push(href);
                }
            }
            Ok(Event::Text(text)) => said.push_str(&text),
            Ok(Event::CData(text)) => said.push_str(&text),
            Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                Ok(Some(c)) => said.push(c),
                _ => said.push_str(
                    quick_xml::escape::resolve_predefined_entity(&entity).unwrap_or_default(),
                ),
            },
            Ok(Event::End(end)) => {
                let name = own(end.name().as_ref());
                match &mut item {
                    Some(_) if depth == 0 => items.extend(item.take()),
                    Some(item) => {
                        let words = said.trim();
                        if depth == 1 && !words.is_empty() {
                            item.said.entry(name).or_default().push(words.to_owned());
                        }
                        depth -= 1;
                    }
                    None => {}
                }
                said.clear();
            }
            // A feed that ends within an item was cut off: half of it would be taken for all of it.
            Ok(Event::Eof) if item.is_some() => return Err("@broken-xml"),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => return Err("@broken-xml"),
        }
    }
    if items.is_empty() { Err("@not-google") } else { Ok(items) }
}

/// Where a link of Atom leads to.
fn href(start: &BytesStart<'_>) -> Option<String> {
    let attribute = start.try_get_attribute("href").ok()??;
    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}
