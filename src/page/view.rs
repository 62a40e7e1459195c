//! What templates see of products. Texts, prices and addresses are finished here.

use std::rc::Rc;

use serde::Serialize;
use tera::Value;

use super::picture;
use crate::catalog;
use crate::catalog::card::PriceTag;
use crate::catalog::moment;
use crate::catalog::product::{Product, Shown};
use crate::catalog::record::Role;
use crate::cx::Cx;

/// A product in a listing.
#[derive(Serialize)]
struct CardView<'c> {
    sku: &'c str,
    title: &'c str,
    subtitle: &'c str,
    url: &'c str,
    price: Option<&'c PriceTag>,
    image: Option<picture::View>,
    image2: Option<picture::View>,
    available: bool,
    badge: Option<&'static str>,
    brand: &'c str,
    category: &'c str,
    description: &'c str,
}

/// The card of a product, on a page that gathers many.
pub fn card(cx: &Rc<Cx>, card: &catalog::card::Card) -> Value {
    Value::from_serializable(&CardView {
        sku: &card.sku,
        title: &card.title,
        subtitle: &card.subtitle,
        url: &card.url,
        price: card.price.as_ref(),
        image: card.image.as_ref().map(|shot| picture::view(cx, shot, "main")),
        image2: card.image2.as_ref().map(|shot| picture::view(cx, shot, "main")),
        available: card.available,
        badge: card.badge,
        brand: &card.brand,
        category: &card.category,
        description: &card.description,
    })
}

/// The same beside another product: a whole category's pages show it, so it is made once and each asks for its pictures.
fn neighbour(cx: &Rc<Cx>, found: &catalog::card::Card) -> Value {
    // The widths and formats of pictures stand in the shop's settings.
    cx.shop();
    for shot in [&found.image, &found.image2].into_iter().flatten() {
        picture::ask(cx, shot);
    }
    cx.card_view(found, || card(cx, found))
}

/// What a product and each of its variants cost.
pub struct Tags {
    /// The product itself, when it has no variants.
    pub own: Option<PriceTag>,
    /// Its variants, in order.
    pub variants: Vec<Option<PriceTag>>,
}

impl Tags {
    /// The prices of a product.
    pub fn of(cx: &Rc<Cx>, product: &Product) -> Self {
        let one = product.price.filter(|_| product.variants.is_empty());
        let variants = product.variants.iter();
        Self {
            own: one.map(|price| cx.price_tag(price)),
            variants: variants.map(|one| one.price.map(|price| cx.price_tag(price))).collect(),
        }
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
        // Of pictures without words of their own the first is what the page is about; the others say the title.
        let own = product.own_alt(cx.lang(), image);
        let composed = || if views.is_empty() { cx.composed(product, "alt") } else { None };
        let alt = own.or_else(|| composed().map(|text| text.to_string()));
        let alt = || alt.unwrap_or_else(|| product.title(cx.lang()).to_owned());
        if let Some(shot) = cx.shot(&image.path, alt) {
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
pub struct Page<'p> {
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
    price: Value,
    facts: Vec<Fact>,
    images: &'p [picture::View],
    axes: Vec<Axis>,
    variants: Vec<Variant<'p>>,
    body: String,
    related: Vec<Value>,
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
struct Variant<'p> {
    sku: &'p str,
    options: Vec<Opt>,
    label: String,
    price: Option<&'p PriceTag>,
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
pub fn page<'p>(
    cx: &Rc<Cx>,
    product: &'p Product,
    tags: &'p Tags,
    images: &'p [picture::View],
    description: String,
    body: String,
) -> Page<'p> {
    let lang = cx.lang();
    let category = cx.category_of(product);
    let has = |kind: &str| cx.theme().has(kind);
    let brand = product.brand(lang);
    let default = cx.shop().default_locale().to_owned();
    let brand_url = has("brand.html")
        .then(|| cx.group_slug(true, product.brand(&default)))
        .flatten()
        .map(|slug| cx.url(&format!("brands/{slug}/")));
    let labels = product.tags().iter().map(|tag| {
        let slug = cx.group_slug(false, &tag.value);
        let group = slug.as_ref().and_then(|slug| cx.tag(slug));
        let name = group.and_then(|group| group.names.get(lang)).unwrap_or(&tag.value).clone();
        let url = slug.filter(|_| has("tag.html")).map(|slug| cx.url(&format!("tags/{slug}/")));
        Link::new(&name, url)
    });
    let gtin = product.find("", |record| record.gtin.as_ref()).map(|(gtin, _)| gtin.value.clone());
    // The price may be a campaign's, whose name the navigation holds.
    let own = cx.card(&product.sku);
    let price = own.as_ref().and_then(|card| card.price.as_ref());
    Page {
        sku: product.sku.to_string(),
        title: product.title(lang).to_owned(),
        subtitle: product.text(lang, |record| record.subtitle.as_ref()).to_owned(),
        description,
        brand: (!brand.is_empty()).then(|| Link::new(brand, brand_url)),
        category: (!category.path.is_empty())
            .then(|| Link::new(category.title(lang), Some(cx.url(&category.address)))),
        tags: labels.collect(),
        date: product.date.map(|date| moment::iso(date, cx.zone())),
        status: product.shown,
        available: product.available(),
        stock: product.stock(),
        gtin,
        price: Value::from_serializable(&price),
        facts: facts(cx, product),
        images,
        axes: axes(cx, product),
        variants: variants(cx, product, tags),
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
        records.iter().find(|record| is_of(record, variant)).map(|record| (record, variant))
    })
}

fn is_of(record: &catalog::record::VariantRecord, variant: &catalog::product::Variant) -> bool {
    record.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku)
}

fn variants<'p>(cx: &Rc<Cx>, product: &'p Product, tags: &'p Tags) -> Vec<Variant<'p>> {
    let lang = cx.lang();
    let records = product.variant_records().map_or(&[][..], |records| &records.items);
    let priced = product.variants.iter().zip(&tags.variants);
    let view = |(variant, price): (&'p catalog::product::Variant, &'p Option<PriceTag>)| {
        let record = records.iter().find(|record| is_of(record, variant))?;
        let options: Vec<Opt> = record
            .options
            .iter()
            .map(|(axis, value)| Opt {
                axis: product.axis_name(lang, axis).to_owned(),
                value: product.option_name(lang, axis, &value.value).to_owned(),
            })
            .collect();
        let label: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
        Some(Variant {
            sku: &variant.sku,
            label: label.join(" / "),
            options,
            price: price.as_ref(),
            stock: variant.stock,
            available: variant.available() && product.shown == Shown::OnShelf,
            image: image_index(product, variant.image.as_ref()),
            gtin: record.gtin.as_ref().map(|gtin| gtin.value.clone()),
        })
    };
    priced.filter_map(view).collect()
}

/// The products it names, else the newest of its category.
fn related(cx: &Rc<Cx>, product: &Product, category: &str) -> Vec<Value> {
    let named = product.own.record.related.as_ref();
    if let Some(skus) = named.filter(|skus| !skus.is_empty()) {
        let cards = skus.iter().filter_map(|sku| cx.card(&sku.value));
        return cards.map(|found| neighbour(cx, &found)).collect();
    }
    let query = if category.is_empty() {
        catalog::query::Query::All
    } else {
        catalog::query::Query::Category(category.to_owned())
    };
    let newest = cx.window(&query, 0, RELATED + 1);
    let others = newest.iter().filter(|one| *one.sku != *product.sku).take(RELATED);
    others.map(|found| neighbour(cx, found)).collect()
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
