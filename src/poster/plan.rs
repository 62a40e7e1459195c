//! Which posters there are: what campaigns and products ask for, in every size of the template.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::product::{Product, Shown};
use crate::catalog::record::Record;
use crate::catalog::{Campaign, CampaignState};
use crate::diag::{Diagnostic, Place};
use crate::generation::Generation;
use crate::id::{OutPath, SourcePath};
use crate::maker::{Plan, Subject};
use crate::source::fields::At;
use crate::theme::poster::{Of, Poster};

/// The page that shows all posters.
const INDEX: &str = "posters/index.html";

/// Names of templates, and the file that asks for them.
type Asked<'g> = (&'g [At<String>], &'g SourcePath);

/// What a campaign asks for in a language: its own file of that language, no other.
fn by_campaign<'g>(generation: &Generation, campaign: &'g Campaign, nth: u8) -> Option<Asked<'g>> {
    let lang = generation.locale(nth);
    let local = campaign.locales.iter().find(|(name, ..)| name == lang);
    match local {
        Some((_, file, record, _)) => Some((&record.posters, file)),
        None if nth == 0 => Some((&campaign.record.posters, &campaign.file)),
        None => None,
    }
}

/// What a product asks for, itself or by its categories and the shop; in another language only by its file of that one.
fn by_product<'g>(generation: &Generation, product: &'g Product, nth: u8) -> Option<Asked<'g>> {
    let posters = |record: &'g Record| record.posters.as_ref();
    if nth == 0 {
        return product.find("", posters).map(|(names, layer)| (&names[..], &layer.file));
    }
    let lang = generation.locale(nth);
    let (_, layer) = product.locales.iter().find(|(name, _)| name == lang)?;
    posters(&layer.record).map(|names| (&names[..], &layer.file))
}

pub(super) fn plan(generation: &Generation, plan: &mut Plan) {
    let catalog = &generation.catalog;
    let mut files: Vec<(OutPath, String, (u32, u32))> = Vec::new();
    let locales = catalog.shop.locales.iter().map(String::as_str);
    for (nth, lang) in (0_u8..).zip(locales) {
        let folder = |address: &str| format!("posters{}", catalog.url(lang, address));
        let mut add = |poster: &Poster,
                       folder: &str,
                       product: Option<&Arc<str>>,
                       campaign: Option<&Campaign>,
                       from: &SourcePath| {
            for (width, height) in &poster.sizes {
                let end = poster.format.extension();
                let path = OutPath::new(format!("{folder}{}-{width}x{height}.{end}", poster.name));
                files.push((path.clone(), poster.label.get(lang).to_owned(), (*width, *height)));
                let subject = Subject::Poster {
                    template: poster.name.clone(),
                    size: (*width, *height),
                    product: product.cloned(),
                    campaign: campaign.map(|one| one.key.clone()),
                };
                plan.add(subject, nth, path, Place::File(from.clone()));
            }
        };
        let known = |name: &At<String>| {
            let poster = generation.theme.posters.get(&name.value);
            poster.filter(|poster| poster.of != Of::Detail)
        };
        for campaign in &catalog.campaigns {
            if campaign.state == CampaignState::Ended {
                continue;
            }
            let Some((names, file)) = by_campaign(generation, campaign, nth) else { continue };
            let folder = folder(&campaign.address());
            for poster in names.iter().filter_map(known) {
                if poster.of != Of::Product {
                    add(poster, &folder, None, Some(campaign), file);
                    continue;
                }
                let products = campaign.products.iter().map(|at| &catalog.products[*at as usize]);
                for product in products.filter(|product| product.shown == Shown::OnShelf) {
                    let folder = format!("{folder}{}/", product.sku);
                    add(poster, &folder, Some(&product.sku), Some(campaign), file);
                }
            }
        }
        for product in catalog.products.iter().filter(|one| one.shown == Shown::OnShelf) {
            let Some((names, file)) = by_product(generation, product, nth) else { continue };
            let folder = folder(&product.address);
            for poster in names.iter().filter_map(known).filter(|poster| poster.of == Of::Product) {
                add(poster, &folder, Some(&product.sku), None, file);
            }
        }
    }
    if !files.is_empty() {
        let index = Subject::PosterIndex(files.into());
        plan.add(index, 0, OutPath::new(INDEX), Place::Nowhere);
    }
}

/// Names of posters that the theme does not have, or that cannot be where they are asked for.
pub fn unknown(generation: &Generation, findings: &mut Vec<Diagnostic>) {
    let catalog = &generation.catalog;
    // Details are drawn for channels that ask for them, not by name.
    let posters = &generation.theme.posters;
    let posters: BTreeMap<&str, &Poster> = posters
        .iter()
        .filter(|(_, poster)| poster.of != Of::Detail)
        .map(|(name, poster)| (name.as_str(), poster))
        .collect();
    let mut look = |(names, file): Asked<'_>, product: bool| {
        for name in names {
            let place = Place::Bytes(file.clone(), name.at);
            match posters.get(name.value.as_str()) {
                None => {
                    let finding =
                        Diagnostic::new("poster/unknown", place).with("found", &name.value);
                    findings.push(finding.near(&name.value, posters.keys().copied()));
                }
                Some(poster) if product && poster.of != Of::Product => {
                    findings
                        .push(Diagnostic::new("poster/group", place).with("found", &name.value));
                }
                Some(_) => {}
            }
        }
    };
    for (nth, _) in (0_u8..).zip(&catalog.shop.locales) {
        for campaign in &catalog.campaigns {
            if let Some(asked) = by_campaign(generation, campaign, nth) {
                look(asked, false);
            }
        }
        for product in &catalog.products {
            if let Some(asked) = by_product(generation, product, nth) {
                look(asked, true);
            }
        }
    }
    findings.sort_by(|a, b| (a.order(), a).cmp(&(b.order(), b)));
    findings.dedup();
}
