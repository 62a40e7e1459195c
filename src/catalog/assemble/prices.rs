//! Every price at the build's moment: the lowest that holds wins.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Assembly;
use crate::catalog::card::PriceTag;
use crate::catalog::doc::Terms;
use crate::catalog::moment::Moment;
use crate::catalog::money::Money;
use crate::catalog::product::Price;
use crate::catalog::product::Product;
use crate::catalog::record::PriceRecord;
use crate::catalog::record::Record;
use crate::catalog::record::VariantRecord;
use crate::catalog::{Campaign, CampaignState, Catalog};
use crate::diag::{Diagnostic, Place};
use crate::source::fields::At;

impl Assembly<'_> {
    /// Every price at the build's moment.
    pub(super) fn prices(&mut self) {
        let mut terms: HashMap<u32, Vec<u32>> = HashMap::new();
        for (nth, campaign) in (0..).zip(&self.catalog.campaigns) {
            if campaign.state == CampaignState::Live && campaign.record.terms.is_some() {
                for product in &campaign.products {
                    terms.entry(*product).or_default().push(nth);
                }
            }
        }
        let mut products = std::mem::take(&mut self.catalog.products);
        let assembly = &*self;
        products.par_iter_mut().enumerate().for_each(|(index, product)| {
            let campaigns = terms.get(&(index as u32)).map_or(&[][..], Vec::as_slice);
            assembly.price_all(Arc::make_mut(product), campaigns);
        });
        self.catalog.products = products;
    }

    /// The prices of a product and its variants, under these campaigns.
    pub(super) fn price_all(&self, product: &mut Product, campaigns: &[u32]) {
        self.catalog.price_all(product, campaigns, self.catalog.now);
    }
}

impl Catalog {
    /// The price of a product while a campaign runs: now, or at its first moment when it has not begun.
    pub fn price_in(
        &self,
        product: &Product,
        campaign: &Campaign,
        locale: &str,
    ) -> Option<PriceTag> {
        let now = campaign.from.filter(|from| *from > self.now).unwrap_or(self.now);
        let index = *self.by_sku.get(&product.sku)?;
        let runs = |one: &Campaign| {
            one.record.terms.is_some()
                && one.from.is_none_or(|from| from <= now)
                && one.to.is_none_or(|to| now < to)
                && one.products.contains(&index)
        };
        let all = (0..).zip(&self.campaigns);
        let running: Vec<u32> = all.filter(|(_, one)| runs(one)).map(|(nth, _)| nth).collect();
        let mut then = product.clone();
        self.price_all(&mut then, &running, now);
        PriceTag::of(self, &then, locale)
    }

    /// What terms make of a list price, when that is less and not nothing.
    fn offered(&self, terms: Terms, list: Money) -> Option<Money> {
        let offered = match terms {
            Terms::PercentOff(percent) => list.less_percent(percent, &self.currency),
            Terms::AmountOff(amount) => Money((list.0 - amount.0).max(0)),
            Terms::Price(amount) => amount,
        };
        (offered < list && offered.0 > 0).then_some(offered)
    }

    /// Campaigns whose terms make nothing cheaper.
    pub(super) fn idle_campaigns(&self) -> Vec<Diagnostic> {
        let idle = |campaign: &Campaign, terms: Terms| {
            let mut lists = campaign
                .products
                .iter()
                .map(|at| &self.products[*at as usize])
                .flat_map(|one| one.variants.iter().filter_map(|v| v.price).chain(one.price))
                .map(|price| price.list)
                .peekable();
            lists.peek().is_some() && lists.all(|list| self.offered(terms, list).is_none())
        };
        let open = self.campaigns.iter().filter(|one| one.state != CampaignState::Ended);
        open.filter_map(|campaign| {
            let terms = campaign.record.terms.as_ref()?;
            let at = Place::Bytes(campaign.file.clone(), terms.at);
            idle(campaign, terms.value).then(|| Diagnostic::new("campaign/no-effect", at))
        })
        .collect()
    }

    fn price_all(&self, product: &mut Product, campaigns: &[u32], now: i64) {
        let price = self.price(product, None, campaigns, now);
        let mut variants = std::mem::take(&mut product.variants);
        for variant in &mut variants {
            let records = product.variant_records().map_or(&[][..], |records| &records.items);
            let own = |record: &&VariantRecord| {
                record.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku)
            };
            variant.price = self.price(product, records.iter().find(own), campaigns, now);
        }
        product.variants = variants;
        product.price = price;
    }

    fn price(
        &self,
        product: &Product,
        variant: Option<&VariantRecord>,
        campaigns: &[u32],
        now: i64,
    ) -> Option<Price> {
        let field = |pick: fn(&PriceRecord) -> Option<&At<Money>>| {
            let own = variant.and_then(|record| pick(&record.price));
            own.or_else(|| {
                product.find("", |record: &Record| pick(&record.price)).map(|(at, _)| at)
            })
            .map(|at| at.value)
        };
        let time = |pick: fn(&PriceRecord) -> Option<&At<Moment>>| {
            let own = variant.and_then(|record| pick(&record.price));
            own.or_else(|| {
                product.find("", |record: &Record| pick(&record.price)).map(|(at, _)| at)
            })
            .map(|at| at.value)
        };
        let list = field(|price| price.list.as_ref())?;
        let mut price = Price { now: list, list, from: None, to: None, campaign: None };
        let from = time(|price| price.from.as_ref()).map(|from| from.start(&self.zone));
        let to = time(|price| price.to.as_ref()).map(|to| to.end(&self.zone));
        let open = from.is_none_or(|from| now >= from) && to.is_none_or(|to| now < to);
        if let Some(sale) = field(|price| price.sale.as_ref()).filter(|sale| open && *sale < list) {
            price = Price { now: sale, list, from, to, campaign: None };
        }
        for nth in campaigns {
            let campaign = &self.campaigns[*nth as usize];
            let Some(terms) = &campaign.record.terms else { continue };
            let Some(offered) = self.offered(terms.value, list) else { continue };
            if offered < price.now {
                price = Price {
                    now: offered,
                    list,
                    from: campaign.from,
                    to: campaign.to,
                    campaign: Some(*nth),
                };
            }
        }
        Some(price)
    }
}
