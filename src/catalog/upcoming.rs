//! When something changes by itself: a preview must not wait for a save to notice it.

use super::Catalog;
use super::card::NEW_DAYS;
use super::moment::Moment;
use super::product::Product;
use super::record::Record;

impl Catalog {
    /// The next moment at which a price, a shelf time, a badge or a campaign changes.
    pub fn next_change(&self) -> Option<i64> {
        let campaigns = self.campaigns.iter().flat_map(|campaign| [campaign.from, campaign.to]);
        let products = self.products.iter().flat_map(|product| self.changes_of(product));
        campaigns.chain(products).flatten().filter(|at| *at > self.now).min()
    }

    fn changes_of(&self, product: &Product) -> Vec<Option<i64>> {
        let zone = &self.zone;
        let field = |pick: fn(&Record) -> Option<Moment>| {
            product.layers("").find_map(|layer| pick(&layer.record)).map(|at| at.start(zone))
        };
        let mut changes = vec![
            field(|record| record.shelf_on.as_ref().map(|at| at.value)),
            field(|record| record.shelf_off.as_ref().map(|at| at.value)),
            product.date,
            product.date.map(|date| date + NEW_DAYS * 86_400),
        ];
        let variants = product.variant_records().into_iter().flat_map(|all| &all.items);
        let prices = product.layers("").map(|layer| &layer.record.price);
        for price in prices.chain(variants.map(|one| &one.price)) {
            changes.push(price.from.as_ref().map(|at| at.value.start(zone)));
            changes.push(price.to.as_ref().map(|at| at.value.end(zone)));
        }
        changes
    }
}
