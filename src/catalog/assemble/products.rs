//! Products from files and rows: identity, address, variants and pictures, and what they inherit from.

use std::sync::Arc;

use super::Assembly;
use super::body_of;
use super::gather::File;
use crate::catalog::address;
use crate::catalog::check;
use crate::catalog::doc::Kind;
use crate::catalog::doc::Role;
use crate::catalog::doc::Says;
use crate::catalog::picture::is_picture;
use crate::catalog::product;
use crate::catalog::product::Body;
use crate::catalog::product::Image;
use crate::catalog::product::Layer;
use crate::catalog::product::Product;
use crate::catalog::product::Shown;
use crate::catalog::product::Variant;
use crate::catalog::record::Status;
use crate::catalog::rows::RowLayer;
use crate::catalog::rows::Rows;
use crate::diag::Diagnostic;
use crate::diag::Place;
use crate::diag::Span;
use crate::id::Hash;
use crate::id::SourcePath;
use crate::source::fields::At;

impl Assembly<'_> {
    /// Collects products from files and rows, each with its layers but nothing inherited yet.
    pub(super) fn product_files(&mut self, files: &[File], rows: &[(SourcePath, Arc<Rows>)]) {
        for thing in self.gather(files, Kind::Product) {
            let Some(own) = self.own(&thing) else { continue };
            let layer = |(path, _, doc): &File| {
                let Says::Product(record) = &doc.says else { return None };
                let (file, body) = (path.clone(), body_of(path, doc));
                Some(Layer { file, record: record.clone(), hash: doc.matter, body })
            };
            let partial = own.2.partial;
            let Some(own) = layer(own) else { continue };
            let locales = thing.locales.iter();
            let locales = locales
                .filter_map(|(locale, file)| Some(((*locale).to_owned(), layer(file)?)))
                .collect();
            let key = thing.key.strip_prefix("products/").unwrap_or(thing.key);
            let (folder, name) = key.rsplit_once('/').unwrap_or(("", key));
            let folder_images = own.file.stem().starts_with("index");
            let category = self.category(folder);
            self.add(Draft {
                own,
                locales,
                category,
                name: name.to_owned(),
                key: thing.key.to_owned(),
                partial,
                folder_images,
            });
        }
        for (file, rows) in rows {
            let folder = file
                .folder()
                .strip_prefix("content/products")
                .unwrap_or("")
                .trim_start_matches('/')
                .to_owned();
            let mut others: Vec<&String> = rows
                .products
                .iter()
                .flat_map(|row| row.locales.iter().map(|(locale, _)| locale))
                .collect();
            others.sort();
            others.dedup();
            for locale in others {
                let role =
                    Role { kind: Kind::Rows, key: String::new(), locale: Some(locale.clone()) };
                self.wanted(file, &role);
            }
            for row in &rows.products {
                let mut path = folder.clone();
                for name in &row.category {
                    let slug = self
                        .catalog
                        .book
                        .slug_of(&format!("categories/{name}"), &address::slug(name));
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
                    locales: row
                        .locales
                        .iter()
                        .filter(|(locale, _)| self.catalog.shop.locales.contains(locale))
                        .map(|(locale, layer)| (locale.clone(), row_layer(layer)))
                        .collect(),
                    category,
                    name: name.clone(),
                    key: format!("{}/{name}", file.folder().strip_prefix("content/").unwrap_or("")),
                    // A row source with a fault may have lost what now seems missing.
                    partial: crate::diag::any_error(&rows.faults),
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
                    Diagnostic::new("field/missing", check::head(&own.file)).with("field", "sku");
                self.say(finding);
            }
            return;
        };
        if own.record.title.is_none() && !partial {
            let at = Place::Bytes(own.file.clone(), sku.at);
            self.say(Diagnostic::new("field/missing", at).with("field", "title"));
        }
        let sku: Arc<str> = Arc::from(sku.value.as_str());
        self.catalog.products.push(Arc::new(Product {
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
            partial,
            findings: Vec::new(),
            own,
        }));
    }

    /// Gives every product what it inherits, its address, variants and pictures.
    pub(super) fn products(&mut self) {
        let mut products = std::mem::take(&mut self.catalog.products);
        products.sort_by(|a, b| (&a.sku, &a.own.file).cmp(&(&b.sku, &b.own.file)));
        let mut kept: Vec<Arc<Product>> = Vec::with_capacity(products.len());
        let skus: usize = products
            .iter()
            .map(|one| 1 + one.variant_records().map_or(0, |records| records.items.len()))
            .sum();
        self.skus.reserve(skus);
        Arc::make_mut(&mut self.catalog.by_sku).reserve(skus);
        self.routes.reserve(products.len());
        Arc::make_mut(&mut self.catalog.addresses).reserve(products.len());
        for product in products {
            let mut product = Arc::unwrap_or_clone(product);
            let said = self.catalog.findings.len();
            let index = kept.len() as u32;
            let who = sku_place(&product);
            if let Some(first) = self.skus.get(&product.sku.to_lowercase()) {
                let other = kept
                    .get(*first as usize)
                    .map_or(Place::Nowhere, |one| place_of(one, &product.sku));
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
            Arc::make_mut(&mut self.catalog.addresses).insert(file.clone(), address.clone());
            for (_, layer) in &product.locales {
                Arc::make_mut(&mut self.catalog.addresses)
                    .entry(layer.file.clone())
                    .or_insert_with(|| address.clone());
            }
            product.address = address;
            self.time(&mut product);
            self.variants(&mut product, &kept);
            self.images(&mut product, folder_images);
            product.findings = self.catalog.findings.split_off(said);
            self.skus.insert(product.sku.to_lowercase(), index);
            let by_sku = Arc::make_mut(&mut self.catalog.by_sku);
            by_sku.insert(product.sku.clone(), index);
            for variant in &product.variants {
                self.skus.entry(variant.sku.to_lowercase()).or_insert(index);
                by_sku.entry(variant.sku.clone()).or_insert(index);
            }
            kept.push(Arc::new(product));
        }
        self.catalog.products = kept;
    }

    pub(super) fn time(&mut self, product: &mut Product) {
        let zone = &self.catalog.zone;
        let status = product
            .find("", |record| record.status.as_ref())
            .map_or(Status::OnShelf, |(s, _)| s.value);
        let status = if self.drafts && status == Status::Draft { Status::OnShelf } else { status };
        let on =
            product.find("", |record| record.shelf_on.as_ref()).map(|(on, _)| on.value.start(zone));
        let off = product
            .find("", |record| record.shelf_off.as_ref())
            .map(|(off, _)| off.value.start(zone));
        let date =
            product.find("", |record| record.date.as_ref()).map(|(date, _)| date.value.start(zone));
        product.date = date.or(on);
        product.shown = product::shown(status, on, off, self.catalog.now);
    }

    pub(super) fn variants(&mut self, product: &mut Product, others: &[Arc<Product>]) {
        let own = product.own.record.clone();
        let Some(records) = &own.variants else { return };
        for record in &records.items {
            let at = Place::Bytes(
                product.own.file.clone(),
                record.sku.as_ref().map_or(record.at, |sku| sku.at),
            );
            let Some(sku) = &record.sku else {
                self.say(Diagnostic::new("field/missing", at).with("field", "sku"));
                continue;
            };
            let sku: Arc<str> = Arc::from(sku.value.as_str());
            let here = product.variants.iter().any(|other| other.sku.eq_ignore_ascii_case(&sku));
            let elsewhere =
                self.skus.get(&sku.to_lowercase()).and_then(|at| others.get(*at as usize));
            if here || elsewhere.is_some() {
                let other = place_of(elsewhere.map_or(&*product, |one| one), &sku);
                let finding =
                    Diagnostic::new("sku/twice", at).with("sku", &sku).also(other, "has-it-too");
                self.say(finding);
                continue;
            }
            let image =
                record.image.as_ref().and_then(|image| self.image(&product.own.file, image));
            product.variants.push(Variant {
                sku,
                price: None,
                stock: record.stock.as_ref().map(|stock| stock.value),
                image,
            });
        }
    }

    /// A picture named in a file; whatever is wrong with it is said here.
    pub(super) fn image(&mut self, file: &SourcePath, named: &At<String>) -> Option<SourcePath> {
        let at = Place::Bytes(file.clone(), named.at);
        check::picture(&mut self.catalog, file, &named.value, at)
    }

    pub(super) fn images(&mut self, product: &mut Product, folder_images: bool) {
        let own = product.own.record.clone();
        if let Some(records) = &own.images {
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
                if let Some(path) =
                    check::picture(&mut self.catalog, &product.own.file, &name, place)
                {
                    product.images.push(Image { path, named: None });
                }
            }
        }
        for variant in &product.variants {
            if let Some(path) = &variant.image
                && !product.images.iter().any(|image| image.path == *path)
            {
                product.images.push(Image { path: path.clone(), named: None });
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
        inline: Some(At::new(Arc::from(body.value.as_str()), body.at)),
    });
    Layer { file: row.file.clone(), record: row.record.clone(), hash: row.hash, body }
}

/// Where a product says a SKU: its own, or that of its first variant that has it.
fn place_of(product: &Product, sku: &str) -> Place {
    let is = |one: &&At<String>| one.value.eq_ignore_ascii_case(sku);
    let items = product.variant_records().map_or(&[][..], |variants| &variants.items);
    let own = product.own.record.sku.as_ref().filter(is);
    let variant = || items.iter().filter_map(|one| one.sku.as_ref()).find(is);
    own.or_else(variant)
        .map_or_else(|| sku_place(product), |at| Place::Bytes(product.own.file.clone(), at.at))
}

fn sku_place(product: &Product) -> Place {
    let at = product.own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
    Place::Bytes(product.own.file.clone(), at)
}
