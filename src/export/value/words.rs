//! Texts, names and addresses.

use std::borrow::Cow;

use super::super::cell::Cell;
use super::super::line::Line;
use crate::catalog::Catalog;

/// The channel's title: the author's own for it, else the composed one, else the product's.
pub(super) fn title<'a>(line: &Line<'a>) -> Cell<'a> {
    let good = line.good;
    if let Some(own) = crate::compose::own_title(good.product, good.profile, good.lang) {
        return Cell::text(own);
    }
    match good.wares.composed(good.product, good.profile, None, good.lang) {
        Some(text) => Cell::text(text.to_string()),
        _ => Cell::text(good.product.title(good.lang)),
    }
}

/// A text made of keywords, by its name in the profile.
pub(super) fn composed<'a>(line: &Line<'a>, name: &str) -> Cell<'a> {
    let good = line.good;
    let made = good.wares.composed(good.product, good.profile, Some(name), good.lang);
    made.map_or(Cell::Empty, |text| Cell::text(text.to_string()))
}

/// The title with the variant's options behind it, as the product's page names the variant.
pub(super) fn variant_title<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let Cell::Text(title) = title(line) else { return Cell::Empty };
    if line.record.is_none_or(|record| record.options.is_empty()) {
        return Cell::Text(title);
    }
    let mut whole = title.into_owned();
    let mut nth = 0;
    while let Some((_, value)) = line.option(nth) {
        whole.push(' ');
        whole.push_str(value);
        nth += 1;
    }
    Cell::text(whole)
}

pub(super) fn handle<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let address = line.good.product.address.trim_end_matches('/');
    Cell::text(address.rsplit('/').next().unwrap_or(address))
}

pub(super) fn gtin<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let own = line.record.and_then(|record| record.gtin.as_ref());
    let product =
        || line.good.product.find("", |record| record.gtin.as_ref()).map(|(gtin, _)| gtin);
    // A number of the product as a whole is nobody's when it has variants.
    let found = if line.variant.is_some() { own } else { product() };
    found.map_or(Cell::Empty, |gtin| Cell::text(gtin.value.as_str()))
}

pub(super) fn identified<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let known = gtin(line, "") != Cell::Empty
        || field(line, "mpn") != Cell::Empty && !line.good.product.brand(line.good.lang).is_empty();
    if known { Cell::Empty } else { Cell::Word("no") }
}

pub(super) fn html<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let html = line.good.html.get_or_init(|| super::super::text::html(line.good));
    Cell::text(html.as_str())
}

pub(super) fn tags<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let tags = line.good.product.find(line.good.lang, |record| record.tags.as_ref());
    let tags = tags.map_or(&[][..], |(tags, _)| tags);
    Cell::list(tags.iter().map(|tag| Cow::Borrowed(tag.value.as_str())).collect())
}

pub(super) fn category<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let found = line.good.records().find_map(|record| record.category.as_ref());
    found.map_or(Cell::Empty, |category| Cell::text(category.value.as_str()))
}

pub(super) fn category_path<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let catalog = line.good.catalog();
    let mut names = Vec::new();
    let mut at = Some(line.good.product.category).filter(|index| *index != 0);
    while let Some(index) = at {
        let category = &catalog.categories[index as usize];
        names.push(Cow::Borrowed(category.title(line.good.lang)));
        at = category.parent.filter(|parent| *parent != 0);
    }
    names.reverse();
    Cell::list(names)
}

pub(super) fn product_link<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let catalog = line.good.catalog();
    let path = catalog.url(line.good.lang, &line.good.product.address);
    Cell::text(format!("{}{path}", catalog.shop.base_url))
}

/// The page of what is bought; a variant's is the product's, opened at it.
pub(super) fn link<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let Cell::Text(page) = product_link(line, "") else { return Cell::Empty };
    match line.variant {
        Some(variant) => Cell::text(format!("{page}?v={}", crate::id::escaped(&variant.sku))),
        None => Cell::Text(page),
    }
}

/// What the author says for this channel by a name, or the channel's shop says for all.
pub(super) fn field<'a>(line: &Line<'a>, name: &str) -> Cell<'a> {
    let found = line
        .good
        .records()
        .flat_map(|record| &record.fields)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.value.as_str());
    Cell::text(found.unwrap_or_else(|| line.good.profile.setting(name)))
}

/// What the shop says of itself.
pub(in super::super) fn shop<'a>(catalog: &'a Catalog, lang: &str, name: &str) -> Cell<'a> {
    let shop = &catalog.shop;
    match name {
        "name" => Cell::text(shop.name.get(lang)),
        "base_url" => Cell::text(shop.base_url.as_str()),
        "currency" => Cell::text(catalog.currency.code),
        "language" => Cell::text(lang.to_owned()),
        "description" => {
            let own = shop.description.as_ref().unwrap_or(&shop.name);
            Cell::text(own.get(lang))
        }
        _ => {
            let found = shop.company.iter().find(|(key, _)| key == name);
            found.map_or(Cell::Empty, |(_, text)| Cell::text(text.value.get(lang)))
        }
    }
}
