//! Structured data (schema.org 30.0) and other things that search engines read.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::chrome;
use super::view::Link;
use crate::catalog::card::{Card, PriceTag};
use crate::catalog::product::{Product, Shown, Variant};
use crate::cx::Cx;

/// The company behind the shop, and the site: on the home page.
pub fn organization(cx: &Rc<Cx>) -> Vec<Value> {
    let shop = cx.shop();
    let lang = cx.lang();
    let home = format!("{}{}", shop.base_url, cx.url(""));
    let text = |name: &str| {
        let found = shop.company.iter().find(|(key, _)| key == name);
        found.map(|(_, text)| text.value.get(lang).to_owned())
    };
    let mut organization = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": format!("{}/#organization", shop.base_url),
        "name": text("name").unwrap_or_else(|| shop.name.get(lang).to_owned()),
        "url": home,
    });
    if let Some(logo) = chrome::logo(cx) {
        organization["logo"] = json!(format!("{}{logo}", shop.base_url));
    }
    if let Some(contact) = text("contact").filter(|contact| contact.contains('@')) {
        organization["email"] = json!(contact.split_whitespace().find(|word| word.contains('@')));
    }
    let site = json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": format!("{home}#website"),
        "name": shop.name.get(lang),
        "url": home,
        "inLanguage": lang,
        "publisher": {"@id": format!("{}/#organization", shop.base_url)},
    });
    vec![organization, site]
}

/// The way from home to a page.
pub fn breadcrumbs(crumbs: &[Link], base: &str) -> Value {
    let items: Vec<Value> = crumbs
        .iter()
        .enumerate()
        .map(|(nth, crumb)| {
            json!({
                "@type": "ListItem",
                "position": nth + 1,
                "name": crumb.title,
                "item": format!("{base}{}", crumb.url.as_deref().unwrap_or("/")),
            })
        })
        .collect();
    json!({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
}

/// The products of one page of a listing.
pub fn item_list(cx: &Rc<Cx>, cards: &[std::sync::Arc<Card>], first: usize) -> Value {
    let base = &cx.shop().base_url;
    let items: Vec<Value> = cards
        .iter()
        .enumerate()
        .map(|(nth, card)| {
            json!({"@type": "ListItem", "position": first + nth, "url": format!("{base}{}", card.url), "name": card.title})
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "ItemList",
        "numberOfItems": cards.len(),
        "itemListElement": items,
    })
}

/// A product; with variants, the group and each of them.
pub fn product(cx: &Rc<Cx>, product: &Product, pictures: &[String]) -> Value {
    let shop = cx.shop();
    let lang = cx.lang();
    let url = format!("{}{}", shop.base_url, cx.url(&product.address));
    let images: Vec<String> =
        pictures.iter().map(|path| format!("{}{path}", shop.base_url)).collect();
    let mut data = Map::new();
    data.insert("@context".into(), json!("https://schema.org"));
    data.insert(
        "@type".into(),
        json!(if product.variants.is_empty() { "Product" } else { "ProductGroup" }),
    );
    data.insert("name".into(), json!(product.title(lang)));
    data.insert("description".into(), json!(crate::catalog::card::description(product, lang)));
    data.insert("url".into(), json!(url));
    if !images.is_empty() {
        data.insert("image".into(), json!(images));
    }
    let brand = product.brand(lang);
    if !brand.is_empty() {
        data.insert("brand".into(), json!({"@type": "Brand", "name": brand}));
    }
    if let Some((gtin, _)) = product.find("", |record| record.gtin.as_ref()) {
        data.insert("gtin".into(), json!(gtin.value));
    }
    let facts: Vec<Value> = product
        .facts(lang)
        .iter()
        .map(|fact| json!({"@type": "PropertyValue", "name": fact.name, "value": fact.shown(lang)}))
        .collect();
    if !facts.is_empty() {
        data.insert("additionalProperty".into(), json!(facts));
    }
    if product.variants.is_empty() {
        data.insert("sku".into(), json!(product.sku));
        if let Some(price) = product.price {
            data.insert(
                "offers".into(),
                offer(&cx.price_tag(price), product.available(), &url, product.shown),
            );
        }
        return Value::Object(data);
    }
    data.insert("productGroupID".into(), json!(product.sku));
    if let Some(records) = product.variant_records() {
        let axes: Vec<&str> =
            records.axes.iter().map(|axis| property(&axis.value).unwrap_or(&axis.value)).collect();
        data.insert("variesBy".into(), json!(axes));
    }
    let variants: Vec<Value> =
        product.variants.iter().map(|one| variant(cx, product, one, &url, &images)).collect();
    data.insert("hasVariant".into(), json!(variants));
    Value::Object(data)
}

fn variant(
    cx: &Rc<Cx>,
    product: &Product,
    variant: &Variant,
    url: &str,
    images: &[String],
) -> Value {
    let lang = cx.lang();
    let records = product.variant_records();
    let record = records.and_then(|records| {
        records
            .items
            .iter()
            .find(|one| one.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku))
    });
    let mut data = Map::new();
    let mut names = vec![product.title(lang).to_owned()];
    data.insert("@type".into(), json!("Product"));
    data.insert("sku".into(), json!(variant.sku));
    let page = format!("{url}?v={}", escaped(&variant.sku));
    data.insert("url".into(), json!(page));
    for (axis, value) in record.map_or(&[][..], |record| &record.options) {
        let name = product.option_name(lang, axis, &value.value);
        names.push(name.to_owned());
        if let Some(property) = property(axis) {
            let key = property.rsplit('/').next().unwrap_or(property);
            data.insert(key.into(), json!(name));
        }
    }
    data.insert("name".into(), json!(names.join(" ")));
    let own = variant
        .image
        .as_ref()
        .and_then(|path| product.images.iter().position(|one| one.path == *path));
    if let Some(image) = own.and_then(|at| images.get(at)).or(images.first()) {
        data.insert("image".into(), json!(image));
    }
    if let Some(gtin) = record.and_then(|record| record.gtin.as_ref()) {
        data.insert("gtin".into(), json!(gtin.value));
    }
    if let Some(price) = variant.price {
        data.insert(
            "offers".into(),
            offer(&cx.price_tag(price), variant.available(), &page, product.shown),
        );
    }
    Value::Object(data)
}

fn offer(price: &PriceTag, available: bool, url: &str, shown: Shown) -> Value {
    let availability = match (shown, available) {
        (Shown::OffShelf | Shown::Hidden, _) => "https://schema.org/Discontinued",
        (_, true) => "https://schema.org/InStock",
        (_, false) => "https://schema.org/OutOfStock",
    };
    let mut offer = json!({
        "@type": "Offer",
        "price": price.amount,
        "priceCurrency": price.currency,
        "availability": availability,
        "itemCondition": "https://schema.org/NewCondition",
        "url": url,
    });
    if let Some(until) = &price.to {
        offer["priceValidUntil"] = json!(until);
    }
    offer
}

/// The schema.org property of an axis that has one.
fn property(axis: &str) -> Option<&'static str> {
    match axis.to_lowercase().as_str() {
        "颜色" | "color" | "colour" | "釉色" => Some("https://schema.org/color"),
        "尺寸" | "尺码" | "size" | "规格" => Some("https://schema.org/size"),
        "材质" | "material" => Some("https://schema.org/material"),
        "花纹" | "图案" | "pattern" => Some("https://schema.org/pattern"),
        _ => None,
    }
}

/// A SKU as a query's value.
fn escaped(sku: &str) -> String {
    let mut out = String::new();
    for byte in sku.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// At most `limit` half-widths of a text, cut at the end of a word or sentence.
pub fn shorten(text: &str, limit: usize) -> String {
    use unicode_width::UnicodeWidthChar;
    let text = text.trim();
    let mut width = 0;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        width += c.width().unwrap_or(0);
        if width > limit {
            end = at;
            break;
        }
    }
    if end == text.len() {
        return text.to_owned();
    }
    let head = &text[..end];
    let cut = head
        .rfind(['。', '；', '，', '.', ';', ','])
        .filter(|at| *at > end / 2)
        .or_else(|| head.rfind(' ').filter(|at| *at > end / 2))
        .unwrap_or(end);
    format!("{}…", head[..cut].trim_end_matches([' ', ',', '，', '.', '。', ';', '；']))
}
