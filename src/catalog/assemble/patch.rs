//! A new catalogue from the last one, when only words, prices or stock of some products changed: what nearly every
//! save is. Anything that could move another thing (an address, an order, a group) is left to the whole assembly.

use std::collections::HashMap;
use std::sync::Arc;

use super::references;
use super::{Assembly, body_of, empty_cards};
use crate::catalog::check;
use crate::catalog::doc::{Doc, Says};
use crate::catalog::product::{Layer, Product};
use crate::catalog::record::Record;
use crate::catalog::{CampaignState, Catalog};
use crate::diag::Diagnostic;
use crate::id::SourcePath;
use crate::source::tree::Tree;

/// A file of a product that says something else than before.
#[derive(Clone)]
pub struct Change {
    /// The file.
    pub file: SourcePath,
    /// What it says now.
    pub doc: Arc<Doc>,
}

/// The catalogue after these changes; `None` when the whole assembly must see to them.
pub fn patch(last: &Catalog, tree: &Tree, changes: &[Change]) -> Option<Catalog> {
    let mut build = Assembly {
        catalog: last.clone(),
        tree,
        routes: HashMap::new(),
        skus: HashMap::new(),
        defaults: HashMap::new(),
        drafts: false,
    };
    let mut touched: Vec<u32> = Vec::new();
    for change in changes {
        let at = *last.by_file.get(&change.file)?;
        let product = Arc::make_mut(&mut build.catalog.products[at as usize]);
        replace(product, change)?;
        if !touched.contains(&at) {
            touched.push(at);
        }
    }
    for at in touched {
        renew(&mut build, last, at)?;
    }
    // What a campaign makes of prices hangs on all of its products.
    let mut catalog = build.catalog;
    let idle = catalog.idle_campaigns();
    let is_idle = |finding: &Diagnostic| finding.code == "campaign/no-effect";
    if !idle.iter().eq(catalog.findings.iter().filter(|one| is_idle(one))) {
        catalog.findings.retain(|one| !is_idle(one));
        catalog.findings.extend(idle);
        catalog.findings.sort();
    }
    Some(catalog)
}

/// Puts what a file says now in the place of what it said.
fn replace(product: &mut Product, change: &Change) -> Option<()> {
    let Says::Product(record) = &change.doc.says else { return None };
    let own = product.own.file == change.file;
    let layer = if own {
        &mut product.own
    } else {
        product.locales.iter_mut().map(|(_, layer)| layer).find(|one| one.file == change.file)?
    };
    if change.doc.partial || (own && record.title.is_none()) || !alike(&layer.record, record) {
        return None;
    }
    *layer = Layer {
        file: change.file.clone(),
        record: record.clone(),
        hash: change.doc.matter,
        body: body_of(&change.file, &change.doc),
    };
    Some(())
}

/// Everything of a product that is worked out from its own words.
fn renew(build: &mut Assembly<'_>, last: &Catalog, at: u32) -> Option<()> {
    let before = &last.products[at as usize];
    // Who came first of two that want the same is known only when all are seen.
    let shared = ["address/", "sku/"];
    let contested = |code: &str| shared.iter().any(|area| code.starts_with(area));
    if before.partial || before.findings.iter().any(|finding| contested(&finding.code)) {
        return None;
    }
    let mut product = Arc::unwrap_or_clone(build.catalog.products[at as usize].clone());
    let said = build.catalog.findings.len();
    build.time(&mut product);
    if (product.shown, product.date) != (before.shown, before.date) {
        return None;
    }
    product.variants.clear();
    build.variants(&mut product, &[]);
    product.images.clear();
    let folder_images = product.own.file.stem().starts_with("index");
    build.images(&mut product, folder_images);
    let mut findings = build.catalog.findings.split_off(said);
    findings.extend(check::product(&product, last));
    let skus: Vec<Arc<str>> = if names_all(&product, last) {
        Vec::new()
    } else {
        last.products.iter().map(|product| product.sku.clone()).collect()
    };
    findings.extend(references::of_product(&product, last, build.tree, &skus));
    product.findings = findings;
    let campaigns: Vec<u32> = (0..)
        .zip(&last.campaigns)
        .filter(|(_, one)| one.state == CampaignState::Live && one.record.terms.is_some())
        .filter(|(_, one)| one.products.contains(&at))
        .map(|(nth, _)| nth)
        .collect();
    build.price_all(&mut product, &campaigns);
    let reduced = |product: &Product| product.price_range().map(|(low, _)| low.on_sale());
    if reduced(&product) != reduced(before) {
        return None;
    }
    build.catalog.products[at as usize] = Arc::new(product);
    build.catalog.cards[at as usize] = empty_cards(last.shop.locales.len());
    Some(())
}

/// Whether every product it names is there, so that nobody asks for similar names.
fn names_all(product: &Product, catalog: &Catalog) -> bool {
    let layers = product.locales.iter().map(|(_, layer)| layer).chain([&product.own]);
    let mut named = layers.flat_map(|layer| layer.record.related.iter().flatten());
    named.all(|sku| catalog.by_sku.contains_key(sku.value.as_str()))
}

/// Whether two records agree in everything that other things depend on. Places do not count: they move with each letter.
fn alike(a: &Record, b: &Record) -> bool {
    fn values<T>(list: &[crate::source::fields::At<T>]) -> impl Iterator<Item = &T> {
        list.iter().map(|one| &one.value)
    }
    fn option<T>(one: Option<&crate::source::fields::At<T>>) -> Option<&T> {
        one.map(|one| &one.value)
    }
    let skus = |record: &Record| -> Option<Vec<Option<String>>> {
        let items = &record.variants.as_ref()?.items;
        Some(items.iter().map(|one| one.sku.as_ref().map(|sku| sku.value.clone())).collect())
    };
    let names = |list: Option<&Vec<crate::source::fields::At<String>>>| -> Option<Vec<String>> {
        list.map(|list| values(list).cloned().collect())
    };
    option(a.sku.as_ref()) == option(b.sku.as_ref())
        && option(a.slug.as_ref()) == option(b.slug.as_ref())
        && option(a.status.as_ref()) == option(b.status.as_ref())
        && option(a.shelf_on.as_ref()) == option(b.shelf_on.as_ref())
        && option(a.shelf_off.as_ref()) == option(b.shelf_off.as_ref())
        && option(a.date.as_ref()) == option(b.date.as_ref())
        && option(a.brand.as_ref()) == option(b.brand.as_ref())
        && values(&a.redirects).eq(values(&b.redirects))
        && names(a.tags.as_ref()) == names(b.tags.as_ref())
        && names(a.posters.as_ref()) == names(b.posters.as_ref())
        && skus(a) == skus(b)
}
