//! Puts the records of all files together: inheritance, addresses, indexes, prices at the build's moment.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::address::{self, Book};
use super::doc::{CampaignRecord, Doc, Pick, Role, Says, Terms};
use super::money::Money;
use super::picture::{Picture, is_picture};
use super::product::{self, Body, Image, Layer, Price, Product, Shown, Variant};
use super::query::Query;
use super::record::{PriceRecord, Record, Status, VariantRecord};
use super::rows::{RowLayer, Rows};
use super::shop::Shop;
use super::{Campaign, CampaignState, Catalog, Category, Counts, Page, check};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::source::fields::At;
use crate::source::tree::Tree;

/// What a catalogue is made of.
pub struct Input<'a> {
    /// `shop.yaml`.
    pub shop: Shop,
    /// Markdown files, sorted by path.
    pub docs: Vec<(SourcePath, Role, Arc<Doc>)>,
    /// Row sources, sorted by path.
    pub rows: Vec<(SourcePath, Arc<Rows>)>,
    /// Which files there are.
    pub tree: &'a Tree,
    /// What is known of pictures.
    pub pictures: Arc<BTreeMap<SourcePath, Picture>>,
    /// Addresses made up before.
    pub book: Book,
    /// The build's moment.
    pub now: i64,
    /// Findings so far.
    pub findings: Vec<Diagnostic>,
}

const SHOP: &str = "content/shop.yaml";

/// Makes the catalogue.
pub fn assemble(input: Input<'_>) -> Catalog {
    let Input { shop, docs, rows, tree, pictures, book, now, findings } = input;
    let catalog = Catalog {
        shop_hash: Hash::of_value(&shop),
        zone: shop.zone(),
        currency: shop.currency(),
        shop,
        now,
        products: Vec::new(),
        by_sku: HashMap::new(),
        categories: vec![Category::default()],
        by_category: HashMap::from([(String::new(), 0)]),
        campaigns: Vec::new(),
        pages: Vec::new(),
        home: None,
        brands: BTreeMap::new(),
        tags: BTreeMap::new(),
        listings: HashMap::new(),
        pictures,
        addresses: HashMap::new(),
        redirects: BTreeMap::new(),
        book,
        counts: Counts::default(),
        findings,
        cards: Vec::new(),
        bodies: OnceLock::new(),
    };
    let mut build = Assembly { catalog, tree, routes: HashMap::new(), defaults: HashMap::new() };
    build.category_files(&docs);
    build.product_files(&docs, &rows);
    build.categories();
    build.products();
    build.page_files(&docs);
    build.groups();
    build.campaign_files(&docs);
    build.prices();
    build.listings();
    build.redirects();
    let mut catalog = build.catalog;
    check::references(&mut catalog, tree);
    let locales = catalog.shop.locales.len();
    catalog.cards = catalog
        .products
        .iter()
        .map(|_| (0..locales).map(|_| OnceLock::new()).collect())
        .collect();
    catalog.findings.sort();
    catalog.findings.dedup();
    catalog
}

struct Assembly<'a> {
    catalog: Catalog,
    tree: &'a Tree,
    /// Addresses in lower case, who has them, and as written.
    routes: HashMap<String, (Place, String)>,
    /// Layers of inherited values, by category.
    defaults: HashMap<u32, Arc<[Layer]>>,
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

    /// The category at a folder, made with its parents when it is new.
    fn category(&mut self, path: &str) -> u32 {
        if let Some(at) = self.catalog.by_category.get(path) {
            return *at;
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = self.category(above);
        let at = self.catalog.categories.len() as u32;
        self.catalog.categories.push(Category {
            path: path.to_owned(),
            parent: Some(parent),
            fallback: name.to_owned(),
            ..Category::default()
        });
        self.catalog.categories[parent as usize].children.push(at);
        self.catalog.by_category.insert(path.to_owned(), at);
        at
    }

    fn category_files(&mut self, docs: &[(SourcePath, Role, Arc<Doc>)]) {
        for (path, role, doc) in docs {
            let Says::Category(record) = &doc.says else { continue };
            if !self.wanted(path, role) {
                continue;
            }
            let folder = role.key.strip_prefix("products").unwrap_or("").trim_start_matches('/');
            let at = self.category(folder);
            let body = body_of(path, doc);
            let record = Arc::new((**record).clone());
            let default = self.catalog.shop.default_locale().to_owned();
            let category = &mut self.catalog.categories[at as usize];
            match &role.locale {
                Some(locale) if *locale != default => {
                    category.locales.push((locale.clone(), path.clone(), record, body));
                }
                _ => category.own = Some((path.clone(), record, body)),
            }
        }
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

    fn slug(&mut self, own: Option<&At<String>>, file: &SourcePath, key: &str, name: &str) -> String {
        if let Some(own) = own {
            if address::is_slug(&own.value) {
                return own.value.clone();
            }
            let at = Place::Bytes(file.clone(), own.at);
            let finding = Diagnostic::new("address/form", at)
                .with("found", &own.value)
                .with("near", address::slug(&own.value));
            self.say(finding);
        }
        self.catalog.book.slug_of(key, name)
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

    /// Gives every category its address and inherited layers, parents first.
    fn categories(&mut self) {
        let mut order: Vec<u32> = vec![0];
        let mut at = 0;
        while at < order.len() {
            let index = order[at];
            let mut children = self.catalog.categories[index as usize].children.clone();
            let sort_key = |child: &u32| {
                let category = &self.catalog.categories[*child as usize];
                (category.order(), category.path.clone())
            };
            children.sort_by_key(sort_key);
            self.catalog.categories[index as usize].children.clone_from(&children);
            order.extend(children);
            at += 1;
        }
        let shop_layer = Layer {
            file: SourcePath::new(SHOP),
            hash: Hash::of_value(&self.catalog.shop.defaults),
            record: Arc::new(self.catalog.shop.defaults.clone()),
            body: None,
        };
        for index in order {
            let category = &self.catalog.categories[index as usize];
            let parent = category.parent;
            let path = category.path.clone();
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            let own = category.own.as_ref().map(|(file, record, _)| (file.clone(), record.clone()));
            let mut layers: Vec<Layer> = Vec::new();
            if let Some((file, record)) = &own {
                layers.push(Layer {
                    file: file.clone(),
                    hash: Hash::of_value(&record.defaults),
                    record: Arc::new(record.defaults.clone()),
                    body: None,
                });
            }
            match parent {
                Some(parent) => layers.extend(self.defaults[&parent].iter().cloned()),
                None => layers.push(shop_layer.clone()),
            }
            self.defaults.insert(index, layers.into());
            let Some(parent) = parent else { continue };
            let file = own.as_ref().map_or(SourcePath::new(format!("content/products/{path}")), |(file, _)| file.clone());
            let who = Place::File(file.clone());
            let slug_field = own.as_ref().and_then(|(_, record)| record.slug.clone());
            let slug = self.slug(slug_field.as_ref(), &file, &format!("products/{path}"), &name);
            if parent == 0 {
                self.reserved(&slug, &who);
            } else if slug == "page" {
                let finding = Diagnostic::new("address/reserved", who.clone()).with("found", &slug);
                self.say(finding);
            }
            let address = format!("{}{slug}/", self.catalog.categories[parent as usize].address);
            if self.route(&address, who) {
                self.catalog.addresses.insert(file.clone(), address.clone());
            }
            let category = &mut self.catalog.categories[index as usize];
            category.address = address;
            let parts: Vec<Hash> = category
                .own
                .iter()
                .map(|(_, record, _)| Hash::of_value(&**record))
                .chain(category.locales.iter().map(|(_, _, record, _)| Hash::of_value(&**record)))
                .collect();
            category.hash = Hash::of_value(&(&category.address, &category.fallback, parts));
        }
    }

    /// Collects products from files and rows, each with its layers but nothing inherited yet.
    fn product_files(&mut self, docs: &[(SourcePath, Role, Arc<Doc>)], rows: &[(SourcePath, Arc<Rows>)]) {
        let mut at = 0;
        let default = self.catalog.shop.default_locale().to_owned();
        while at < docs.len() {
            let (_, role, doc) = &docs[at];
            let mut end = at + 1;
            while end < docs.len() && docs[end].1.key == role.key && docs[end].1.kind == role.kind {
                end += 1;
            }
            let group = &docs[at..end];
            at = end;
            if !matches!(doc.says, Says::Product(_)) {
                continue;
            }
            let mut own: Option<(Layer, bool)> = None;
            let mut locales = Vec::new();
            for (path, role, doc) in group {
                let Says::Product(record) = &doc.says else { continue };
                if !self.wanted(path, role) {
                    continue;
                }
                let layer = Layer {
                    file: path.clone(),
                    record: Arc::new((**record).clone()),
                    hash: doc.matter,
                    body: body_of(path, doc),
                };
                match &role.locale {
                    Some(locale) if *locale != default => locales.push((locale.clone(), layer)),
                    _ => match &own {
                        Some((first, _)) => {
                            let finding = Diagnostic::new("product/two-files", Place::File(path.clone()))
                                .also(Place::File(first.file.clone()), "first-here");
                            self.say(finding);
                        }
                        None => own = Some((layer, doc.partial)),
                    },
                }
            }
            let Some((own, partial)) = own else {
                for (path, ..) in group {
                    let finding = Diagnostic::new("locale/orphan", Place::File(path.clone()));
                    self.say(finding);
                }
                continue;
            };
            let key = role.key.strip_prefix("products/").unwrap_or(&role.key);
            let (folder, name) = key.rsplit_once('/').unwrap_or(("", key));
            let folder_images = own.file.stem().starts_with("index");
            let category = self.category(folder);
            self.add(Draft { own, locales, category, name: name.to_owned(), key: role.key.clone(), partial, folder_images });
        }
        for (file, rows) in rows {
            let folder = file.folder().strip_prefix("content/products").unwrap_or("").trim_start_matches('/').to_owned();
            for row in &rows.products {
                let mut path = folder.clone();
                for name in &row.category {
                    let slug = self.catalog.book.slug_of(&format!("categories/{name}"), &address::slug(name));
                    let inner = if path.is_empty() { slug } else { format!("{path}/{slug}") };
                    let at = self.category(&inner);
                    let category = &mut self.catalog.categories[at as usize];
                    if category.own.is_none() {
                        category.fallback.clone_from(name);
                    }
                    path = inner;
                }
                let category = self.category(&path);
                let name = row.own.record.slug.as_ref().map_or(&row.name, |slug| &slug.value);
                self.add(Draft {
                    own: row_layer(&row.own),
                    locales: row.locales.iter().map(|(locale, layer)| (locale.clone(), row_layer(layer))).collect(),
                    category,
                    name: name.clone(),
                    key: format!("{}/{name}", file.folder().strip_prefix("content/").unwrap_or("")),
                    partial: false,
                    folder_images: false,
                });
            }
        }
    }

    fn add(&mut self, draft: Draft) {
        let Draft { own, locales, category, name, key, partial, folder_images } = draft;
        let Some(sku) = &own.record.sku else {
            if !partial {
                let finding =
                    Diagnostic::new("field/missing", Place::File(own.file.clone())).with("field", "sku");
                self.say(finding);
            }
            return;
        };
        if own.record.title.is_none() && !partial {
            let at = Place::Bytes(own.file.clone(), sku.at);
            self.say(Diagnostic::new("field/missing", at).with("field", "title"));
        }
        let sku: Arc<str> = Arc::from(sku.value.as_str());
        self.catalog.products.push(Product {
            sku,
            locales,
            defaults: Arc::from([]),
            category,
            // Kept here until all categories have their addresses.
            address: format!("{key}\n{name}\n{folder_images}"),
            shown: Shown::Hidden,
            price: None,
            variants: Vec::new(),
            images: Vec::new(),
            date: None,
            own,
        });
    }

    /// Gives every product what it inherits, its address, variants and pictures.
    fn products(&mut self) {
        let mut products = std::mem::take(&mut self.catalog.products);
        products.sort_by(|a, b| (&a.sku, &a.own.file).cmp(&(&b.sku, &b.own.file)));
        let mut kept: Vec<Product> = Vec::with_capacity(products.len());
        for mut product in products {
            let index = kept.len() as u32;
            let who = sku_place(&product);
            if let Some(first) = self.catalog.by_sku.get(&product.sku) {
                let other = kept.get(*first as usize).map_or(Place::Nowhere, sku_place);
                let finding = Diagnostic::new("sku/twice", who)
                    .with("sku", &product.sku)
                    .also(other, "has-it-too");
                self.say(finding);
                continue;
            }
            product.defaults = self.defaults[&product.category].clone();
            let held = std::mem::take(&mut product.address);
            let mut parts = held.split('\n');
            let key = parts.next().unwrap_or_default();
            let name = parts.next().unwrap_or_default();
            let folder_images = parts.next() == Some("true");
            let file = product.own.file.clone();
            let slug_field = product.own.record.slug.clone();
            let slug = self.slug(slug_field.as_ref(), &file, key, name);
            let category = &self.catalog.categories[product.category as usize];
            let address = format!("{}{slug}/", category.address);
            if product.category == 0 {
                self.reserved(&slug, &who);
            } else if slug == "page" {
                self.say(Diagnostic::new("address/reserved", who.clone()).with("found", &slug));
            }
            if !self.route(&address, who) {
                continue;
            }
            self.catalog.addresses.insert(file.clone(), address.clone());
            for (_, layer) in &product.locales {
                self.catalog.addresses.entry(layer.file.clone()).or_insert_with(|| address.clone());
            }
            product.address = address;
            self.time(&mut product);
            self.variants(&mut product, &kept);
            self.images(&mut product, folder_images);
            check::product(&product, &mut self.catalog);
            self.catalog.by_sku.insert(product.sku.clone(), index);
            for variant in &product.variants {
                self.catalog.by_sku.entry(variant.sku.clone()).or_insert(index);
            }
            kept.push(product);
        }
        self.catalog.products = kept;
    }

    fn time(&mut self, product: &mut Product) {
        let zone = &self.catalog.zone;
        let status = product.find("", |record| record.status.as_ref()).map_or(Status::OnShelf, |(s, _)| s.value);
        let on = product.find("", |record| record.shelf_on.as_ref()).map(|(on, _)| on.value.start(zone));
        let off = product.find("", |record| record.shelf_off.as_ref()).map(|(off, _)| off.value.start(zone));
        let date = product.find("", |record| record.date.as_ref()).map(|(date, _)| date.value.start(zone));
        product.date = date.or(on);
        product.shown = product::shown(status, on, off, self.catalog.now);
    }

    fn variants(&mut self, product: &mut Product, others: &[Product]) {
        let Some(records) = product.own.record.variants.clone() else { return };
        for record in &records.items {
            let at = Place::Bytes(product.own.file.clone(), record.sku.as_ref().map_or(record.at, |sku| sku.at));
            let Some(sku) = &record.sku else {
                self.say(Diagnostic::new("field/missing", at).with("field", "sku"));
                continue;
            };
            let sku: Arc<str> = Arc::from(sku.value.as_str());
            let here = product.variants.iter().any(|other| other.sku == sku);
            let elsewhere = self.catalog.by_sku.get(&sku).and_then(|at| others.get(*at as usize));
            if here || elsewhere.is_some() {
                let other = elsewhere.map_or_else(|| sku_place(product), sku_place);
                let finding =
                    Diagnostic::new("sku/twice", at).with("sku", &sku).also(other, "has-it-too");
                self.say(finding);
                continue;
            }
            let image = record.image.as_ref().and_then(|image| self.image(&product.own.file, image));
            product.variants.push(Variant {
                sku,
                price: None,
                stock: record.stock.as_ref().map(|stock| stock.value),
                image,
            });
        }
    }

    /// A picture named in a file; whatever is wrong with it is said here.
    fn image(&mut self, file: &SourcePath, named: &At<String>) -> Option<SourcePath> {
        let at = Place::Bytes(file.clone(), named.at);
        check::picture(&mut self.catalog, file, &named.value, at)
    }

    fn images(&mut self, product: &mut Product, folder_images: bool) {
        let named = product.own.record.images.clone();
        if let Some(records) = named {
            for (nth, record) in records.iter().enumerate() {
                if let Some(path) = self.image(&product.own.file, &record.src) {
                    product.images.push(Image { path, named: Some(nth as u32) });
                }
            }
        } else if folder_images {
            let folder = product.own.file.folder().to_owned();
            let paths: Vec<SourcePath> = self
                .tree
                .below(&folder)
                .map(|(path, _)| path.clone())
                .filter(|path| path.folder() == folder && is_picture(path))
                .collect();
            for path in paths {
                let place = Place::File(path.clone());
                let name = path.name().to_owned();
                if let Some(path) = check::picture(&mut self.catalog, &product.own.file, &name, place) {
                    product.images.push(Image { path, named: None });
                }
            }
        }
        for variant in &product.variants {
            if let Some(path) = &variant.image {
                if !product.images.iter().any(|image| image.path == *path) {
                    product.images.push(Image { path: path.clone(), named: None });
                }
            }
        }
    }

    fn page_files(&mut self, docs: &[(SourcePath, Role, Arc<Doc>)]) {
        let default = self.catalog.shop.default_locale().to_owned();
        let mut pages: BTreeMap<String, Page> = BTreeMap::new();
        let mut waiting = Vec::new();
        for (path, role, doc) in docs {
            let Says::Page(record) = &doc.says else { continue };
            if !self.wanted(path, role) {
                continue;
            }
            let record = Arc::new((**record).clone());
            let body = body_of(path, doc);
            match &role.locale {
                Some(locale) if *locale != default => {
                    waiting.push((role.key.clone(), locale.clone(), path.clone(), record, body));
                }
                _ => {
                    let page = Page {
                        key: role.key.clone(),
                        address: String::new(),
                        file: path.clone(),
                        record,
                        body,
                        locales: Vec::new(),
                        hash: doc.matter,
                    };
                    if let Some(first) = pages.insert(role.key.clone(), page) {
                        let finding = Diagnostic::new("product/two-files", Place::File(path.clone()))
                            .also(Place::File(first.file), "first-here");
                        self.say(finding);
                    }
                }
            }
        }
        for (key, locale, path, record, body) in waiting {
            match pages.get_mut(&key) {
                Some(page) => page.locales.push((locale, path, record, body)),
                None => {
                    let finding = Diagnostic::new("locale/orphan", Place::File(path));
                    self.say(finding);
                }
            }
        }
        for (key, mut page) in pages {
            let name = key.strip_prefix("pages/").unwrap_or(&key).to_owned();
            let hashes: Vec<Hash> = page.locales.iter().map(|(_, _, record, _)| Hash::of_value(&**record)).collect();
            page.hash = Hash::of_value(&(Hash::of_value(&*page.record), hashes));
            if let Some(image) = page.record.image.clone() {
                self.image(&page.file.clone(), &image);
            }
            if name == "index" {
                self.catalog.addresses.insert(page.file.clone(), String::new());
                self.catalog.home = Some(page);
                continue;
            }
            let who = Place::File(page.file.clone());
            let slug = self.slug(page.record.slug.clone().as_ref(), &page.file, &key, &name);
            self.reserved(&slug, &who);
            page.address = format!("{slug}/");
            if !self.route(&page.address.clone(), who) {
                continue;
            }
            self.catalog.addresses.insert(page.file.clone(), page.address.clone());
            for (_, file, ..) in &page.locales {
                self.catalog.addresses.insert(file.clone(), page.address.clone());
            }
            if page.record.title.is_none() {
                let at = Place::File(page.file.clone());
                self.say(Diagnostic::new("field/missing", at).with("field", "title"));
            }
            self.catalog.pages.push(page);
        }
        let order = |page: &Page| page.record.order.as_ref().map_or(i64::MAX, |order| order.value);
        self.catalog.pages.sort_by(|a, b| (order(a), &a.key).cmp(&(order(b), &b.key)));
        // A category's picture is checked here, when all pictures are known.
        let images: Vec<_> = self
            .catalog
            .categories
            .iter()
            .filter_map(|category| category.own.as_ref())
            .filter_map(|(file, record, _)| Some((file.clone(), record.image.clone()?)))
            .collect();
        for (file, image) in images {
            self.image(&file, &image);
        }
    }

    /// Brands and tags, of products that are on the shelf.
    fn groups(&mut self) {
        let products = std::mem::take(&mut self.catalog.products);
        let locales = self.catalog.shop.locales.clone();
        let default = self.catalog.shop.default_locale().to_owned();
        let mut written: HashMap<String, String> = HashMap::new();
        for (index, product) in products.iter().enumerate() {
            if product.shown != Shown::OnShelf {
                continue;
            }
            let brand = product.brand(&default);
            if !brand.is_empty() {
                let slug = self.group_slug("brands", brand, &mut written);
                let group = self.catalog.brands.entry(slug.clone()).or_default();
                brand.clone_into(&mut group.name);
                for locale in &locales {
                    group.names.insert(locale.clone(), product.brand(locale).to_owned());
                }
                self.catalog.listings.entry(Query::Brand(slug)).or_default().push(index as u32);
            }
            for (nth, tag) in product.tags().iter().enumerate() {
                let slug = self.group_slug("tags", &tag.value, &mut written);
                let group = self.catalog.tags.entry(slug.clone()).or_default();
                tag.value.clone_into(&mut group.name);
                for (locale, layer) in &product.locales {
                    // The same number of tags in another language are their translations, in order.
                    if let Some(tags) = &layer.record.tags {
                        if tags.len() == product.tags().len() {
                            group.names.insert(locale.clone(), tags[nth].value.clone());
                        }
                    }
                }
                let list = self.catalog.listings.entry(Query::Tag(slug)).or_default();
                if list.last() != Some(&(index as u32)) {
                    list.push(index as u32);
                }
            }
        }
        self.catalog.products = products;
    }

    fn group_slug(&mut self, area: &str, name: &str, written: &mut HashMap<String, String>) -> String {
        let key = format!("{area}/{name}");
        if let Some(slug) = written.get(&key) {
            return slug.clone();
        }
        // Case and spaces alone make no other brand or tag.
        let slug = if name.is_ascii() { address::slug(name) } else { self.catalog.book.slug_of(&key, name) };
        let slug = if slug.is_empty() { Hash::of(name.as_bytes()).short(8) } else { slug };
        written.insert(key, slug.clone());
        slug
    }

    fn campaign_files(&mut self, docs: &[(SourcePath, Role, Arc<Doc>)]) {
        let default = self.catalog.shop.default_locale().to_owned();
        let mut found: BTreeMap<String, Campaign> = BTreeMap::new();
        let mut waiting = Vec::new();
        for (path, role, doc) in docs {
            let Says::Campaign(record) = &doc.says else { continue };
            if !self.wanted(path, role) {
                continue;
            }
            let record = Arc::new((**record).clone());
            let body = body_of(path, doc);
            match &role.locale {
                Some(locale) if *locale != default => {
                    waiting.push((role.key.clone(), locale.clone(), path.clone(), record, body));
                }
                _ => {
                    let campaign = self.campaign(role.key.clone(), path, record, body);
                    found.insert(role.key.clone(), campaign);
                }
            }
        }
        for (key, locale, path, record, body) in waiting {
            match found.get_mut(&key) {
                Some(campaign) => campaign.locales.push((locale, path, record, body)),
                None => {
                    let finding = Diagnostic::new("locale/orphan", Place::File(path));
                    self.say(finding);
                }
            }
        }
        let mut campaigns: Vec<Campaign> = found.into_values().collect();
        campaigns.sort_by(|a, b| (a.from, &a.key).cmp(&(b.from, &b.key)));
        for campaign in &mut campaigns {
            let parts: Vec<Hash> = std::iter::once(&campaign.record)
                .chain(campaign.locales.iter().map(|(_, _, record, _)| record))
                .map(|record| Hash::of_value(&**record))
                .collect();
            campaign.hash = Hash::of_value(&(&campaign.slug, campaign.state, parts));
            self.route(&campaign.address(), Place::File(campaign.file.clone()));
            self.catalog.addresses.insert(campaign.file.clone(), campaign.address());
            for (_, file, ..) in &campaign.locales {
                self.catalog.addresses.insert(file.clone(), campaign.address());
            }
            self.catalog.listings.insert(Query::Campaign(campaign.key.clone()), campaign.products.clone());
        }
        self.catalog.campaigns = campaigns;
    }

    fn campaign(&mut self, key: String, file: &SourcePath, record: Arc<CampaignRecord>, body: Option<Body>) -> Campaign {
        let zone = self.catalog.zone.clone();
        let from = record.from.as_ref().map(|from| from.value.start(&zone));
        let to = record.to.as_ref().map(|to| to.value.end(&zone));
        check::campaign(&mut self.catalog, file, &record, from, to);
        let now = self.catalog.now;
        let state = match (from, to) {
            (Some(from), _) if now < from => CampaignState::Upcoming,
            (_, Some(to)) if now >= to => CampaignState::Ended,
            _ => CampaignState::Live,
        };
        let name = key.strip_prefix("campaigns/").unwrap_or(&key).to_owned();
        let slug = self.slug(record.slug.as_ref(), file, &key, &name);
        if let Some(image) = &record.image {
            self.image(file, image);
        }
        let products = self.picked(file, &record);
        Campaign { key, slug, file: file.clone(), record, body, locales: Vec::new(), from, to, state, products, hash: Hash::ABSENT }
    }

    fn picked(&mut self, file: &SourcePath, record: &CampaignRecord) -> Vec<u32> {
        let mut chosen: Vec<u32> = Vec::new();
        for pick in &record.products {
            let at = Place::Bytes(file.clone(), pick.at);
            let found: Vec<u32> = match &pick.value {
                Pick::Sku(sku) => match self.catalog.by_sku.get(sku.as_str()) {
                    Some(index) => vec![*index],
                    None => {
                        let finding = Diagnostic::new("reference/sku", at).with("found", sku).near(
                            sku,
                            self.catalog.products.iter().map(|product| &*product.sku),
                        );
                        self.say(finding);
                        continue;
                    }
                },
                Pick::Category(path) => match self.catalog.by_category.get(path) {
                    Some(index) => self.below(*index),
                    None => {
                        let paths: Vec<String> = self.catalog.categories.iter().map(|c| c.path.clone()).collect();
                        let finding = Diagnostic::new("reference/category", at)
                            .with("found", path)
                            .near(path, paths.iter().map(String::as_str));
                        self.say(finding);
                        continue;
                    }
                },
                Pick::Tag(name) => self.named(&name.clone(), |product, name| product.tags().iter().any(|tag| tag.value == name)),
                Pick::Brand(name) => {
                    let default = self.catalog.shop.default_locale().to_owned();
                    self.named(&name.clone(), |product, name| product.brand(&default) == name)
                }
            };
            if found.is_empty() {
                self.say(Diagnostic::new("campaign/nothing", at));
            }
            for index in found {
                if !chosen.contains(&index) && self.catalog.products[index as usize].shown == Shown::OnShelf {
                    chosen.push(index);
                }
            }
        }
        chosen
    }

    fn named(&self, name: &str, has: impl Fn(&Product, &str) -> bool) -> Vec<u32> {
        (0..).zip(&self.catalog.products).filter(|(_, product)| has(product, name)).map(|(at, _)| at).collect()
    }

    fn below(&self, category: u32) -> Vec<u32> {
        let inside = |mut at: u32| loop {
            if at == category {
                return true;
            }
            match self.catalog.categories[at as usize].parent {
                Some(parent) => at = parent,
                None => return false,
            }
        };
        (0..).zip(&self.catalog.products).filter(|(_, product)| inside(product.category)).map(|(at, _)| at).collect()
    }

    /// Every price at the build's moment.
    fn prices(&mut self) {
        let mut terms: HashMap<u32, Vec<u32>> = HashMap::new();
        for (nth, campaign) in (0..).zip(&self.catalog.campaigns) {
            if campaign.state == CampaignState::Live && campaign.record.terms.is_some() {
                for product in &campaign.products {
                    terms.entry(*product).or_default().push(nth);
                }
            }
        }
        let mut products = std::mem::take(&mut self.catalog.products);
        for (index, product) in (0..).zip(&mut products) {
            let campaigns = terms.get(&index).map_or(&[][..], Vec::as_slice);
            let price = self.price(product, None, campaigns);
            let records = product.variant_records().cloned();
            let mut variants = std::mem::take(&mut product.variants);
            if let Some(records) = records {
                for variant in &mut variants {
                    let record = records.items.iter().find(|r| r.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku));
                    variant.price = self.price(product, record, campaigns);
                }
            }
            product.variants = variants;
            product.price = price;
        }
        self.catalog.products = products;
    }

    fn price(&self, product: &Product, variant: Option<&VariantRecord>, campaigns: &[u32]) -> Option<Price> {
        let field = |pick: fn(&PriceRecord) -> Option<&At<Money>>| {
            let own = variant.and_then(|record| pick(&record.price));
            own.or_else(|| product.find("", |record: &Record| pick(&record.price)).map(|(at, _)| at)).map(|at| at.value)
        };
        let time = |pick: fn(&PriceRecord) -> Option<&At<super::moment::Moment>>| {
            let own = variant.and_then(|record| pick(&record.price));
            own.or_else(|| product.find("", |record: &Record| pick(&record.price)).map(|(at, _)| at)).map(|at| at.value)
        };
        let list = field(|price| price.list.as_ref())?;
        let mut price = Price { now: list, list, from: None, to: None, campaign: None };
        let from = time(|price| price.from.as_ref()).map(|from| from.start(&self.catalog.zone));
        let to = time(|price| price.to.as_ref()).map(|to| to.end(&self.catalog.zone));
        let now = self.catalog.now;
        let open = from.is_none_or(|from| now >= from) && to.is_none_or(|to| now < to);
        if let Some(sale) = field(|price| price.sale.as_ref()).filter(|sale| open && *sale < list) {
            price = Price { now: sale, list, from, to, campaign: None };
        }
        for nth in campaigns {
            let campaign = &self.catalog.campaigns[*nth as usize];
            let Some(terms) = &campaign.record.terms else { continue };
            let offered = match terms.value {
                Terms::PercentOff(percent) => list.less_percent(percent, &self.catalog.currency),
                Terms::AmountOff(amount) => Money((list.0 - amount.0).max(0)),
                Terms::Price(amount) => amount,
            };
            if offered < price.now && offered.0 > 0 {
                price = Price { now: offered, list, from: campaign.from, to: campaign.to, campaign: Some(*nth) };
            }
        }
        Some(price)
    }

    /// The order of every listing: newest first, then by SKU.
    fn listings(&mut self) {
        let catalog = &mut self.catalog;
        let mut order: Vec<u32> = (0..catalog.products.len() as u32).filter(|at| catalog.products[*at as usize].shown == Shown::OnShelf).collect();
        order.sort_by_key(|at| {
            let product = &catalog.products[*at as usize];
            (std::cmp::Reverse(product.date), product.sku.clone())
        });
        let mut rank = vec![u32::MAX; catalog.products.len()];
        for (nth, at) in (0..).zip(&order) {
            rank[*at as usize] = nth;
        }
        for at in &order {
            let mut category = Some(catalog.products[*at as usize].category);
            while let Some(index) = category {
                let found = &catalog.categories[index as usize];
                if index != 0 {
                    catalog.listings.entry(Query::Category(found.path.clone())).or_default().push(*at);
                }
                category = found.parent;
            }
            let sale = catalog.products[*at as usize].price_range().is_some_and(|(low, _)| low.on_sale());
            if sale {
                catalog.listings.entry(Query::Sale).or_default().push(*at);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for (query, list) in &mut catalog.listings {
            if matches!(query, Query::Brand(_) | Query::Tag(_)) {
                list.sort_by_key(|at| rank[*at as usize]);
            }
        }
        catalog.listings.insert(Query::All, order);
        let counts = &mut catalog.counts;
        counts.products = catalog.products.len();
        counts.variants = catalog.products.iter().map(|product| product.variants.len()).sum();
        counts.hidden = catalog.products.iter().filter(|product| product.shown == Shown::Hidden).count();
    }

    /// Old addresses: each leads to the thing that names it.
    fn redirects(&mut self) {
        let mut all: Vec<(At<String>, SourcePath, String)> = Vec::new();
        for product in &self.catalog.products {
            for old in &product.own.record.redirects {
                all.push((old.clone(), product.own.file.clone(), product.address.clone()));
            }
        }
        for category in &self.catalog.categories {
            if let Some((file, record, _)) = &category.own {
                all.extend(record.redirects.iter().map(|old| (old.clone(), file.clone(), category.address.clone())));
            }
        }
        for campaign in &self.catalog.campaigns {
            all.extend(campaign.record.redirects.iter().map(|old| (old.clone(), campaign.file.clone(), campaign.address())));
        }
        for page in &self.catalog.pages {
            all.extend(page.record.redirects.iter().map(|old| (old.clone(), page.file.clone(), page.address.clone())));
        }
        for (old, file, address) in all {
            let at = Place::Bytes(file, old.at);
            let path = old.value.trim_matches('/');
            if path.is_empty() || !path.split('/').all(address::is_slug) {
                self.say(Diagnostic::new("address/form", at).with("found", &old.value));
                continue;
            }
            let from = format!("{path}/");
            if self.route(&from, at) {
                self.catalog.redirects.insert(from, address);
            }
        }
    }
}

struct Draft {
    own: Layer,
    locales: Vec<(String, Layer)>,
    category: u32,
    name: String,
    key: String,
    partial: bool,
    folder_images: bool,
}

fn row_layer(row: &RowLayer) -> Layer {
    let body = row.body.as_ref().filter(|body| !body.value.trim().is_empty()).map(|body| Body {
        file: row.file.clone(),
        hash: Hash::of(body.value.as_bytes()),
        inline: Some(Arc::from(body.value.as_str())),
    });
    Layer { file: row.file.clone(), record: row.record.clone(), hash: row.hash, body }
}

fn body_of(path: &SourcePath, doc: &Doc) -> Option<Body> {
    (doc.body != Hash::ABSENT).then(|| Body { file: path.clone(), hash: doc.body, inline: None })
}

fn sku_place(product: &Product) -> Place {
    let at = product.own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
    Place::Bytes(product.own.file.clone(), at)
}
