//! The facts of one generation: what the shop sells, at one moment. Immutable once assembled; knows no page and no file format.

pub mod address;
pub mod assemble;
pub mod attribute;
pub mod card;
pub mod check;
pub mod doc;
pub mod fact;
pub mod moment;
pub mod money;
pub mod picture;
pub mod product;
pub mod query;
pub mod record;
pub mod rows;
pub mod select;
pub mod shop;
pub mod text;
mod upcoming;
pub mod wordbook;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diag::{Diagnostic, Place};
use crate::id::{Hash, SourcePath};
use crate::source::fields::At;
use address::Book;
use card::Card;
use doc::{CampaignRecord, CategoryRecord, PageRecord};
use money::Currency;
use picture::Picture;
use product::{Body, Product};
use query::Query;
use shop::Shop;
use text::Text;
use wordbook::Wordbook;

/// A card and its hash.
pub type HashedCard = (Arc<Card>, Hash);

/// All facts at one moment. A copy shares what is large, so that a small change gives a new one at once.
#[derive(Clone)]
pub struct Catalog {
    /// What `shop.yaml` says.
    pub shop: Shop,
    /// Hash of that.
    pub shop_hash: Hash,
    /// The shop's zone.
    pub zone: TimeZone,
    /// The shop's currency.
    pub currency: Currency,
    /// The build's moment, in seconds.
    pub now: i64,
    /// Products by SKU.
    pub products: Vec<Arc<Product>>,
    /// Index by SKU; a variant's SKU leads to its product.
    pub by_sku: Arc<HashMap<Arc<str>, u32>>,
    /// Index by the files that say something of a product.
    pub by_file: Arc<HashMap<SourcePath, u32>>,
    /// Categories, parents before children; the first is the root.
    pub categories: Vec<Category>,
    /// Index by path below `content/products`.
    pub by_category: HashMap<String, u32>,
    /// Campaigns by start.
    pub campaigns: Vec<Campaign>,
    /// Static pages by order.
    pub pages: Vec<Page>,
    /// The home page's text, if there is one.
    pub home: Option<Page>,
    /// Brands by slug.
    pub brands: BTreeMap<String, Group>,
    /// Tags by slug.
    pub tags: BTreeMap<String, Group>,
    /// Products of each query, in order.
    pub listings: HashMap<Query, Vec<u32>>,
    /// What is known of each picture of the shop.
    pub pictures: Arc<BTreeMap<SourcePath, Picture>>,
    /// Keyword tables, and rules for texts.
    pub wordbook: Arc<Wordbook>,
    /// Where each source file's page is, without language: `cups/celadon/`.
    pub addresses: Arc<HashMap<SourcePath, String>>,
    /// Old addresses and where they lead: `old/` to `new/`.
    pub redirects: BTreeMap<String, (String, Place)>,
    /// Addresses that were made up.
    pub book: Book,
    /// Counts of what was read, for the summary.
    pub counts: Counts,
    /// What is wrong, but for what products keep with themselves.
    pub findings: Vec<Diagnostic>,
    /// Cards, made when first asked for: by product, then language.
    pub cards: Vec<Arc<[OnceLock<HashedCard>]>>,
}

/// What went in.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Products.
    pub products: usize,
    /// Variants.
    pub variants: usize,
    /// Pictures that something names.
    pub pictures: usize,
    /// Drafts and products before their time.
    pub hidden: usize,
}

/// One category.
#[derive(Clone, Debug, Default)]
pub struct Category {
    /// Folder below `content/products`; empty for the root.
    pub path: String,
    /// Address within a language: `cups/`.
    pub address: String,
    /// Its parent's index.
    pub parent: Option<u32>,
    /// Its children's indexes, in order.
    pub children: Vec<u32>,
    /// What its file says, and in other languages.
    pub own: Option<(SourcePath, Arc<CategoryRecord>, Option<Body>)>,
    /// What its files in other languages say.
    pub locales: Vec<Local<CategoryRecord>>,
    /// Its name where no file gives one.
    pub fallback: String,
    /// Hash of what its page shows of it.
    pub hash: Hash,
}

impl Category {
    /// Its name in a language.
    pub fn title(&self, locale: &str) -> &str {
        let local = self.locales.iter().find(|(name, ..)| name == locale);
        let own = self.own.as_ref().map(|(_, record, _)| record);
        local
            .and_then(|(_, _, record, _)| record.title.as_ref())
            .or(own.and_then(|record| record.title.as_ref()))
            .map_or(&self.fallback, |title| title.value.get(locale))
    }

    /// Its description in a language.
    pub fn description(&self, locale: &str) -> &str {
        let local = self.locales.iter().find(|(name, ..)| name == locale);
        let own = self.own.as_ref().map(|(_, record, _)| record);
        local
            .and_then(|(_, _, record, _)| record.description.as_ref())
            .or(own.and_then(|record| record.description.as_ref()))
            .map_or("", |text| text.value.get(locale))
    }

    /// Its text in a language.
    pub fn body(&self, locale: &str) -> Option<&Body> {
        let local = self.locales.iter().find(|(name, ..)| name == locale);
        let own = self.own.as_ref().and_then(|(_, _, body)| body.as_ref());
        local.and_then(|(_, _, _, body)| body.as_ref()).or(own)
    }

    /// Its picture.
    pub fn image(&self) -> Option<SourcePath> {
        let (file, record, _) = self.own.as_ref()?;
        file.resolve(&record.image.as_ref()?.value)
    }

    /// Its place among its siblings.
    pub fn order(&self) -> i64 {
        self.own
            .as_ref()
            .and_then(|(_, record, _)| record.order.as_ref())
            .map_or(i64::MAX, |o| o.value)
    }
}

/// A brand or a tag.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Its name by language (for tags the same in all).
    pub names: BTreeMap<String, String>,
    /// Its name where none was given for a language.
    pub name: String,
    /// Hash of its names.
    pub hash: Hash,
}

/// Where a campaign is in its life.
#[derive(Clone, Copy, PartialEq, Eq, serde::Serialize, Debug)]
#[serde(rename_all = "lowercase")]
pub enum CampaignState {
    /// Not begun.
    Upcoming,
    /// Now.
    Live,
    /// Over.
    Ended,
}

/// One campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// `campaigns/<name>`.
    pub key: String,
    /// The last part of its address.
    pub slug: String,
    /// The file.
    pub file: SourcePath,
    /// What it says.
    pub record: Arc<CampaignRecord>,
    /// Its text.
    pub body: Option<Body>,
    /// Its files in other languages.
    pub locales: Vec<Local<CampaignRecord>>,
    /// First second.
    pub from: Option<i64>,
    /// First second after it.
    pub to: Option<i64>,
    /// Where it is in its life.
    pub state: CampaignState,
    /// Products that take part, in the order given.
    pub products: Vec<u32>,
    /// Hash of what its page shows of it.
    pub hash: Hash,
}

impl Campaign {
    /// A text in a language.
    pub fn text<'c>(
        &'c self,
        locale: &str,
        pick: impl Fn(&'c CampaignRecord) -> Option<&'c At<Text>>,
    ) -> &'c str {
        text_in(&self.record, &self.locales, locale, pick)
    }

    /// Its text in a language.
    pub fn body(&self, locale: &str) -> Option<&Body> {
        body_in(self.body.as_ref(), &self.locales, locale)
    }

    /// Its picture.
    pub fn image(&self) -> Option<SourcePath> {
        self.file.resolve(&self.record.image.as_ref()?.value)
    }

    /// Whole days from a moment until it ends, or until it begins, as clocks that count down say them.
    pub fn days_left(&self, now: i64) -> i64 {
        let end = if self.state == CampaignState::Upcoming { self.from } else { self.to };
        end.map_or(0, |end| (end - now).max(0) / 86_400)
    }

    /// Its address within a language.
    pub fn address(&self) -> String {
        format!("campaigns/{}/", self.slug)
    }
}

/// One static page.
#[derive(Clone, Debug)]
pub struct Page {
    /// `pages/<name>`.
    pub key: String,
    /// Address within a language: `about/`.
    pub address: String,
    /// The file.
    pub file: SourcePath,
    /// What it says.
    pub record: Arc<PageRecord>,
    /// Its text.
    pub body: Option<Body>,
    /// Its files in other languages.
    pub locales: Vec<Local<PageRecord>>,
    /// Hash of what its page shows of it.
    pub hash: Hash,
}

impl Page {
    /// A text in a language.
    pub fn text<'c>(
        &'c self,
        locale: &str,
        pick: impl Fn(&'c PageRecord) -> Option<&'c At<Text>>,
    ) -> &'c str {
        text_in(&self.record, &self.locales, locale, pick)
    }

    /// Its text in a language.
    pub fn body(&self, locale: &str) -> Option<&Body> {
        body_in(self.body.as_ref(), &self.locales, locale)
    }

    /// Its picture.
    pub fn image(&self) -> Option<SourcePath> {
        self.file.resolve(&self.record.image.as_ref()?.value)
    }
}

/// A file in another language: which, where, what it says, its text.
pub type Local<R> = (String, SourcePath, Arc<R>, Option<Body>);

/// A text in a language: of that language's file, else of the first.
fn text_in<'c, R>(
    record: &'c Arc<R>,
    locales: &'c [Local<R>],
    locale: &str,
    pick: impl Fn(&'c R) -> Option<&'c At<Text>>,
) -> &'c str {
    let local = locales.iter().find(|(name, ..)| name == locale);
    local
        .and_then(|(_, _, record, _)| pick(record))
        .or(pick(record))
        .map_or("", |text| text.value.get(locale))
}

/// The Markdown in a language, chosen in the same way.
fn body_in<'c, R>(
    body: Option<&'c Body>,
    locales: &'c [Local<R>],
    locale: &str,
) -> Option<&'c Body> {
    let local = locales.iter().find(|(name, ..)| name == locale);
    local.and_then(|(_, _, _, body)| body.as_ref()).or(body)
}

impl Catalog {
    /// The day of the build's moment, in the shop's zone.
    pub fn today(&self) -> Date {
        Timestamp::from_second(self.now)
            .map_or(Date::ZERO, |now| now.to_zoned(self.zone.clone()).date())
    }

    /// The product of a SKU, or the one it is a variant of.
    pub fn product(&self, sku: &str) -> Option<&Product> {
        self.by_sku.get(sku).map(|at| &*self.products[*at as usize])
    }

    /// The Markdown text that stands in a file.
    pub fn body(&self, file: &SourcePath) -> Option<&Body> {
        let own = |body: Option<&'_ Body>| body.is_some_and(|body| body.file == *file);
        if let Some(at) = self.by_file.get(file) {
            let product = &self.products[*at as usize];
            let layers =
                std::iter::once(&product.own).chain(product.locales.iter().map(|(_, layer)| layer));
            return layers
                .filter_map(|layer| layer.body.as_ref())
                .find(|body| body.file == *file && body.inline.is_none());
        }
        let others = self
            .categories
            .iter()
            .flat_map(|one| {
                one.own
                    .iter()
                    .map(|(_, _, body)| body)
                    .chain(one.locales.iter().map(|(.., body)| body))
            })
            .chain(self.campaigns.iter().flat_map(|one| {
                std::iter::once(&one.body).chain(one.locales.iter().map(|(.., body)| body))
            }))
            .chain(self.pages.iter().chain(&self.home).flat_map(|one| {
                std::iter::once(&one.body).chain(one.locales.iter().map(|(.., body)| body))
            }));
        others.map(Option::as_ref).find(|body| own(*body)).flatten()
    }

    /// What is wrong with the catalogue and with each product.
    pub fn all_findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().chain(self.products.iter().flat_map(|product| &product.findings))
    }

    /// The category at a path.
    pub fn category(&self, path: &str) -> Option<&Category> {
        self.by_category.get(path).map(|at| &self.categories[*at as usize])
    }

    /// The products of a query, in order.
    pub fn listing(&self, query: &Query) -> &[u32] {
        self.listings.get(query).map_or(&[], Vec::as_slice)
    }

    /// The whole path of an address in a language: `/en/cups/`.
    pub fn url(&self, locale: &str, address: &str) -> String {
        format!("{}{address}", self.shop.prefix(locale))
    }

    /// What a listing shows of a product, and its hash.
    pub fn card(&self, product: u32, locale: usize) -> &HashedCard {
        self.cards[product as usize][locale].get_or_init(|| {
            let card = Card::of(self, product, &self.shop.locales[locale]);
            let hash = Hash::of_value(&card);
            (Arc::new(card), hash)
        })
    }
}
