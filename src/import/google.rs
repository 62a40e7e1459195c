//! Merchant Center XML: items with one group are the variants of one product.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Found, Picture, Price, Product, Variant, price};

/// What variants of a feed can differ in.
const AXES: [&str; 4] = ["color", "size", "material", "pattern"];

type Item = HashMap<String, Vec<String>>;

pub(super) fn read(bytes: &[u8]) -> Result<Found, &'static str> {
    let items = items(&super::sheet::text(bytes))?;
    let mut found = Found { rows: items.len(), ..Found::default() };
    let mut groups: Vec<(String, Vec<Item>)> = Vec::new();
    for item in items {
        let group = one(&item, "item_group_id").to_owned();
        match groups.iter_mut().find(|(name, _)| !group.is_empty() && *name == group) {
            Some((_, all)) => all.push(item),
            None => groups.push((group, vec![item])),
        }
    }
    found.products = groups.into_iter().map(|(group, items)| product(&group, &items)).collect();
    Ok(found)
}

fn one<'i>(item: &'i Item, name: &str) -> &'i str {
    item.get(name).and_then(|all| all.first()).map_or("", String::as_str)
}

fn product(group: &str, items: &[Item]) -> Product {
    let first = &items[0];
    let differs = |axis: &&str| items.iter().any(|item| one(item, axis) != one(first, axis));
    let many = !group.is_empty();
    let mut axes: Vec<&str> = AXES.into_iter().filter(differs).collect();
    if many && axes.is_empty() {
        axes = AXES.into_iter().filter(|axis| !one(first, axis).is_empty()).take(1).collect();
    }
    let many = many && !axes.is_empty();
    let mut title = one(first, "title").to_owned();
    if many && items.len() > 1 {
        // A variant is called by its product's title and its options: what all share is the product's.
        let shared = items[1..].iter().fold(title.split(' ').count(), |most, item| {
            let pairs = title.split(' ').zip(one(item, "title").split(' '));
            most.min(pairs.take_while(|(a, b)| a == b).count())
        });
        if shared > 0 {
            title = title.split(' ').take(shared).collect::<Vec<_>>().join(" ");
        }
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
            channels.push(("google", field, value.to_owned()));
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
    });
    Product {
        handle: handle.to_owned(),
        sku: if many { group.to_owned() } else { one(first, "id").to_owned() },
        title,
        description: one(first, "description").to_owned(),
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
        ..Product::default()
    }
}

fn stock(item: &Item) -> Option<u64> {
    (one(item, "availability").replace(' ', "_") == "out_of_stock").then_some(0)
}

fn paid(item: &Item) -> Price {
    let amount = |name| one(item, name).split_whitespace().next().unwrap_or_default();
    let mut price = price(amount("price"), amount("sale_price"));
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
    let mut at = String::new();
    let mut said = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.name();
                let name = name.as_ref();
                if matches!(name, "item" | "entry") {
                    item = Some(Item::new());
                }
                name.rsplit(':').next().unwrap_or(name).clone_into(&mut at);
                said.clear();
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
                let name = end.name();
                if matches!(name.as_ref(), "item" | "entry") {
                    items.extend(item.take());
                } else if let Some(item) = &mut item
                    && !said.trim().is_empty()
                {
                    item.entry(at.clone()).or_default().push(said.trim().to_owned());
                }
                said.clear();
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => return Err("@not-google"),
        }
    }
    if items.is_empty() { Err("@not-google") } else { Ok(items) }
}
