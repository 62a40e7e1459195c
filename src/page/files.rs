//! Files that are no pages: theme assets, pages that lead on from old addresses, `robots.txt`.

use std::rc::Rc;

use super::{locales, path, picture::escape};
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::id::OutPath;
use crate::maker::{Failed, Maker, Plan, Subject};

/// Makes the theme's assets.
pub(super) struct Assets;

impl Maker for Assets {
    fn name(&self) -> &'static str {
        "asset"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        for (name, asset) in &generation.theme.assets {
            plan.add(Subject::Asset(name.clone()), 0, OutPath::of_url(&asset.url), Place::Nowhere);
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Asset(name) = subject else { return Ok(Vec::new()) };
        Ok(cx.asset_bytes(name).map(|bytes| bytes.to_vec()).unwrap_or_default())
    }
}

/// Makes pages that lead on from old addresses: they work on every server.
pub(super) struct Redirects;

impl Maker for Redirects {
    fn name(&self) -> &'static str {
        "redirect"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        for (nth, locale) in locales(generation) {
            for (old, (new, from)) in &generation.catalog.redirects {
                let to = path(generation, locale, old);
                plan.add(Subject::Redirect(new.clone()), nth, to, from.clone());
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Redirect(address) = subject else { return Ok(Vec::new()) };
        let url = escape(&cx.url(address));
        let whole = format!("{}{url}", cx.shop().base_url);
        let lang = escape(cx.lang());
        Ok(format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{whole}</title>\n<link rel=\"canonical\" href=\"{whole}\"><meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={url}\"></head><body><p><a href=\"{url}\">{whole}</a></p></body></html>\n"
        )
        .into_bytes())
    }
}

/// Makes `robots.txt`.
pub(super) struct Robots;

impl Maker for Robots {
    fn name(&self) -> &'static str {
        "robots"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, _: &Generation, plan: &mut Plan) {
        plan.add(Subject::Shop, 0, OutPath::of_url("/robots.txt"), Place::Nowhere);
    }

    fn make(&self, _: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let base = &cx.shop().base_url;
        Ok(format!("User-agent: *\nAllow: /\n\nSitemap: {base}/sitemap.xml\n").into_bytes())
    }
}
