//! What one thing says of another: whether it is there.

use std::sync::Arc;

use rayon::prelude::*;

use super::Assembly;
use crate::catalog::Catalog;
use crate::catalog::check::{self, at};
use crate::catalog::product::Product;
use crate::channel;
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;
use crate::source::tree::Tree;

impl Assembly<'_> {
    /// Checks every product, and every reference of every thing.
    pub(super) fn references(&mut self) {
        let mut products = std::mem::take(&mut self.catalog.products);
        let skus: Vec<Arc<str>> = products.iter().map(|product| product.sku.clone()).collect();
        let (catalog, tree) = (&self.catalog, self.tree);
        products.par_iter_mut().for_each(|product| {
            let mut found = check::product(product, catalog);
            found.extend(of_product(product, catalog, tree, &skus));
            if !found.is_empty() {
                Arc::make_mut(product).findings.extend(found);
            }
        });
        self.catalog.products = products;
        let mut found = Vec::new();
        if let Some(home) = &self.catalog.home {
            for sku in &home.record.featured {
                if !self.catalog.by_sku.contains_key(sku.value.as_str()) {
                    let place = Place::Bytes(home.file.clone(), sku.at);
                    found.push(unknown(place, &sku.value, &skus));
                }
            }
        }
        let catalog = &mut self.catalog;
        let known = channel::names();
        for channel in &catalog.shop.channels {
            let own = SourcePath::new(format!("content/channels/{}.yaml", channel.value));
            if !known.contains(&channel.value.as_str()) && !self.tree.has(&own) {
                let place = Place::Bytes(SourcePath::new(super::SHOP), channel.at);
                found.push(
                    Diagnostic::new("channel/unknown", place)
                        .with("found", &channel.value)
                        .near(&channel.value, known.iter().copied()),
                );
            }
        }
        catalog.findings.append(&mut found);
    }
}

fn unknown(place: Place, sku: &str, known: &[Arc<str>]) -> Diagnostic {
    Diagnostic::new("reference/sku", place)
        .with("found", sku)
        .near(sku, known.iter().map(|sku| &**sku))
}

/// Checks what a product names: other products, a keyword table, evidence.
pub(super) fn of_product(
    product: &Product,
    catalog: &Catalog,
    tree: &Tree,
    skus: &[Arc<str>],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let layers = std::iter::once(&product.own)
        .chain(product.locales.iter().map(|(_, layer)| layer))
        .chain(product.defaults.iter());
    for layer in layers {
        let record = &layer.record;
        for sku in record.related.iter().flatten() {
            if !catalog.by_sku.contains_key(sku.value.as_str()) {
                found.push(unknown(at(layer, sku.at), &sku.value, skus));
            }
        }
        if let Some(table) = record.keywords.as_ref().and_then(|words| words.table.as_ref()) {
            let there = ["yaml", "csv", "tsv", "xlsx", "xls"].iter().any(|ending| {
                let path = format!("content/keywords/{}.{ending}", table.value);
                tree.has(&SourcePath::new(path))
            });
            if !there {
                let names: Vec<&str> =
                    tree.below("content/keywords").map(|(path, _)| path.stem()).collect();
                found.push(
                    Diagnostic::new("reference/keywords", at(layer, table.at))
                        .with("found", &table.value)
                        .near(&table.value, names),
                );
            }
        }
        for (claim, file) in &record.evidence {
            // Evidence is named from the content folder, where `data/` is, or beside the product.
            let from_root = SourcePath::new("content/x").resolve(&file.value);
            let beside = layer.file.resolve(&file.value);
            let there = [from_root, beside].into_iter().flatten().any(|path| tree.has(&path));
            if !there {
                found.push(
                    Diagnostic::new("reference/evidence", at(layer, file.at))
                        .with("claim", claim)
                        .with("found", &file.value),
                );
            }
        }
    }
    found
}
