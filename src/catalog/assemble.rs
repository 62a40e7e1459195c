//! Puts the records of all files together: inheritance, addresses, indexes, prices at the build's moment.

mod campaigns;
mod categories;
mod gather;
mod groups;
mod listings;
mod pages;
mod patch;
mod prices;
mod products;
mod references;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::address::{self, Book};
use super::doc::{Doc, Role};
use super::picture::Picture;
use super::product::{Body, Layer};
use super::rows::Rows;
use super::shop::Shop;
use super::wordbook::Wordbook;
use super::{Catalog, Category, Counts, HashedCard, check};
use crate::diag::{Diagnostic, Place};
use crate::id::{Hash, SourcePath};
use crate::source::fields::At;
use crate::source::tree::Tree;

pub use patch::{Change, patch};

/// What a catalogue is made of.
pub struct Input<'a> {
    /// `shop.yaml`.
    pub shop: Shop,
    /// Markdown files, sorted by path.
    pub docs: &'a [(SourcePath, Role, Arc<Doc>)],
    /// Row sources, sorted by path.
    pub rows: &'a [(SourcePath, Arc<Rows>)],
    /// Which files there are.
    pub tree: &'a Tree,
    /// What is known of pictures.
    pub pictures: Arc<BTreeMap<SourcePath, Picture>>,
    /// Keyword tables, and rules for texts.
    pub wordbook: Arc<Wordbook>,
    /// Addresses made up before.
    pub book: Book,
    /// The build's moment.
    pub now: i64,
    /// Drafts count as on the shelf: a preview shows them.
    pub drafts: bool,
    /// Findings so far.
    pub findings: Vec<Diagnostic>,
}

const SHOP: &str = "content/shop.yaml";

/// Makes the catalogue.
pub fn assemble(input: Input<'_>) -> Catalog {
    let Input { shop, docs, rows, tree, pictures, wordbook, book, now, drafts, findings } = input;
    let catalog = Catalog {
        shop_hash: Hash::of_value(&shop),
        zone: shop.zone(),
        currency: shop.currency(),
        shop,
        now,
        products: Vec::new(),
        by_sku: Arc::default(),
        by_file: Arc::default(),
        categories: vec![Category::default()],
        by_category: HashMap::from([(String::new(), 0)]),
        campaigns: Vec::new(),
        pages: Vec::new(),
        home: None,
        brands: BTreeMap::new(),
        tags: BTreeMap::new(),
        listings: HashMap::new(),
        pictures,
        wordbook,
        addresses: Arc::default(),
        redirects: BTreeMap::new(),
        book,
        counts: Counts::default(),
        findings,
        cards: Vec::new(),
    };
    let mut build = Assembly {
        catalog,
        tree,
        routes: HashMap::new(),
        skus: HashMap::new(),
        defaults: HashMap::new(),
        drafts,
    };
    build.category_files(docs);
    build.product_files(docs, rows);
    build.categories();
    build.products();
    build.page_files(docs);
    build.groups();
    build.campaign_files(docs);
    build.prices();
    let idle = build.catalog.idle_campaigns();
    build.catalog.findings.extend(idle);
    build.listings();
    build.redirects();
    build.references();
    let mut catalog = build.catalog;
    let locales = catalog.shop.locales.len();
    catalog.cards = catalog.products.iter().map(|_| empty_cards(locales)).collect();
    let mut by_file = HashMap::with_capacity(catalog.products.len());
    for (at, product) in (0..).zip(&catalog.products) {
        let files = product.locales.iter().map(|(_, layer)| &layer.file);
        by_file.extend(files.chain([&product.own.file]).map(|file| (file.clone(), at)));
    }
    catalog.by_file = Arc::new(by_file);
    catalog.findings.sort();
    catalog.findings.dedup();
    catalog
}

fn empty_cards(locales: usize) -> Arc<[OnceLock<HashedCard>]> {
    (0..locales).map(|_| OnceLock::new()).collect()
}

struct Assembly<'a> {
    catalog: Catalog,
    tree: &'a Tree,
    /// Addresses in lower case, who has them, and as written.
    routes: HashMap<String, (Place, String)>,
    /// Products by SKU in lower case: two that differ only in capitals are one to most tables and disks.
    skus: HashMap<String, u32>,
    /// Layers of inherited values, by category.
    defaults: HashMap<u32, Arc<[Layer]>>,
    /// Drafts count as on the shelf.
    drafts: bool,
}
impl Assembly<'_> {
    fn say(&mut self, finding: Diagnostic) {
        self.catalog.findings.push(finding);
    }

    /// Whether a file's language is one of the shop's; other languages are left out, and said so.
    fn wanted(&mut self, path: &SourcePath, role: &Role) -> bool {
        let Some(locale) = &role.locale else { return true };
        if self.catalog.shop.locales.contains(locale) {
            return true;
        }
        let known: Vec<String> = self.catalog.shop.locales.clone();
        let finding = Diagnostic::new("locale/unknown", Place::File(path.clone()))
            .with("locale", locale)
            .near(locale, known.iter().map(String::as_str));
        self.say(finding);
        false
    }

    /// Takes an address, or says who has it already.
    fn route(&mut self, address: &str, who: Place) -> bool {
        let lower = address.to_lowercase();
        if let Some((first, written)) = self.routes.get(&lower) {
            let finding = Diagnostic::new("address/twice", who)
                .with("address", format!("/{address}"))
                .with("other", format!("/{written}"))
                .also(first.clone(), "has-it-too");
            self.say(finding);
            return false;
        }
        self.routes.insert(lower, (who, address.to_owned()));
        true
    }

    fn slug(
        &mut self,
        own: Option<&At<String>>,
        file: &SourcePath,
        key: &str,
        name: &str,
    ) -> String {
        if let Some(own) = own {
            if address::is_slug(&own.value) {
                return own.value.clone();
            }
            let at = Place::Bytes(file.clone(), own.at);
            let finding = Diagnostic::new("address/form", at).with("found", &own.value);
            let near = address::slug(&own.value);
            self.say(if near.is_empty() { finding } else { finding.with("near", near) });
        }
        self.catalog.book.slug_of(key, name)
    }

    /// Who has an address: the line that says so, else the head of the file.
    fn owner(file: &SourcePath, slug: Option<&At<String>>) -> Place {
        slug.map_or_else(|| check::head(file), |slug| Place::Bytes(file.clone(), slug.at))
    }

    fn reserved(&mut self, slug: &str, who: &Place) {
        let top = slug.to_ascii_lowercase();
        let taken = address::RESERVED.contains(&top.as_str())
            || self.catalog.shop.locales.iter().any(|locale| locale.eq_ignore_ascii_case(slug));
        if taken {
            let finding = Diagnostic::new("address/reserved", who.clone()).with("found", slug);
            self.say(finding);
        }
    }
}

fn body_of(path: &SourcePath, doc: &Doc) -> Option<Body> {
    (doc.body != Hash::ABSENT).then(|| Body { file: path.clone(), hash: doc.body, inline: None })
}
