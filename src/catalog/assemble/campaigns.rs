//! Campaigns, and which products take part.

use std::sync::Arc;

use super::Assembly;
use super::body_of;
use super::gather::File;
use crate::catalog::Campaign;
use crate::catalog::CampaignState;
use crate::catalog::check;
use crate::catalog::doc::CampaignRecord;
use crate::catalog::doc::Kind;
use crate::catalog::doc::Pick;
use crate::catalog::doc::Says;
use crate::catalog::product::Body;
use crate::catalog::product::Product;
use crate::catalog::product::Shown;
use crate::catalog::query::Query;
use crate::diag::Diagnostic;
use crate::diag::Place;
use crate::id::Hash;
use crate::id::SourcePath;

impl Assembly<'_> {
    pub(super) fn campaign_files(&mut self, files: &[File]) {
        let mut campaigns = Vec::new();
        for thing in self.gather(files, Kind::Campaign) {
            let Some((path, _, doc)) = self.own(&thing) else { continue };
            let Says::Campaign(record) = &doc.says else { continue };
            let body = body_of(path, doc);
            let mut campaign = self.campaign(thing.key.to_owned(), path, record.clone(), body);
            campaign.locales.extend(thing.locales.iter().filter_map(|(locale, (path, _, doc))| {
                let Says::Campaign(record) = &doc.says else { return None };
                Some(((*locale).to_owned(), path.clone(), record.clone(), body_of(path, doc)))
            }));
            campaigns.push(campaign);
        }
        campaigns.sort_by(|a, b| (a.from, &a.key).cmp(&(b.from, &b.key)));
        for campaign in &mut campaigns {
            let parts: Vec<Hash> = std::iter::once(&campaign.record)
                .chain(campaign.locales.iter().map(|(_, _, record, _)| record))
                .map(|record| Hash::of_value(&**record))
                .collect();
            campaign.hash = Hash::of_value(&(&campaign.slug, campaign.state, parts));
            let who = Self::owner(&campaign.file, campaign.record.slug.as_ref());
            self.route(&campaign.address(), who);
            Arc::make_mut(&mut self.catalog.addresses)
                .insert(campaign.file.clone(), campaign.address());
            for (_, file, ..) in &campaign.locales {
                Arc::make_mut(&mut self.catalog.addresses).insert(file.clone(), campaign.address());
            }
            self.catalog
                .listings
                .insert(Query::Campaign(campaign.key.clone()), campaign.products.clone());
        }
        self.catalog.campaigns = campaigns;
    }

    pub(super) fn campaign(
        &mut self,
        key: String,
        file: &SourcePath,
        record: Arc<CampaignRecord>,
        body: Option<Body>,
    ) -> Campaign {
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
        Campaign {
            key,
            slug,
            file: file.clone(),
            record,
            body,
            locales: Vec::new(),
            from,
            to,
            state,
            products,
            hash: Hash::ABSENT,
        }
    }

    pub(super) fn picked(&mut self, file: &SourcePath, record: &CampaignRecord) -> Vec<u32> {
        let mut chosen: Vec<u32> = Vec::new();
        for pick in &record.products {
            let at = Place::Bytes(file.clone(), pick.at);
            let found: Vec<u32> = match &pick.value {
                Pick::Sku(sku) => {
                    if let Some(index) = self.catalog.by_sku.get(sku.as_str()) {
                        vec![*index]
                    } else {
                        let finding = Diagnostic::new("reference/sku", at)
                            .with("found", sku)
                            .near(sku, self.catalog.products.iter().map(|product| &*product.sku));
                        self.say(finding);
                        continue;
                    }
                }
                Pick::Category(path) => {
                    if let Some(index) = self.catalog.by_category.get(path) {
                        self.below(*index)
                    } else {
                        let paths: Vec<String> =
                            self.catalog.categories.iter().map(|c| c.path.clone()).collect();
                        let finding = Diagnostic::new("reference/category", at)
                            .with("found", path)
                            .near(path, paths.iter().map(String::as_str));
                        self.say(finding);
                        continue;
                    }
                }
                Pick::Tag(name) => self.named(&name.clone(), |product, name| {
                    product.tags().iter().any(|tag| tag.value == name)
                }),
                Pick::Brand(name) => {
                    let default = self.catalog.shop.default_locale().to_owned();
                    self.named(&name.clone(), |product, name| product.brand(&default) == name)
                }
            };
            if found.is_empty() {
                self.say(Diagnostic::new("campaign/nothing", at));
            }
            for index in found {
                if !chosen.contains(&index)
                    && self.catalog.products[index as usize].shown == Shown::OnShelf
                {
                    chosen.push(index);
                }
            }
        }
        chosen
    }

    pub(super) fn named(&self, name: &str, has: impl Fn(&Product, &str) -> bool) -> Vec<u32> {
        (0..)
            .zip(&self.catalog.products)
            .filter(|(_, product)| has(product, name))
            .map(|(at, _)| at)
            .collect()
    }

    pub(super) fn below(&self, category: u32) -> Vec<u32> {
        let inside = |mut at: u32| loop {
            if at == category {
                return true;
            }
            match self.catalog.categories[at as usize].parent {
                Some(parent) => at = parent,
                None => return false,
            }
        };
        (0..)
            .zip(&self.catalog.products)
            .filter(|(_, product)| inside(product.category))
            .map(|(at, _)| at)
            .collect()
    }
}
