//! The recording context: the only door from makers to facts. A fact handed out is a fact recorded.

mod posters;
mod want;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalog::card::Card;
use crate::catalog::picture::{Picture, Shot};
use crate::catalog::product::{Body, Product};
use crate::catalog::query::Query;
use crate::catalog::{Campaign, Catalog, Category, Group, Page};
use crate::channel::SITE;
use crate::channel::profile::Profile;
use crate::diag::{Diagnostic, Place};
use crate::engine::Recorder;
use crate::generation::{Generation, slice};
use crate::id::{Hash, OutPath, SourcePath};
use crate::theme::Theme;

pub use want::{About, Order, Want};

/// A fact a maker can look at. Its present hash can be asked of any generation.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub enum Read {
    /// `shop.yaml` as a whole.
    Shop,
    /// Names, addresses and order of categories, pages and campaigns, in a language: what heads and feet show.
    Navigation(u8),
    /// Everything of a product but its text.
    Product(Arc<str>),
    /// What a listing shows of a product, in a language.
    Card(Arc<str>, u8),
    /// The cards of a listing, in a language: from, how many.
    Window(Query, u8, u32, u32),
    /// How many products a query finds.
    Count(Query),
    /// A category by its path.
    Category(String),
    /// A campaign by its key.
    Campaign(String),
    /// A static page by its key; `pages/index` is the home page's text.
    Page(String),
    /// The name of a brand or tag, by its slug.
    Brand(String),
    /// The same for a tag.
    Tag(String),
    /// Markdown text in a file.
    Body(SourcePath),
    /// A picture's bytes.
    Picture(SourcePath),
    /// Where a source file's page is.
    Address(SourcePath),
    /// Every address of the site, in a language: for the site map.
    Addresses(u8),
    /// What a sales channel wants.
    Profile(String),
    /// Some products that stand one after the other, with texts, pictures and categories, by the first one's SKU.
    Lot(Arc<str>),
    /// Everything that is for sale: for files that list all of it.
    Wares,
    /// Words and settings of the theme, and which templates it has.
    Theme,
    /// A template, with all that it takes in.
    Template(Arc<str>),
    /// One asset of the theme.
    Asset(String),
    /// The fonts that posters are drawn with.
    Fonts,
    /// Whole days that a campaign has left, or until it begins.
    DaysLeft(String),
    /// The rules that texts keep to.
    Rules,
    /// Keyword tables, and how titles are made of them.
    Keywords,
    /// A file as it was written, for places in it.
    Source(SourcePath),
    /// A text that is composed for a product's page: its SKU, the language, the text's name.
    Composed(Arc<str>, u8, String),
}

/// What a run of a maker gave besides its bytes.
#[derive(Clone, Serialize, Deserialize, Debug, Default)]
pub struct Kept {
    /// Pictures it shows.
    pub wants: Vec<Want>,
    /// What it found wrong.
    pub said: Vec<Diagnostic>,
    /// Addresses it links to within the site, by number in the table of links.
    pub links: Vec<u32>,
    /// What its bytes say of things that are bought.
    pub claims: Vec<Claim>,
    /// Files that its bytes are taken apart into.
    pub slices: Vec<(OutPath, Hash)>,
}

/// What a page or a file says of one thing that is bought. Long texts stand as numbers, since they are only compared;
/// what is not said is empty or 0.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Claim {
    /// Its SKU.
    pub sku: String,
    /// What a buyer pays, with the currency: `69.00 CNY`.
    pub price: String,
    /// Whether it can be bought.
    pub available: Option<bool>,
    /// Its title.
    pub title: u64,
    /// Its trade item number.
    pub gtin: u64,
    /// The address of its page.
    pub link: u64,
    /// Addresses of its pictures.
    pub pictures: Vec<u64>,
    /// Which of a channel's files says so, by its place in the profile.
    pub file: u8,
}

/// One run of a maker: what it may ask, and what it asked.
pub struct Cx {
    generation: Arc<Generation>,
    /// Index of the language it makes for.
    pub locale: u8,
    /// Somebody wants the bytes; otherwise only what is wrong with them, and what is dear to make may be left out.
    pub wanted: bool,
    recorder: RefCell<Recorder<Read>>,
    kept: RefCell<Kept>,
}

impl Cx {
    /// A context for one run.
    pub fn new(generation: Arc<Generation>, locale: u8) -> Rc<Self> {
        Self::run(generation, locale, true)
    }

    /// A context for a run of which nobody wants the bytes.
    pub fn unwanted(generation: Arc<Generation>, locale: u8) -> Rc<Self> {
        Self::run(generation, locale, false)
    }

    fn run(generation: Arc<Generation>, locale: u8, wanted: bool) -> Rc<Self> {
        let (recorder, kept) = (RefCell::default(), RefCell::default());
        Rc::new(Self { generation, locale, wanted, recorder, kept })
    }

    fn note(&self, read: Read) {
        self.recorder.borrow_mut().note(&*self.generation, read);
    }

    /// The language's tag.
    pub fn lang(&self) -> &str {
        self.generation.locale(self.locale)
    }

    /// The shop's settings; what it sells is asked for one by one.
    pub fn shop(&self) -> &crate::catalog::shop::Shop {
        self.note(Read::Shop);
        &self.generation.catalog.shop
    }

    /// The zone, for times that were read with a fact.
    pub fn zone(&self) -> &jiff::tz::TimeZone {
        self.note(Read::Shop);
        &self.generation.catalog.zone
    }

    /// The whole path of an address in this language.
    pub fn url(&self, address: &str) -> String {
        self.note(Read::Shop);
        self.generation.catalog.url(self.lang(), address)
    }

    /// Names, addresses and order of everything that heads and feet show.
    pub fn navigation(&self) -> Navigation<'_> {
        self.note(Read::Navigation(self.locale));
        Navigation { catalog: &self.generation.catalog }
    }

    /// A product, for its own page.
    pub fn product(&self, sku: &str) -> Option<&Product> {
        let product = self.generation.catalog.product(sku);
        let key = product.map_or_else(|| Arc::from(sku), |product| product.sku.clone());
        self.note(Read::Product(key));
        product
    }

    /// The card of a product that shoppers see.
    pub fn card(&self, sku: &str) -> Option<Arc<Card>> {
        let catalog = &self.generation.catalog;
        let at = catalog.by_sku.get(sku).copied();
        let key = at.map_or_else(|| Arc::from(sku), |at| catalog.products[at as usize].sku.clone());
        self.note(Read::Card(key, self.locale));
        let card = at.map(|at| catalog.card(at, self.locale as usize).0.clone());
        card.filter(|card| card.shown != crate::catalog::product::Shown::Hidden)
    }

    /// Some cards of a listing.
    pub fn window(&self, query: &Query, from: usize, length: usize) -> Vec<Arc<Card>> {
        self.note(Read::Window(query.clone(), self.locale, from as u32, length as u32));
        let catalog = &self.generation.catalog;
        slice(catalog.listing(query), from as u32, length as u32)
            .iter()
            .map(|at| catalog.card(*at, self.locale as usize).0.clone())
            .collect()
    }

    /// How many products a query finds.
    pub fn count(&self, query: &Query) -> usize {
        self.note(Read::Count(query.clone()));
        self.generation.catalog.listing(query).len()
    }

    /// A category by its path.
    pub fn category(&self, path: &str) -> Option<&Category> {
        self.note(Read::Category(path.to_owned()));
        self.generation.catalog.category(path)
    }

    /// A product's category.
    pub fn category_of(&self, product: &Product) -> &Category {
        let category = &self.generation.catalog.categories[product.category as usize];
        self.note(Read::Category(category.path.clone()));
        category
    }

    /// A category's ancestors from the top, itself last, without the root.
    pub fn trail(&self, category: &Category) -> Vec<&Category> {
        let catalog = &self.generation.catalog;
        let mut trail = Vec::new();
        let mut at = catalog.by_category.get(&category.path).copied();
        while let Some(index) = at.filter(|index| *index != 0) {
            let one = &catalog.categories[index as usize];
            self.note(Read::Category(one.path.clone()));
            trail.push(one);
            at = one.parent;
        }
        trail.reverse();
        trail
    }

    /// A campaign by its key.
    pub fn campaign(&self, key: &str) -> Option<&Campaign> {
        self.note(Read::Campaign(key.to_owned()));
        self.generation.catalog.campaigns.iter().find(|campaign| campaign.key == key)
    }

    /// A static page by its key.
    pub fn page(&self, key: &str) -> Option<&Page> {
        self.note(Read::Page(key.to_owned()));
        self.generation.catalog.pages.iter().find(|page| page.key == key)
    }

    /// The home page's text.
    pub fn home(&self) -> Option<&Page> {
        self.note(Read::Page("pages/index".to_owned()));
        self.generation.catalog.home.as_ref()
    }

    /// A brand by its slug.
    pub fn brand(&self, slug: &str) -> Option<&Group> {
        self.note(Read::Brand(slug.to_owned()));
        self.generation.catalog.brands.get(slug)
    }

    /// A tag by its slug.
    pub fn tag(&self, slug: &str) -> Option<&Group> {
        self.note(Read::Tag(slug.to_owned()));
        self.generation.catalog.tags.get(slug)
    }

    /// The slug of a brand or tag by its name, when it has a page.
    pub fn group_slug(&self, brand: bool, name: &str) -> Option<String> {
        let catalog = &self.generation.catalog;
        let groups = if brand { &catalog.brands } else { &catalog.tags };
        let key = format!("{}/{name}", if brand { "brands" } else { "tags" });
        let slug = match catalog.book.entries.get(&key) {
            Some(slug) => slug.clone(),
            None => crate::catalog::address::slug(name),
        };
        self.note(if brand { Read::Brand(slug.clone()) } else { Read::Tag(slug.clone()) });
        groups.contains_key(&slug).then_some(slug)
    }

    /// The price of one variant, ready to be shown. What it depends on was read with the product.
    pub fn price_tag(
        &self,
        price: crate::catalog::product::Price,
    ) -> crate::catalog::card::PriceTag {
        self.note(Read::Shop);
        if price.campaign.is_some() {
            self.note(Read::Navigation(self.locale));
        }
        crate::catalog::card::PriceTag::single(&self.generation.catalog, price, self.lang())
    }

    /// The address of a source file's page.
    pub fn address(&self, file: &SourcePath) -> Option<&str> {
        self.note(Read::Address(file.clone()));
        self.generation.catalog.addresses.get(file).map(String::as_str)
    }

    /// Notes the files in which a thing's text could stand: one that has none today may have one tomorrow.
    pub fn could_stand_in<'f>(&self, files: impl IntoIterator<Item = &'f SourcePath>) {
        for file in files {
            self.note(Read::Body(file.clone()));
        }
    }

    /// A Markdown text.
    pub fn body(&self, body: &Body) -> Option<Arc<str>> {
        if let Some(inline) = &body.inline {
            return Some(inline.value.clone());
        }
        self.note(Read::Body(body.file.clone()));
        let text = self.generation.text(body)?;
        if Hash::of(text.as_bytes()) != body.hash {
            self.say(Diagnostic::new("file/changed", Place::File(body.file.clone())));
            return None;
        }
        Some(text)
    }

    /// A picture's facts.
    pub fn picture(&self, path: &SourcePath) -> Option<&Picture> {
        self.note(Read::Picture(path.clone()));
        self.generation.catalog.pictures.get(path)
    }

    /// A picture as a page shows it.
    pub fn shot(&self, path: &SourcePath, alt: impl FnOnce() -> String) -> Option<Shot> {
        self.note(Read::Picture(path.clone()));
        Shot::of(&self.generation.catalog, path, alt)
    }

    /// A picture that Markdown or a field names, or what is wrong with the name.
    pub fn find_picture(
        &self,
        file: &SourcePath,
        name: &str,
        at: Place,
    ) -> Result<SourcePath, Diagnostic> {
        if let Some(path) = file.resolve(name) {
            self.note(Read::Picture(path));
        }
        // What is named alike depends on every picture of the folder, which this run has not read.
        crate::catalog::check::find_picture(&self.generation.catalog, file, name, at).map_err(
            |mut finding| {
                finding.args.retain(|(name, _)| name != "near");
                finding
            },
        )
    }

    /// Everything that is for sale, for files that list all of it.
    pub fn wares(&self) -> Wares<'_> {
        self.note(Read::Shop);
        self.note(Read::Keywords);
        self.note(Read::Wares);
        Wares { cx: self }
    }

    /// Some products that stand one after the other, with everything that files say of them.
    pub fn lot(&self, first: &Arc<str>) -> (Wares<'_>, &[Arc<Product>]) {
        self.note(Read::Shop);
        self.note(Read::Keywords);
        self.note(Read::Lot(first.clone()));
        let lot = self.generation.lot(first).unwrap_or_default();
        (Wares { cx: self }, &self.generation.catalog.products[lot])
    }

    /// A text of keywords for a product's own page, where the shop lists the channel `site`.
    pub fn composed(&self, product: &Product, field: &str) -> Option<Arc<str>> {
        if !self.shop().channels.iter().any(|channel| channel.value == SITE) {
            return None;
        }
        self.note(Read::Composed(product.sku.clone(), self.locale, field.to_owned()));
        self.generation.site_text(&product.sku, self.locale, field)
    }

    /// What a sales channel wants.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.note(Read::Profile(name.to_owned()));
        self.generation.channels.get(name).map(|profile| &**profile)
    }

    /// The theme, to render a template of it.
    pub fn template(&self, name: &str) -> Arc<Theme> {
        self.note(Read::Template(name.into()));
        self.generation.theme.clone()
    }

    /// The theme's words and settings.
    pub fn theme(&self) -> Arc<Theme> {
        self.note(Read::Theme);
        self.generation.theme.clone()
    }

    /// The address of a theme asset.
    pub fn asset(&self, name: &str) -> Option<String> {
        self.note(Read::Asset(name.to_owned()));
        self.generation.theme.assets.get(name).map(|asset| asset.url.clone())
    }

    /// A theme asset's bytes.
    pub fn asset_bytes(&self, name: &str) -> Option<Arc<[u8]>> {
        self.note(Read::Asset(name.to_owned()));
        self.generation.theme.assets.get(name).map(|asset| asset.bytes.clone())
    }

    /// The whole catalogue, for files that list every address.
    pub fn all_addresses(&self) -> &Catalog {
        self.note(Read::Addresses(self.locale));
        self.note(Read::Shop);
        &self.generation.catalog
    }

    /// A value that many pages of this generation show alike. `make` may look only at facts that the caller
    /// has read in this very run, so that each page that takes the value has noted them too.
    pub fn shared(&self, key: String, make: impl FnOnce() -> tera::Value) -> tera::Value {
        let known = self.generation.shared.lock().ok().and_then(|map| map.get(&key).cloned());
        if let Some(value) = known {
            return value;
        }
        let value = make();
        if let Ok(mut map) = self.generation.shared.lock() {
            map.insert(key, value.clone());
        }
        value
    }

    /// How templates see a card, which this run has read: made once a generation.
    pub fn card_view(&self, card: &Card, make: impl FnOnce() -> tera::Value) -> tera::Value {
        self.generation.card_view(card.index, self.locale, make)
    }

    /// The rules that texts keep to.
    pub fn rules(&self) -> &crate::rules::RuleSet {
        self.note(Read::Rules);
        &self.generation.catalog.wordbook.rules
    }

    /// A file as it was written.
    pub fn source(&self, file: &SourcePath) -> Option<Arc<str>> {
        self.note(Read::Source(file.clone()));
        self.generation.source(file)
    }

    /// Asks for a picture to be made.
    pub fn want(&self, want: Want) {
        let mut kept = self.kept.borrow_mut();
        if !kept.wants.contains(&want) {
            kept.wants.push(want);
        }
    }

    /// Notes a finding.
    pub fn say(&self, finding: Diagnostic) {
        let mut kept = self.kept.borrow_mut();
        if !kept.said.contains(&finding) {
            kept.said.push(finding);
        }
    }

    /// What was read and said.
    pub fn finish(self: Rc<Self>) -> (Vec<(Read, Hash)>, Kept) {
        let reads = std::mem::take(&mut *self.recorder.borrow_mut()).finish();
        let kept = std::mem::take(&mut *self.kept.borrow_mut());
        (reads, kept)
    }
}

/// What files for channels say of products. Whoever holds it has noted what can be said of the products it was asked
/// for; what a text says of other things is noted here.
#[derive(Clone, Copy)]
pub struct Wares<'g> {
    cx: &'g Cx,
}

impl<'g> Wares<'g> {
    /// Products, pictures, categories and the shop.
    pub fn catalog(&self) -> &'g Catalog {
        &self.cx.generation.catalog
    }

    /// Hash of everything that can be said of a product, by its index.
    pub fn hash(&self, product: usize) -> Hash {
        self.cx.generation.wares().get(product).copied().unwrap_or_default()
    }

    /// The title that is composed for a product on a channel, or another text that its profile has a rule for.
    pub fn composed(
        &self,
        product: &Product,
        profile: &Profile,
        field: Option<&str>,
        locale: &str,
    ) -> Option<Arc<str>> {
        self.cx.generation.composed_text(product, profile, field, locale)
    }

    /// The address of a product that a text names.
    pub fn address_of(&self, sku: &str) -> Option<&'g str> {
        self.cx.product(sku).map(|product| &*product.address)
    }

    /// The address of the page that is made of a file.
    pub fn address(&self, file: &SourcePath) -> Option<&'g str> {
        self.cx.address(file)
    }

    /// A picture that a text shows.
    pub fn picture(&self, path: &SourcePath) -> Option<&'g Picture> {
        self.cx.picture(path)
    }

    /// A Markdown text; `None` when its file is not what it was when the shop was read.
    pub fn body(&self, body: &Body) -> Option<Arc<str>> {
        self.cx.generation.text(body).filter(|text| Hash::of(text.as_bytes()) == body.hash)
    }
}

/// What heads and feet may show: categories, pages and campaigns by name and address.
pub struct Navigation<'g> {
    catalog: &'g Catalog,
}

impl<'g> Navigation<'g> {
    /// Child categories that have products.
    pub fn children(&self, category: &Category) -> Vec<&'g Category> {
        category
            .children
            .iter()
            .map(|at| &self.catalog.categories[*at as usize])
            .filter(|one| !self.catalog.listing(&Query::Category(one.path.clone())).is_empty())
            .collect()
    }

    /// The root of all categories.
    pub fn root(&self) -> &'g Category {
        &self.catalog.categories[0]
    }

    /// Static pages in order.
    pub fn pages(&self) -> &'g [Page] {
        &self.catalog.pages
    }

    /// Campaigns by start.
    pub fn campaigns(&self) -> &'g [Campaign] {
        &self.catalog.campaigns
    }
}
