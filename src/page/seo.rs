//! Structured data (schema.org 30.0) and other things that search engines read.

pub mod ld;

use std::rc::Rc;

use self::ld::Object;
use super::chrome;
use super::view::{Link, Tags};
use crate::catalog::attribute::attribute;
use crate::catalog::card::{Card, PriceTag};
use crate::catalog::product::{Product, Shown, Variant};
use crate::catalog::record::VariantRecord;
use crate::cx::Cx;

/// The company behind the shop, and the site: on the home page.
pub fn organization(cx: &Rc<Cx>) -> Vec<String> {
    let shop = cx.shop();
    let lang = cx.lang();
    let home = format!("{}{}", shop.base_url, cx.url(""));
    let id = format!("{}/#organization", shop.base_url);
    let text = |name: &str| {
        let found = shop.company.iter().find(|(key, _)| key == name);
        found.map(|(_, text)| text.value.get(lang))
    };
    let organization = ld::document(|data| {
        data.text("@type", "Organization");
        data.text("@id", &id);
        data.text("name", text("name").unwrap_or_else(|| shop.name.get(lang)));
        data.text("url", &home);
        if let Some(logo) = chrome::logo(cx) {
            data.text("logo", &format!("{}{logo}", shop.base_url));
        }
        let mail = text("contact").unwrap_or("").split_whitespace().find(|word| word.contains('@'));
        if let Some(mail) = mail {
            data.text("email", mail);
        }
    });
    let site = ld::document(|data| {
        data.text("@type", "WebSite");
        data.text("@id", &format!("{home}#website"));
        data.text("name", shop.name.get(lang));
        data.text("url", &home);
        data.text("inLanguage", lang);
        data.object("publisher", |data| data.text("@id", &id));
    });
    vec![organization, site]
}

/// The way from home to a page.
pub fn breadcrumbs(crumbs: &[Link], base: &str) -> String {
    ld::document(|data| {
        data.text("@type", "BreadcrumbList");
        data.objects("itemListElement", (1..).zip(crumbs), |item, (position, crumb)| {
            item.text("@type", "ListItem");
            item.number("position", position);
            item.text("name", &crumb.title);
            item.text("item", &format!("{base}{}", crumb.url.as_deref().unwrap_or("/")));
        });
    })
}

/// The products of one page of a listing.
pub fn item_list(cx: &Rc<Cx>, cards: &[std::sync::Arc<Card>], first: usize) -> String {
    let base = &cx.shop().base_url;
    ld::document(|data| {
        data.text("@type", "ItemList");
        data.number("numberOfItems", cards.len());
        data.objects("itemListElement", (first..).zip(cards), |item, (position, card)| {
            item.text("@type", "ListItem");
            item.number("position", position);
            item.text("url", &format!("{base}{}", card.url));
            item.text("name", &card.title);
        });
    })
}

/// A product; with variants, the group and each of them.
pub fn product(
    cx: &Rc<Cx>,
    product: &Product,
    tags: &Tags,
    description: &str,
    pictures: &[String],
) -> String {
    let shop = cx.shop();
    let lang = cx.lang();
    let url = format!("{}{}", shop.base_url, cx.url(&product.address));
    let images: Vec<String> =
        pictures.iter().map(|path| format!("{}{path}", shop.base_url)).collect();
    ld::document(|data| {
        let one = product.variants.is_empty();
        data.text("@type", if one { "Product" } else { "ProductGroup" });
        data.text("name", product.title(lang));
        data.text("description", description);
        data.text("url", &url);
        if !images.is_empty() {
            data.texts("image", images.iter().map(String::as_str));
        }
        let brand = product.brand(lang);
        if !brand.is_empty() {
            data.object("brand", |data| {
                data.text("@type", "Brand");
                data.text("name", brand);
            });
        }
        if let Some((gtin, _)) = product.find("", |record| record.gtin.as_ref()) {
            data.text("gtin", &gtin.value);
        }
        let facts = product.facts(lang);
        if !facts.is_empty() {
            data.objects("additionalProperty", facts, |data, fact| {
                data.text("@type", "PropertyValue");
                data.text("name", &fact.name);
                data.text("value", &fact.shown(lang));
            });
        }
        if one {
            data.text("sku", &product.sku);
            if let Some(price) = &tags.own {
                offer(data, price, product.available(), &url, product.shown);
            }
            return;
        }
        data.text("productGroupID", &product.sku);
        if let Some(records) = product.variant_records() {
            let axes: Vec<String> = records.axes.iter().map(|axis| property(&axis.value)).collect();
            data.texts("variesBy", axes.iter().map(String::as_str));
        }
        let variants = product.variants.iter().zip(&tags.variants);
        data.objects("hasVariant", variants, |data, (one, price)| {
            variant(data, lang, product, (one, price.as_ref()), &url, &images);
        });
    })
}

fn variant(
    data: &mut Object<'_>,
    lang: &str,
    product: &Product,
    (variant, price): (&Variant, Option<&PriceTag>),
    url: &str,
    images: &[String],
) {
    let own = |one: &&VariantRecord| one.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku);
    let record = product.variant_records().and_then(|records| records.items.iter().find(own));
    let mut name = product.title(lang).to_owned();
    data.text("@type", "Product");
    data.text("sku", &variant.sku);
    let page = format!("{url}?v={}", crate::id::escaped(&variant.sku));
    data.text("url", &page);
    for (axis, value) in record.map_or(&[][..], |record| &record.options) {
        let option = product.option_name(lang, axis, &value.value);
        name.push(' ');
        name.push_str(option);
        if let Some(attribute) = attribute(axis) {
            data.text(attribute, option);
        }
    }
    data.text("name", &name);
    let own = variant
        .image
        .as_ref()
        .and_then(|path| product.images.iter().position(|one| one.path == *path));
    if let Some(image) = own.and_then(|at| images.get(at)).or(images.first()) {
        data.text("image", image);
    }
    if let Some(gtin) = record.and_then(|record| record.gtin.as_ref()) {
        data.text("gtin", &gtin.value);
    }
    if let Some(price) = price {
        offer(data, price, variant.available(), &page, product.shown);
    }
}

fn offer(data: &mut Object<'_>, price: &PriceTag, available: bool, url: &str, shown: Shown) {
    let availability = match (shown, available) {
        (Shown::OffShelf | Shown::Hidden, _) => "https://schema.org/Discontinued",
        (_, true) => "https://schema.org/InStock",
        (_, false) => "https://schema.org/OutOfStock",
    };
    data.object("offers", |data| {
        data.text("@type", "Offer");
        data.text("price", &price.amount);
        data.text("priceCurrency", price.currency);
        data.text("availability", availability);
        data.text("itemCondition", "https://schema.org/NewCondition");
        data.text("url", url);
        if let Some(until) = &price.to {
            data.text("priceValidUntil", until);
        }
    });
}

/// The schema.org property of an axis; its own name when there is none.
fn property(axis: &str) -> String {
    attribute(axis).map_or_else(|| axis.to_owned(), |name| format!("https://schema.org/{name}"))
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
