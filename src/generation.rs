//! Everything that is true during one build, and the hash that each fact has in it. Immutable once made.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::catalog::Catalog;
use crate::catalog::product::{Body, Product};
use crate::catalog::query::Query;
use crate::channel::limit::TitleRule;
use crate::channel::profile::Profile;
use crate::channel::{Channels, SITE};
use crate::compose::memo::{Common, Titles};
use crate::compose::{self, Composed};
use crate::cx::Read;
use crate::engine::Facts;
use crate::id::{Hash, SourcePath};
use crate::source::disk::{self, Roots};
use crate::source::fonts::{self, Found};
use crate::source::front;
use crate::text::segment::Segmenter;
use crate::theme::Theme;

/// Of 256 products so many begin a lot: lots have 32 products or so.
const LOT: u8 = 8;

/// Everything that is true during one build.
pub struct Generation {
    /// The shop.
    pub catalog: Arc<Catalog>,
    /// Profiles of the sales channels.
    pub channels: Channels,
    /// The theme.
    pub theme: Arc<Theme>,
    /// Where files are.
    pub roots: Roots,
    /// Texts of files that were read in this build.
    pub texts: HashMap<SourcePath, Arc<str>>,
    /// Titles composed in this build and before, by what they depend on.
    pub titles: Titles,
    common: Common,
    words: OnceLock<Hash>,
    cut: OnceLock<Segmenter>,
    fonts: OnceLock<(Vec<Found>, Hash)>,
    wares: OnceLock<Vec<Hash>>,
    lots: OnceLock<Vec<u32>>,
    all_wares: OnceLock<Hash>,
    pub(crate) shared: std::sync::Mutex<HashMap<String, tera::Value>>,
    card_views: Vec<OnceLock<tera::Value>>,
    navigation: Vec<OnceLock<Hash>>,
    addresses: Vec<OnceLock<Hash>>,
    windows: std::sync::Mutex<HashMap<(Query, u8, u32, u32), Hash>>,
}

impl Generation {
    /// A generation of these facts.
    pub fn new(
        catalog: Arc<Catalog>,
        channels: Channels,
        theme: Arc<Theme>,
        roots: Roots,
        texts: HashMap<SourcePath, Arc<str>>,
    ) -> Self {
        let locales = catalog.shop.locales.len();
        let empty = || (0..locales).map(|_| OnceLock::new()).collect();
        let cards = catalog.products.len() * locales;
        Self {
            card_views: (0..cards).map(|_| OnceLock::new()).collect(),
            catalog,
            channels,
            theme,
            roots,
            texts,
            titles: Titles::default(),
            common: Common::default(),
            words: OnceLock::new(),
            cut: OnceLock::new(),
            fonts: OnceLock::new(),
            wares: OnceLock::new(),
            lots: OnceLock::new(),
            all_wares: OnceLock::new(),
            shared: std::sync::Mutex::default(),
            navigation: empty(),
            addresses: empty(),
            windows: std::sync::Mutex::default(),
        }
    }

    /// How many products files of channels are asked for; nothing when of all.
    pub fn chosen(&self) -> Option<usize> {
        let of = |sku: &String| self.catalog.by_sku.get(sku.as_str());
        let only = self.channels.only.as_ref()?;
        Some(only.iter().filter_map(of).collect::<std::collections::HashSet<_>>().len())
    }

    pub(crate) fn locale(&self, locale: u8) -> &str {
        self.catalog.shop.locales.get(locale as usize).map_or("", String::as_str)
    }

    pub(crate) fn card_view(
        &self,
        product: u32,
        locale: u8,
        make: impl FnOnce() -> tera::Value,
    ) -> tera::Value {
        let locales = self.catalog.shop.locales.len();
        match self.card_views.get(product as usize * locales + locale as usize) {
            Some(view) => view.get_or_init(make).clone(),
            None => make(),
        }
    }

    fn navigation(&self, locale: u8) -> Hash {
        let Some(cell) = self.navigation.get(locale as usize) else { return Hash::ABSENT };
        *cell.get_or_init(|| {
            let name = self.locale(locale);
            let catalog = &self.catalog;
            let categories: Vec<_> = catalog
                .categories
                .iter()
                .map(|one| (&one.address, one.title(name), &one.children))
                .collect();
            let shown: Vec<bool> = catalog
                .categories
                .iter()
                .map(|one| !catalog.listing(&Query::Category(one.path.clone())).is_empty())
                .collect();
            let pages: Vec<_> = catalog
                .pages
                .iter()
                .map(|page| {
                    let nav = page.record.nav.as_ref().map(|nav| nav.value);
                    (&page.address, page.text(name, |record| record.title.as_ref()), nav)
                })
                .collect();
            let campaigns: Vec<_> =
                catalog.campaigns.iter().map(|campaign| (campaign.hash, campaign.state)).collect();
            Hash::of_value(&(categories, shown, pages, campaigns))
        })
    }

    fn addresses(&self, locale: u8) -> Hash {
        let Some(cell) = self.addresses.get(locale as usize) else { return Hash::ABSENT };
        *cell.get_or_init(|| {
            let catalog = &self.catalog;
            let products: Vec<_> = catalog
                .products
                .iter()
                .map(|product| {
                    let images: Vec<_> = product
                        .images
                        .iter()
                        .filter_map(|image| catalog.pictures.get(&image.path))
                        .map(|picture| picture.hash)
                        .collect();
                    (&product.address, product.shown, product.date, images)
                })
                .collect();
            let counts: Vec<usize> = catalog
                .categories
                .iter()
                .map(|one| catalog.listing(&Query::Category(one.path.clone())).len())
                .collect();
            let brands: Vec<_> = catalog
                .brands
                .keys()
                .map(|slug| (slug, catalog.listing(&Query::Brand(slug.clone())).len()))
                .collect();
            let tags: Vec<_> = catalog
                .tags
                .keys()
                .map(|slug| (slug, catalog.listing(&Query::Tag(slug.clone())).len()))
                .collect();
            Hash::of_value(&(self.navigation(locale), products, counts, brands, tags))
        })
    }

    fn window(&self, query: &Query, locale: u8, from: u32, length: u32) -> Hash {
        let key = (query.clone(), locale, from, length);
        let known = self.windows.lock().ok().and_then(|windows| windows.get(&key).copied());
        if let Some(hash) = known {
            return hash;
        }
        let cards: Vec<Hash> = slice(self.catalog.listing(query), from, length)
            .iter()
            .map(|product| self.catalog.card(*product, locale as usize).1)
            .collect();
        let hash = Hash::of_value(&cards);
        if let Ok(mut windows) = self.windows.lock() {
            windows.insert(key, hash);
        }
        hash
    }
}

pub(crate) fn slice(list: &[u32], from: u32, length: u32) -> &[u32] {
    let start = (from as usize).min(list.len());
    let end = start.saturating_add(length as usize).min(list.len());
    &list[start..end]
}

impl Facts<Read> for Generation {
    fn hash(&self, read: &Read) -> Hash {
        let catalog = &self.catalog;
        match read {
            Read::Shop => catalog.shop_hash,
            Read::Navigation(locale) => self.navigation(*locale),
            Read::Product(sku) => catalog.product(sku).map_or(Hash::ABSENT, Product::page_hash),
            Read::Card(sku, locale) => match catalog.by_sku.get(sku) {
                Some(at) if (*locale as usize) < catalog.shop.locales.len() => {
                    catalog.card(*at, *locale as usize).1
                }
                _ => Hash::ABSENT,
            },
            Read::Window(query, locale, from, length) => {
                self.window(query, *locale, *from, *length)
            }
            Read::Count(query) => Hash::of_value(&catalog.listing(query).len()),
            Read::Category(path) => catalog.category(path).map_or(Hash::ABSENT, |one| one.hash),
            Read::Campaign(key) => {
                let found = catalog.campaigns.iter().find(|campaign| campaign.key == *key);
                found.map_or(Hash::ABSENT, |campaign| campaign.hash)
            }
            Read::Page(key) => {
                let mut pages = catalog.pages.iter().chain(&catalog.home);
                pages.find(|page| page.key == *key).map_or(Hash::ABSENT, |page| page.hash)
            }
            Read::Brand(slug) => catalog.brands.get(slug).map_or(Hash::ABSENT, |group| group.hash),
            Read::Tag(slug) => catalog.tags.get(slug).map_or(Hash::ABSENT, |group| group.hash),
            Read::Body(file) => self.body_hash(file),
            Read::Picture(path) => catalog.pictures.get(path).map_or(Hash::ABSENT, |p| p.hash),
            Read::Address(file) => catalog
                .addresses
                .get(file)
                .map_or(Hash::ABSENT, |address| Hash::of(address.as_bytes())),
            Read::Addresses(locale) => self.addresses(*locale),
            Read::Profile(name) => {
                self.channels.get(name).map_or(Hash::ABSENT, |profile| profile.hash)
            }
            Read::Lot(first) => match self.lot(first) {
                Some(lot) => Hash::of_value(&self.wares()[lot]),
                None => Hash::ABSENT,
            },
            Read::Wares => *self.all_wares.get_or_init(|| Hash::of_value(self.wares())),
            Read::Theme => self.theme.hash,
            Read::Template(name) => self.theme.sums.get(&**name).copied().unwrap_or(Hash::ABSENT),
            Read::Fonts => self.fonts().1,
            Read::DaysLeft(key) => {
                let found = catalog.campaigns.iter().find(|campaign| campaign.key == *key);
                found.map_or(Hash::ABSENT, |one| Hash::of_value(&one.days_left(catalog.now)))
            }
            Read::Keywords => self.keywords(),
            Read::Rules => catalog.wordbook.rules.hash(),
            Read::Source(file) => {
                self.source(file).map_or(Hash::ABSENT, |text| Hash::of(text.as_bytes()))
            }
            Read::Composed(sku, locale, field) => {
                Hash::of_value(&self.site_text(sku, *locale, field).as_deref())
            }
            Read::Asset(name) => self.theme.assets.get(name).map_or(Hash::ABSENT, |one| one.hash),
        }
    }
}

impl Generation {
    /// Of each product a hash of everything that can be said of it: itself, its texts, pictures and categories.
    pub(crate) fn wares(&self) -> &Vec<Hash> {
        self.wares.get_or_init(|| {
            let catalog = &self.catalog;
            let mut trails: Vec<Hash> = Vec::with_capacity(catalog.categories.len());
            for category in &catalog.categories {
                let above = category.parent.map_or(Hash::ABSENT, |parent| trails[parent as usize]);
                let titles: Vec<&str> =
                    catalog.shop.locales.iter().map(|locale| category.title(locale)).collect();
                trails.push(Hash::of_value(&(above, &category.path, titles)));
            }
            let hash = |product: &Product| {
                let own = std::iter::once(&product.own);
                let layers = own.chain(product.locales.iter().map(|(_, layer)| layer));
                let texts: Vec<Hash> =
                    layers.filter_map(|layer| layer.body.as_ref()).map(|body| body.hash).collect();
                let pictures: Vec<_> = product
                    .images
                    .iter()
                    .filter_map(|image| catalog.pictures.get(&image.path))
                    .map(|picture| (picture.hash, picture.size, picture.drawing))
                    .collect();
                let trail = trails[product.category as usize];
                Hash::of_value(&(product.page_hash(), texts, pictures, trail))
            };
            catalog.products.iter().map(|product| hash(product)).collect()
        })
    }

    /// Where lots begin, by product. That depends on the product's SKU alone, so that one that comes or goes moves no lot
    /// but its own.
    pub fn lots(&self) -> &[u32] {
        self.lots.get_or_init(|| {
            let begins = |(nth, product): &(usize, &Arc<Product>)| {
                *nth == 0 || Hash::of(product.sku.as_bytes()).0[0] < LOT
            };
            let products = self.catalog.products.iter().enumerate();
            products.filter(begins).map(|(nth, _)| nth as u32).collect()
        })
    }

    /// The products of the lot that begins with a product.
    pub(crate) fn lot(&self, first: &str) -> Option<std::ops::Range<usize>> {
        let start = *self.catalog.by_sku.get(first)?;
        let lots = self.lots();
        let nth = lots.binary_search(&start).ok()?;
        let end = lots.get(nth + 1).map_or(self.catalog.products.len(), |next| *next as usize);
        Some(start as usize..end)
    }

    /// The text of a body; who asks sees by its hash whether it is still what it was.
    pub(crate) fn text(&self, body: &Body) -> Option<Arc<str>> {
        if let Some(inline) = &body.inline {
            return Some(inline.value.clone());
        }
        let text = match self.texts.get(&body.file) {
            Some(text) => text.clone(),
            None => disk::text(&self.roots, &body.file).ok()?,
        };
        Some(Arc::from(&text[front::body_start(&text)..]))
    }

    /// Everything that titles depend on besides products and channels.
    fn keywords(&self) -> Hash {
        *self.words.get_or_init(|| {
            let tables: Vec<Hash> =
                self.catalog.wordbook.tables.values().map(|table| table.hash).collect();
            let brands: Vec<&str> =
                self.catalog.brands.values().map(|brand| brand.name.as_str()).collect();
            Hash::of_value(&(
                compose::version(),
                tables,
                brands,
                self.catalog.wordbook.rules.hash(),
            ))
        })
    }

    /// How texts of this shop are cut into words.
    pub fn segmenter(&self) -> &Segmenter {
        self.cut.get_or_init(|| compose::segmenter(&self.catalog))
    }

    /// The composed title of a product on a channel, or another text that the channel's profile has a rule for, if one can
    /// be made: with what it covers and leaves out.
    pub(crate) fn composed(
        &self,
        product: &Product,
        profile: &Profile,
        field: Option<&str>,
        locale: &str,
    ) -> Option<Composed> {
        let rule = self.composes(product, profile, field, locale)?;
        let title = self.title_beside(product, profile, rule, locale);
        let asked = compose::Asked {
            catalog: &self.catalog,
            product,
            profile,
            rule,
            locale,
            title: &title,
            spent: &BTreeSet::new(),
            common: &self.common,
        };
        let made = compose::compose(&asked, self.segmenter(), false).ok();
        made.map(|(composed, _)| composed)
    }

    /// The rule by which a text is composed, if there are keywords to compose it by: without them the product's own name
    /// is the best title.
    fn composes<'p>(
        &self,
        product: &Product,
        profile: &'p Profile,
        field: Option<&str>,
        locale: &str,
    ) -> Option<&'p TitleRule> {
        let rule = profile.composed(field).filter(|rule| rule.compose)?;
        compose::table(&self.catalog.wordbook.tables, product, locale)?;
        Some(rule)
    }

    /// The text alone of [`Generation::composed`], which is kept between builds.
    pub(crate) fn composed_text(
        &self,
        product: &Product,
        profile: &Profile,
        field: Option<&str>,
        locale: &str,
    ) -> Option<Arc<str>> {
        self.composes(product, profile, field, locale)?;
        let at = *self.catalog.by_sku.get(&*product.sku)?;
        let ware = self.wares().get(at as usize)?;
        let key = Hash::of_value(&(self.keywords(), ware, profile.hash, field, locale));
        let text = self.titles.get(key, || {
            self.composed(product, profile, field, locale).map_or_else(String::new, |one| one.text)
        });
        (!text.is_empty()).then_some(text)
    }

    /// A text that is composed for a product's own page.
    pub(crate) fn site_text(&self, sku: &str, locale: u8, field: &str) -> Option<Arc<str>> {
        let product = &self.catalog.products[*self.catalog.by_sku.get(sku)? as usize];
        let locale = self.catalog.shop.locales.get(usize::from(locale))?;
        self.composed_text(product, self.channels.get(SITE)?, Some(field), locale)
    }

    /// The title that stands beside a text which is to do without its words: the author's, the composed one, or the product's.
    pub(crate) fn title_beside(
        &self,
        product: &Product,
        profile: &Profile,
        rule: &TitleRule,
        locale: &str,
    ) -> String {
        if !rule.without.iter().any(|word| word == "title") {
            return String::new();
        }
        if let Some(own) = compose::own_title(product, profile, locale) {
            return own.to_owned();
        }
        let composed = self.composed_text(product, profile, None, locale);
        composed.map_or_else(|| product.title(locale).to_owned(), |text| text.to_string())
    }

    /// Font files that posters may be drawn with, and their hash; looked for when first asked.
    pub(crate) fn fonts(&self) -> &(Vec<Found>, Hash) {
        self.fonts.get_or_init(|| {
            let mut own = vec![self.roots.content.join("fonts")];
            own.extend(self.theme.font_folders.iter().cloned());
            let families: Vec<String> = self.theme.fonts.values().flatten().cloned().collect();
            let found = fonts::find(&own, &families);
            let hash = fonts::hash(&found);
            (found, hash)
        })
    }

    /// A file as it was written.
    pub(crate) fn source(&self, file: &SourcePath) -> Option<Arc<str>> {
        let known = self.texts.get(file).cloned();
        known.or_else(|| crate::source::disk::text(&self.roots, file).ok())
    }

    fn body_hash(&self, file: &SourcePath) -> Hash {
        self.catalog.body(file).map_or(Hash::ABSENT, |body| body.hash)
    }
}
