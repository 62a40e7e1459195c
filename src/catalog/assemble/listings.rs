//! The order of every listing, counts, and old addresses.

use super::Assembly;
use crate::catalog::address;
use crate::catalog::product::Shown;
use crate::catalog::query::Query;
use crate::diag::Diagnostic;
use crate::diag::Place;
use crate::id::SourcePath;
use crate::source::fields::At;

impl Assembly<'_> {
    /// The order of every listing: newest first, then by SKU.
    pub(super) fn listings(&mut self) {
        let catalog = &mut self.catalog;
        let mut order: Vec<u32> = (0..catalog.products.len() as u32)
            .filter(|at| catalog.products[*at as usize].shown == Shown::OnShelf)
            .collect();
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
                    catalog
                        .listings
                        .entry(Query::Category(found.path.clone()))
                        .or_default()
                        .push(*at);
                }
                category = found.parent;
            }
            let sale =
                catalog.products[*at as usize].price_range().is_some_and(|(low, _)| low.on_sale());
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
        counts.hidden =
            catalog.products.iter().filter(|product| product.shown == Shown::Hidden).count();
    }

    /// Old addresses: each leads to the thing that names it.
    pub(super) fn redirects(&mut self) {
        let mut all: Vec<(At<String>, SourcePath, String)> = Vec::new();
        for product in &self.catalog.products {
            for old in &product.own.record.redirects {
                all.push((old.clone(), product.own.file.clone(), product.address.clone()));
            }
        }
        for category in &self.catalog.categories {
            if let Some((file, record, _)) = &category.own {
                all.extend(
                    record
                        .redirects
                        .iter()
                        .map(|old| (old.clone(), file.clone(), category.address.clone())),
                );
            }
        }
        for campaign in &self.catalog.campaigns {
            all.extend(
                campaign
                    .record
                    .redirects
                    .iter()
                    .map(|old| (old.clone(), campaign.file.clone(), campaign.address())),
            );
        }
        for page in &self.catalog.pages {
            all.extend(
                page.record
                    .redirects
                    .iter()
                    .map(|old| (old.clone(), page.file.clone(), page.address.clone())),
            );
        }
        for (old, file, address) in all {
            let at = Place::Bytes(file, old.at);
            let path = old.value.trim_matches('/');
            if path.is_empty() || !path.split('/').all(address::is_slug) {
                self.say(Diagnostic::new("address/form", at).with("found", &old.value));
                continue;
            }
            let from = format!("{path}/");
            if self.route(&from, at.clone()) {
                self.catalog.redirects.insert(from, (address, at));
            }
        }
    }
}
