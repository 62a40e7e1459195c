//! What templates see of products. Texts, prices and addresses are finished here.

use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;

use super::picture;
use crate::catalog;
use crate::catalog::card::PriceTag;
use crate::catalog::moment;
use crate::catalog::product::{Product, Shown};
use crate::catalog::record::Role;
use crate::cx::Cx;

/// A product in a listing.
#[derive(Serialize)]
pub struct Card {
    sku: String,
    title: String,
    subtitle: String,
    url: String,
    price: Option<PriceTag>,
    image: Option<picture::View>,
    image2: Option<picture::View>,
    available: bool,
    badge: Option<&'static str>,
    brand: String,
    category: String,
    description: String,
}

/// The card of a product.
pub fn card(cx: &Rc<Cx>, card: &Arc<catalog::card::Card>) -> Card {
    Card {
        sku: card.sku.clone(),
        title: card.title.clone(),
        subtitle: card.subtitle.clone(),
        url: card.url.clone(),
        price: card.price.clone(),
        image: card.image.as_ref().map(|shot| picture::view(cx, shot, "main")),
        image2: card.image2.as_ref().map(|shot| picture::view(cx, shot, "main")),
        available: card.available,
        badge: card.badge,
        brand: card.brand.clone(),
        category: card.category.clone(),
        description: card.description.clone(),
    }
}

/// A name and a value.
#[derive(Serialize, Clone)]
pub struct Fact {
    name: String,
    value: String,
}

/// The facts table of a product.
pub fn facts(cx: &Rc<Cx>, product: &Product) -> Vec<Fact> {
    let lang = cx.lang();
    let facts = product.facts(lang).iter();
    facts.map(|fact| Fact { name: fact.name.clone(), value: fact.shown(lang) }).collect()
}

/// All pictures of a product.
pub fn images(cx: &Rc<Cx>, product: &Product) -> Vec<picture::View> {
    let mut views = Vec::new();
    for image in &product.images {
        let records = product.own.record.images.as_deref().unwrap_or_default();
        let role = image.named.and_then(|nth| records.get(nth as usize)).map(|record| record.role);
        let role = match role.unwrap_or_default() {
            Role::Main => "main",
            Role::Detail => "detail",
            Role::Variant => "variant",
            Role::White => "white",
        };
        if let Some(shot) = cx.shot(&image.path, || product.alt(cx.lang(), image)) {
            views.push(picture::view(cx, &shot, role));
        }
    }
    views
}

/// A name and where it leads.
#[derive(Serialize, Clone)]
pub struct Link {
    /// Its name (templates of brands and tags say `name`, the others `title`).
    pub title: String,
    /// The same.
    pub name: String,
    /// Path of its page, if it has one.
    pub url: Option<String>,
}

impl Link {
    /// A link.
    pub fn new(name: &str, url: Option<String>) -> Self {
        Self { title: name.to_owned(), name: name.to_owned(), url }
    }
}

/// A product on its own page.
#[derive(Serialize)]
pub struct Page {
    sku: String,
    title: String,
    subtitle: String,
    description: String,
    brand: Option<Link>,
    category: Option<Link>,
    tags: Vec<Link>,
    date: Option<String>,
    status: Shown,
    available: bool,
    stock: Option<u64>,
    gtin: Option<String>,
    price: Option<PriceTag>,
    facts: Vec<Fact>,
    images: Vec<picture::View>,
    axes: Vec<Axis>,
    variants: Vec<Variant>,
    body: String,
    related: Vec<Card>,
    buy: Vec<Buy>,
    url: String,
}

#[derive(Serialize)]
struct Axis {
    name: String,
    values: Vec<AxisValue>,
}

#[derive(Serialize)]
struct AxisValue {
    name: String,
    image: Option<usize>,
    available: bool,
}

#[derive(Serialize)]
struct Variant {
    sku: String,
    options: Vec<Opt>,
    label: String,
    price: Option<PriceTag>,
    stock: Option<u64>,
    available: bool,
    image: Option<usize>,
    gtin: Option<String>,
}

#[derive(Serialize)]
struct Opt {
    axis: String,
    value: String,
}

#[derive(Serialize)]
struct Buy {
    channel: String,
    name: String,
    url: String,
}

/// Products shown beside one, when it names none.
const RELATED: usize = 4;

/// Everything a product's page shows.
pub fn page(cx: &Rc<Cx>, product: &Product, body: String) -> Page {
    let lang = cx.lang();
    let category = cx.category_of(product);
    let has = |kind: &str| cx.theme().has(kind);
    let brand = product.brand(lang);
    let default = cx.shop().default_locale().to_owned();
    let brand_url = has("brand.html")
        .then(|| cx.group_slug(true, product.brand(&default)))
        .flatten()
        .map(|slug| cx.url(&format!("brands/{slug}/")));
    let tags = product.tags().iter().map(|tag| {
        let slug = cx.group_slug(false, &tag.value);
        let group = slug.as_ref().and_then(|slug| cx.tag(slug));
        let name = group.and_then(|group| group.names.get(lang)).unwrap_or(&tag.value).clone();
        let url = slug.filter(|_| has("tag.html")).map(|slug| cx.url(&format!("tags/{slug}/")));
        Link::new(&name, url)
    });
    let gtin = product.find("", |record| record.gtin.as_ref()).map(|(gtin, _)| gtin.value.clone());
    // The price may be a campaign's, whose name the navigation holds.
    let price = cx.card(&product.sku).and_then(|card| card.price.clone());
    Page {
        sku: product.sku.to_string(),
        title: product.title(lang).to_owned(),
        subtitle: product.text(lang, |record| record.subtitle.as_ref()).to_owned(),
        description: catalog::card::description(product, lang),
        brand: (!brand.is_empty()).then(|| Link::new(brand, brand_url)),
        category: (!category.path.is_empty())
            .then(|| Link::new(category.title(lang), Some(cx.url(&category.address)))),
        tags: tags.collect(),
        date: product.date.map(|date| moment::iso(date, cx.zone())),
        status: product.shown,
        available: product.available(),
        stock: product.stock(),
        gtin,
        price,
        facts: facts(cx, product),
        images: images(cx, product),
        axes: axes(cx, product),
        variants: variants(cx, product),
        body,
        related: related(cx, product, &category.path),
        buy: buy(cx, product),
        url: cx.url(&product.address),
    }
}

fn image_index(product: &Product, path: Option<&crate::id::SourcePath>) -> Option<usize> {
    product.images.iter().position(|image| Some(&image.path) == path)
}

fn axes(cx: &Rc<Cx>, product: &Product) -> Vec<Axis> {
    let Some(records) = product.variant_records() else { return Vec::new() };
    let lang = cx.lang();
    let axis = |axis: &str| {
        let mut values: Vec<(&str, AxisValue)> = Vec::new();
        for (record, variant) in paired(product) {
            let Some((_, value)) = record.options.iter().find(|(name, _)| name == axis) else {
                continue;
            };
            match values.iter_mut().find(|(own, _)| *own == value.value) {
                Some((_, known)) => known.available |= variant.available(),
                None => values.push((
                    &value.value,
                    AxisValue {
                        name: product.option_name(lang, axis, &value.value).to_owned(),
                        image: image_index(product, variant.image.as_ref()),
                        available: variant.available(),
                    },
                )),
            }
        }
        let values = values.into_iter().map(|(_, value)| value).collect();
        Axis { name: product.axis_name(lang, axis).to_owned(), values }
    };
    records.axes.iter().map(|name| axis(&name.value)).collect()
}

/// Variants with what their file says of them.
fn paired(
    product: &Product,
) -> impl Iterator<Item = (&catalog::record::VariantRecord, &catalog::product::Variant)> {
    let records = product.variant_records().map_or(&[][..], |records| &records.items);
    product.variants.iter().filter_map(|variant| {
        let own = |record: &&catalog::record::VariantRecord| {
            record.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku)
        };
        records.iter().find(own).map(|record| (record, variant))
    })
}

fn variants(cx: &Rc<Cx>, product: &Product) -> Vec<Variant> {
    let lang = cx.lang();
    let variant =
        |(record, variant): (&catalog::record::VariantRecord, &catalog::product::Variant)| {
            let options: Vec<Opt> = record
                .options
                .iter()
                .map(|(axis, value)| Opt {
                    axis: product.axis_name(lang, axis).to_owned(),
                    value: product.option_name(lang, axis, &value.value).to_owned(),
                })
                .collect();
            let label: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
            Variant {
                sku: variant.sku.to_string(),
                label: label.join(" / "),
                options,
                price: variant.price.map(|price| cx.price_tag(price)),
                stock: variant.stock,
                available: variant.available() && product.shown == Shown::OnShelf,
                image: image_index(product, variant.image.as_ref()),
                gtin: record.gtin.as_ref().map(|gtin| gtin.value.clone()),
            }
        };
    paired(product).map(variant).collect()
}

/// The products it names, else the newest of its category.
fn related(cx: &Rc<Cx>, product: &Product, category: &str) -> Vec<Card> {
    let named = product.own.record.related.as_ref();
    if let Some(skus) = named.filter(|skus| !skus.is_empty()) {
        let cards = skus.iter().filter_map(|sku| cx.card(&sku.value));
        return cards.map(|found| card(cx, &found)).collect();
    }
    let query = if category.is_empty() {
        catalog::query::Query::All
    } else {
        catalog::query::Query::Category(category.to_owned())
    };
    let newest = cx.window(&query, 0, RELATED + 1);
    let others = newest.iter().filter(|one| *one.sku != *product.sku).take(RELATED);
    others.map(|found| card(cx, found)).collect()
}

/// Where the product can be bought: its address on each channel that has one.
fn buy(cx: &Rc<Cx>, product: &Product) -> Vec<Buy> {
    let theme = cx.theme();
    let mut places = Vec::new();
    for channel in &product.own.record.channels {
        if let Some(url) = channel.url.as_ref().filter(|url| url.value.starts_with("https://")) {
            let key = format!("channel_{}", channel.name.value);
            let name = theme.word(cx.lang(), &key);
            let name = if name == key { &channel.name.value } else { name };
            places.push(Buy {
                channel: channel.name.value.clone(),
                name: name.to_owned(),
                url: url.value.clone(),
            });
        }
    }
    places
}
