//! What a listing shows of a product. Two cards that are equal look equal, so their hash decides what is remade.

use serde::Serialize;

use super::picture::Shot;
use super::product::{Product, Shown};
use super::{Catalog, moment, product};

/// A product in a listing.
#[derive(Clone, Serialize, Debug)]
pub struct Card {
    /// Its product's index in this generation, which nobody sees.
    #[serde(skip)]
    pub index: u32,
    /// Its SKU.
    pub sku: String,
    /// Its title.
    pub title: String,
    /// The line below.
    pub subtitle: String,
    /// A sentence for feeds.
    pub description: String,
    /// Path of its page.
    pub url: String,
    /// Its price.
    pub price: Option<PriceTag>,
    /// Its first picture.
    pub image: Option<Shot>,
    /// Its second picture.
    pub image2: Option<Shot>,
    /// Whether it can be bought.
    pub available: bool,
    /// `sale`, `new`, `sold_out` or nothing.
    pub badge: Option<&'static str>,
    /// Its brand.
    pub brand: String,
    /// Its category's name.
    pub category: String,
    /// Its date, ISO 8601.
    pub date: Option<String>,
    /// Whether shoppers see it.
    pub shown: Shown,
}

/// A price, ready to be shown.
#[derive(Clone, Serialize, Debug)]
pub struct PriceTag {
    /// The lowest price now, as a bare number.
    pub amount: String,
    /// The same, as people write it.
    pub now: String,
    /// The regular price, as people write it.
    pub list: String,
    /// What to show: the price, or the range over the variants.
    pub text: String,
    /// The regular price, while it is crossed out.
    pub list_text: Option<String>,
    /// Lowest and highest, bare numbers.
    pub low: String,
    /// Highest, a bare number.
    pub high: String,
    /// Variants differ in price.
    pub range: bool,
    /// It is reduced now.
    pub sale: bool,
    /// Whole per cent saved.
    pub percent_off: i64,
    /// The amount saved, as people write it.
    pub saving_text: Option<String>,
    /// When the reduction began, ISO 8601.
    pub from: Option<String>,
    /// When it ends, ISO 8601.
    pub to: Option<String>,
    /// When it ends, as people write it.
    pub until_text: Option<String>,
    /// The campaign that gives it.
    pub campaign: Option<CampaignLink>,
    /// Currency code.
    pub currency: &'static str,
}

/// A campaign's name and page.
#[derive(Clone, Serialize, Debug)]
pub struct CampaignLink {
    /// Its name.
    pub title: String,
    /// Path of its page.
    pub url: String,
}

/// Days for which a product counts as new.
pub const NEW_DAYS: i64 = 30;

impl Card {
    /// The card of a product in a language.
    pub fn of(catalog: &Catalog, index: u32, locale: &str) -> Self {
        let product = &catalog.products[index as usize];
        let category = &catalog.categories[product.category as usize];
        let price = PriceTag::of(catalog, product, locale);
        let available = product.available();
        let new =
            product.date.is_some_and(|date| (0..NEW_DAYS * 86_400).contains(&(catalog.now - date)));
        let badge = match (&price, available) {
            (_, false) => Some("sold_out"),
            (Some(price), _) if price.sale => Some("sale"),
            _ if new => Some("new"),
            _ => None,
        };
        let mut shots = product
            .images
            .iter()
            .filter_map(|image| Shot::of(catalog, &image.path, || product.alt(locale, image)));
        Self {
            index,
            sku: product.sku.to_string(),
            title: product.title(locale).to_owned(),
            subtitle: product.text(locale, |record| record.subtitle.as_ref()).to_owned(),
            description: description(product, locale),
            url: catalog.url(locale, &product.address),
            price,
            image: shots.next(),
            image2: shots.next(),
            available,
            badge: if product.shown == Shown::OffShelf { None } else { badge },
            brand: product.brand(locale).to_owned(),
            category: category.title(locale).to_owned(),
            date: product.date.map(|date| moment::iso(date, &catalog.zone)),
            shown: product.shown,
        }
    }
}

/// A product's description; composed of title, subtitle and facts when nobody wrote one.
pub fn description(product: &Product, locale: &str) -> String {
    let own = product.text(locale, |record| record.description.as_ref());
    if !own.is_empty() {
        return own.to_owned();
    }
    let chinese = locale.starts_with("zh") || locale.starts_with("ja");
    let (comma, stop) = if chinese { ("，", "。") } else { (", ", ".") };
    let mut parts = vec![product.title(locale).to_owned()];
    let subtitle = product.text(locale, |record| record.subtitle.as_ref());
    if !subtitle.is_empty() {
        parts.push(subtitle.trim_end_matches(['。', '.']).to_owned());
    }
    let facts = product.facts(locale).iter().take(4);
    parts.extend(facts.map(|fact| format!("{} {}", fact.name, fact.shown(locale))));
    format!("{}{stop}", parts.join(comma))
}

/// What the head of a page says it is: what it shows, then the shop.
pub fn page_title(heading: &str, shop: &str) -> String {
    if heading.is_empty() || heading == shop {
        shop.to_owned()
    } else {
        format!("{heading} – {shop}")
    }
}

impl PriceTag {
    /// The price of a whole product.
    pub fn of(catalog: &Catalog, product: &Product, locale: &str) -> Option<Self> {
        let (low, high) = product.price_range()?;
        let mut tag = Self::between(catalog, low, high, locale);
        // One crossed-out price beside a range must hold for all of it.
        let lists = || product.variants.iter().filter_map(|one| one.price).map(|price| price.list);
        if let (Some(least), Some(most)) = (lists().min(), lists().max())
            && tag.sale
            && (tag.range || least != most)
        {
            tag.list_text = Some(product::price_text(least, most, &catalog.currency, locale));
            tag.percent_off = 0;
            tag.saving_text = None;
        }
        Some(tag)
    }

    /// The price of one variant.
    pub fn single(catalog: &Catalog, price: product::Price, locale: &str) -> Self {
        Self::between(catalog, price, price, locale)
    }

    fn between(catalog: &Catalog, low: product::Price, high: product::Price, locale: &str) -> Self {
        let currency = &catalog.currency;
        let sale = low.on_sale();
        let saved = super::money::Money(low.list.0 - low.now.0);
        let campaign = low.campaign.filter(|_| sale).map(|at| &catalog.campaigns[at as usize]);
        let iso = |seconds: Option<i64>| {
            seconds.filter(|_| sale).map(|seconds| moment::iso(seconds, &catalog.zone))
        };
        Self {
            amount: low.now.decimal(currency),
            now: low.now.display(currency, locale),
            list: low.list.display(currency, locale),
            text: product::price_text(low.now, high.now, currency, locale),
            list_text: sale.then(|| low.list.display(currency, locale)),
            low: low.now.decimal(currency),
            high: high.now.decimal(currency),
            range: low.now != high.now,
            sale,
            percent_off: low.percent_off(),
            saving_text: sale.then(|| saved.display(currency, locale)),
            from: iso(low.from),
            to: iso(low.to),
            until_text: low
                .to
                .filter(|_| sale)
                .map(|to| moment::display_end(to, &catalog.zone, locale)),
            campaign: campaign.map(|campaign| CampaignLink {
                title: campaign.text(locale, |record| record.title.as_ref()).to_owned(),
                url: catalog.url(locale, &campaign.address()),
            }),
            currency: currency.code,
        }
    }
}
