//! A product as it stands: its own words, other languages, and what it inherits, first found wins.

use std::sync::Arc;

use serde::Serialize;

use super::fact::Fact;
use super::money::{Currency, Money};
use super::record::{ChannelRecord, ImageRecord, Record, Status, Variants};
use super::text::Text;
use crate::diag::Diagnostic;
use crate::id::{Hash, SourcePath};
use crate::source::fields::At;

/// What one file says, and where it says it.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The file (for rows: the table).
    pub file: SourcePath,
    /// What it says.
    pub record: Arc<Record>,
    /// Hash of what it says, whatever lines it stands on.
    pub hash: Hash,
    /// Its Markdown text.
    pub body: Option<Body>,
}

/// Markdown text of one language.
#[derive(Clone, Debug)]
pub struct Body {
    /// The file it stands in, and which relative paths start from.
    pub file: SourcePath,
    /// Hash of the text.
    pub hash: Hash,
    /// The text itself and its cell, where it does not stand below front matter.
    pub inline: Option<At<Arc<str>>>,
}

/// Whether shoppers see a product.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Not yet: a draft, or before its time.
    Hidden,
    /// For sale.
    OnShelf,
    /// No longer for sale; the page stays.
    OffShelf,
}

/// A price at the build's moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug, Hash)]
pub struct Price {
    /// What a buyer pays.
    pub now: Money,
    /// The regular price.
    pub list: Money,
    /// First second of the reduction that holds now.
    pub from: Option<i64>,
    /// First second after it.
    pub to: Option<i64>,
    /// The campaign that gives it, by index.
    pub campaign: Option<u32>,
}

impl Price {
    /// Whether it is reduced now.
    pub fn on_sale(&self) -> bool {
        self.now < self.list
    }

    /// Whole per cent saved.
    pub fn percent_off(&self) -> i64 {
        if self.list.0 == 0 { 0 } else { (self.list.0 - self.now.0) * 100 / self.list.0 }
    }
}

/// One variant at the build's moment.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its SKU.
    pub sku: Arc<str>,
    /// Its price.
    pub price: Option<Price>,
    /// Pieces in stock; unknown counts as available.
    pub stock: Option<u64>,
    /// Its picture.
    pub image: Option<SourcePath>,
}

impl Variant {
    /// Whether it can be bought.
    pub fn available(&self) -> bool {
        self.stock != Some(0)
    }
}

/// One picture of a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// The file.
    pub path: SourcePath,
    /// Its record in the layer it came from, if it was named there.
    pub named: Option<u32>,
}

/// One product of the catalogue.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its SKU.
    pub sku: Arc<str>,
    /// What its own file says.
    pub own: Layer,
    /// What its files in other languages say.
    pub locales: Vec<(String, Layer)>,
    /// What it inherits from, nearest first: categories, then the shop.
    pub defaults: Arc<[Layer]>,
    /// Its category's index.
    pub category: u32,
    /// Its address within a language, without a leading `/`: `cups/celadon/`.
    pub address: String,
    /// Whether shoppers see it.
    pub shown: Shown,
    /// Its price, when every variant has the same or it has none.
    pub price: Option<Price>,
    /// Its variants.
    pub variants: Vec<Variant>,
    /// Its pictures, first the main one.
    pub images: Vec<Image>,
    /// Seconds of its date, for newest first.
    pub date: Option<i64>,
    /// Its file could not be read to its end, so what seems missing may not be.
    pub partial: bool,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

impl Product {
    /// First found in: the language's file, the product's own, the categories', the shop's.
    pub fn find<'p, T>(
        &'p self,
        locale: &str,
        pick: impl Fn(&'p Record) -> Option<&'p T>,
    ) -> Option<(&'p T, &'p Layer)> {
        self.layers(locale).find_map(|layer| pick(&layer.record).map(|found| (found, layer)))
    }

    /// The layers in which a value is looked for, in order.
    pub fn layers<'p>(&'p self, locale: &str) -> impl Iterator<Item = &'p Layer> {
        let local = self.locales.iter().find(|(name, _)| name == locale).map(|(_, layer)| layer);
        local.into_iter().chain(std::iter::once(&self.own)).chain(self.defaults.iter())
    }

    /// A text field in a language: a nearer layer's translation, else the nearest text.
    pub fn text<'p>(
        &'p self,
        locale: &str,
        pick: impl Fn(&'p Record) -> Option<&'p At<Text>>,
    ) -> &'p str {
        let mut first = None;
        for layer in self.layers(locale) {
            if let Some(text) = pick(&layer.record) {
                if let Some(exact) = text.value.exact(locale) {
                    return exact;
                }
                first = first.or(Some(text.value.get(locale)));
            }
        }
        first.unwrap_or("")
    }

    /// Its title; the SKU when there is none.
    pub fn title(&self, locale: &str) -> &str {
        let title = self.text(locale, |record| record.title.as_ref());
        if title.is_empty() { &self.sku } else { title }
    }

    /// Its facts in a language.
    pub fn facts(&self, locale: &str) -> &[Fact] {
        self.find(locale, |record| record.facts.as_ref()).map_or(&[], |(facts, _)| facts)
    }

    /// Its tags: those of the file nearest to the default language, so that tag pages agree.
    pub fn tags(&self) -> &[At<String>] {
        self.find("", |record| record.tags.as_ref()).map_or(&[], |(tags, _)| tags)
    }

    /// Its brand in a language, and in the shop's first one (which names the brand's page).
    pub fn brand(&self, locale: &str) -> &str {
        self.text(locale, |record| record.brand.as_ref())
    }

    /// What its own variants say.
    pub fn variant_records(&self) -> Option<&Variants> {
        self.own.record.variants.as_ref()
    }

    /// The axis' name in a language.
    pub fn axis_name<'p>(&'p self, locale: &str, axis: &'p str) -> &'p str {
        self.option_names(locale, axis).and_then(|names| names.name.as_deref()).unwrap_or(axis)
    }

    /// An option's name in a language.
    pub fn option_name<'p>(&'p self, locale: &str, axis: &str, value: &'p str) -> &'p str {
        self.option_names(locale, axis)
            .and_then(|names| names.values.iter().find(|(own, _)| own == value))
            .map_or(value, |(_, name)| name)
    }

    fn option_names(&self, locale: &str, axis: &str) -> Option<&super::record::OptionNames> {
        self.layers(locale)
            .find_map(|layer| layer.record.options.iter().find(|names| names.axis.value == axis))
    }

    /// What is said of a channel, nearest layer first.
    pub fn channel<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p ChannelRecord> {
        std::iter::once(&self.own)
            .chain(self.defaults.iter())
            .flat_map(|layer| layer.record.channels.iter())
            .filter(move |channel| channel.name.value == name)
    }

    /// The Markdown text in a language, else in the product's own.
    pub fn body(&self, locale: &str) -> Option<&Body> {
        let local = self.locales.iter().find(|(name, _)| name == locale);
        local.and_then(|(_, layer)| layer.body.as_ref()).or(self.own.body.as_ref())
    }

    /// What a picture shows, in a language; the title when nobody said.
    pub fn alt(&self, locale: &str, image: &Image) -> String {
        self.own_alt(locale, image).unwrap_or_else(|| self.title(locale).to_owned())
    }

    /// What the author says that a picture shows, in a language.
    pub fn own_alt(&self, locale: &str, image: &Image) -> Option<String> {
        let named = |layer: &Layer| -> Option<ImageRecord> {
            let images = layer.record.images.as_ref()?;
            images
                .iter()
                .find(|one| layer.file.resolve(&one.src.value).as_ref() == Some(&image.path))
                .cloned()
        };
        self.layers(locale).filter_map(named).find_map(|record| {
            record.alt.and_then(|alt| alt.value.exact(locale).map(str::to_owned))
        })
    }

    /// Whether a price was written that could not be read.
    pub fn price_unread(&self) -> bool {
        self.layers("").any(|layer| layer.record.price.given)
            && self.find("", |record| record.price.list.as_ref()).is_none()
            && self.find("", |record| record.price.sale.as_ref()).is_none()
    }

    /// Whether anything of it can be bought.
    pub fn available(&self) -> bool {
        if self.shown != Shown::OnShelf {
            return false;
        }
        if self.variants.is_empty() {
            return self.stock() != Some(0);
        }
        self.variants.iter().any(Variant::available)
    }

    /// Pieces in stock, over all variants when they say; unknown when nobody says.
    pub fn stock(&self) -> Option<u64> {
        if !self.variants.is_empty() && self.variants.iter().all(|one| one.stock.is_some()) {
            return Some(self.variants.iter().filter_map(|one| one.stock).sum());
        }
        self.find("", |record| record.stock.as_ref()).map(|(stock, _)| stock.value)
    }

    /// The lowest and the highest price now.
    pub fn price_range(&self) -> Option<(Price, Price)> {
        let prices = self.variants.iter().filter_map(|variant| variant.price);
        let low = prices.clone().min_by_key(|price| price.now).or(self.price)?;
        let high = prices.max_by_key(|price| price.now).or(self.price)?;
        Some((low, high))
    }

    /// The hash of everything the product's own page may show, but for its text and its pictures' bytes.
    pub fn page_hash(&self) -> Hash {
        let layers: Vec<Hash> = std::iter::once(self.own.hash)
            .chain(self.locales.iter().map(|(_, layer)| layer.hash))
            .chain(self.defaults.iter().map(|layer| layer.hash))
            .collect();
        let variants: Vec<_> =
            self.variants.iter().map(|one| (&one.sku, one.price, one.stock, &one.image)).collect();
        let images: Vec<&SourcePath> = self.images.iter().map(|image| &image.path).collect();
        // A row's text stands in no file of its own, so it is part of what the row says.
        let own = std::iter::once(&self.own).chain(self.locales.iter().map(|(_, layer)| layer));
        let texts: Vec<Hash> = own
            .filter_map(|layer| layer.body.as_ref())
            .filter(|body| body.inline.is_some())
            .map(|body| body.hash)
            .collect();
        Hash::of_value(&(
            (layers, texts),
            &self.address,
            self.shown,
            self.price,
            variants,
            images,
            self.date,
        ))
    }
}

/// Whether a status and the shelf times let a product be seen at `now`.
pub fn shown(status: Status, on: Option<i64>, off: Option<i64>, now: i64) -> Shown {
    match status {
        Status::Draft => Shown::Hidden,
        _ if on.is_some_and(|on| now < on) => Shown::Hidden,
        Status::OffShelf => Shown::OffShelf,
        Status::OnShelf if off.is_some_and(|off| now >= off) => Shown::OffShelf,
        Status::OnShelf => Shown::OnShelf,
    }
}

/// `¥69.00` or `¥69.00–¥92.00`.
pub fn price_text(low: Money, high: Money, currency: &Currency, locale: &str) -> String {
    let text = low.display(currency, locale);
    if low == high { text } else { format!("{text}–{}", high.display(currency, locale)) }
}
