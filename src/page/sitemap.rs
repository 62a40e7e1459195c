//! The site map (sitemaps.org 0.9) with pictures and languages; split at the protocol's limit.

use std::fmt::Write;
use std::rc::Rc;

use super::picture::{self, escape};
use crate::catalog::Catalog;
use crate::catalog::product::Shown;
use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::id::OutPath;
use crate::maker::{Failed, Maker, Plan, Subject};

/// Makes the site map.
pub(super) struct SiteMap;

/// Addresses in one file. The protocol allows 50,000, and 50 MB; with languages and pictures this stays below both.
const PART: usize = 20_000;

/// One address of the default language.
struct Entry {
    address: String,
    date: Option<i64>,
    product: Option<u32>,
}

impl Maker for SiteMap {
    fn name(&self) -> &'static str {
        "sitemap"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        plan.add(Subject::Shop, 0, OutPath::of_url("/sitemap.xml"), Place::Nowhere);
        let has = |template: &str| generation.theme.has(template);
        let parts = entries(&generation.catalog, &has).len().div_ceil(PART);
        if parts > 1 {
            for part in 1..=parts {
                let to = OutPath::of_url(&format!("/sitemap-{part}.xml"));
                plan.add(Subject::Part(part as u32), 0, to, Place::Nowhere);
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let theme = cx.theme();
        let catalog = cx.all_addresses();
        let entries = entries(catalog, &|template| theme.has(template));
        let base = &catalog.shop.base_url;
        if let Subject::Part(part) = subject {
            let from = (*part as usize - 1) * PART;
            let to = (from + PART).min(entries.len());
            return Ok(part_of(cx, catalog, entries.get(from..to).unwrap_or_default()));
        }
        let parts = entries.len().div_ceil(PART);
        if parts <= 1 {
            return Ok(part_of(cx, catalog, &entries));
        }
        let mut index = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for part in 1..=parts {
            let _ = writeln!(
                index,
                "<sitemap><loc>{}/sitemap-{part}.xml</loc></sitemap>",
                escape(base)
            );
        }
        index.push_str("</sitemapindex>\n");
        Ok(index.into_bytes())
    }
}

/// Every address that search engines should know, in order.
fn entries(catalog: &Catalog, has: &dyn Fn(&str) -> bool) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(catalog.products.len() + catalog.categories.len());
    let mut add = |address: String, date, product| entries.push(Entry { address, date, product });
    let size = catalog.shop.page_size;
    add(String::new(), None, None);
    let mut pages = |address: &str, query: Query, even_empty: bool| {
        let count = catalog.listing(&query).len();
        if count == 0 && !even_empty {
            return;
        }
        add(address.to_owned(), None, None);
        for page in 2..=count.div_ceil(size) {
            add(format!("{address}page/{page}/"), None, None);
        }
    };
    if has("category.html") {
        for category in catalog.categories.iter().skip(1) {
            pages(
                &category.address,
                Query::Category(category.path.clone()),
                category.own.is_some(),
            );
        }
    }
    if has("brand.html") {
        for slug in catalog.brands.keys() {
            pages(&format!("brands/{slug}/"), Query::Brand(slug.clone()), false);
        }
    }
    if has("campaign.html") {
        for campaign in &catalog.campaigns {
            if campaign.state != crate::catalog::CampaignState::Ended {
                add(campaign.address(), None, None);
            }
        }
    }
    if has("page.html") {
        for page in &catalog.pages {
            add(page.address.clone(), None, None);
        }
    }
    if has("product.html") {
        for (at, product) in (0..).zip(&catalog.products) {
            if product.shown == Shown::OnShelf {
                add(product.address.clone(), product.date, Some(at));
            }
        }
    }
    entries
}

fn part_of(cx: &Rc<Cx>, catalog: &Catalog, entries: &[Entry]) -> Vec<u8> {
    let base = &catalog.shop.base_url;
    let locales = &catalog.shop.locales;
    let mut map = String::with_capacity(entries.len() * 160 * locales.len());
    map.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for entry in entries {
        for locale in locales {
            let url = |locale: &str| {
                escape(&format!("{base}{}{}", catalog.shop.prefix(locale), entry.address))
            };
            let _ = write!(map, "<url><loc>{}</loc>", url(locale));
            if let Some(date) = entry.date {
                let _ = write!(
                    map,
                    "<lastmod>{}</lastmod>",
                    crate::catalog::moment::iso(date, &catalog.zone)
                );
            }
            if locales.len() > 1 {
                for other in locales {
                    let _ = write!(
                        map,
                        "<xhtml:link rel=\"alternate\" hreflang=\"{other}\" href=\"{}\"/>",
                        url(other)
                    );
                }
            }
            if let Some(product) = entry.product {
                for image in &catalog.products[product as usize].images {
                    if let Some(shot) = cx.shot(&image.path, String::new) {
                        let view = picture::view(cx, &shot, "main");
                        let _ = write!(
                            map,
                            "<image:image><image:loc>{}</image:loc></image:image>",
                            escape(&format!("{base}{}", view.large))
                        );
                    }
                }
            }
            map.push_str("</url>\n");
        }
    }
    map.push_str("</urlset>\n");
    map.into_bytes()
}
