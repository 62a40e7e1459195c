//! Static pages, and the page for addresses that are not there.

use std::rc::Rc;

use super::chrome::{self, Head};
use super::markdown::Medium;
use super::{html, locales, markdown, path, picture};
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::id::OutPath;
use crate::maker::{Failed, Maker, Plan, Subject};

/// Makes static pages.
pub(super) struct Texts;

impl Maker for Texts {
    fn name(&self) -> &'static str {
        "page"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        if !generation.theme.has("page.html") {
            return;
        }
        for (nth, locale) in locales(generation) {
            for page in &generation.catalog.pages {
                let to = path(generation, locale, &page.address);
                plan.add(Subject::Page(page.key.clone()), nth, to, Place::File(page.file.clone()));
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Page(key) = subject else { return Ok(Vec::new()) };
        let Some(page) = cx.page(key) else { return Ok(Vec::new()) };
        let lang = cx.lang();
        let local = page.locales.iter().find(|(name, ..)| name == lang);
        cx.could_stand_in(local.map(|(_, file, ..)| file).into_iter().chain([&page.file]));
        let body = markdown::render(cx, page.body(lang), None, Medium::Page)?;
        let title = page.text(lang, |record| record.title.as_ref()).to_owned();
        let description = page.text(lang, |record| record.description.as_ref()).to_owned();
        let image = page.image().and_then(|path| cx.shot(&path, || title.clone()));
        let head = Head {
            kind: "page",
            heading: title.clone(),
            description: description.clone(),
            address: page.address.clone(),
            image: image.map(|shot| picture::view(cx, &shot, "main").large),
            crumbs: vec![(title.clone(), cx.url(&page.address))],
            ..Head::default()
        };
        let mut context = chrome::context(cx, head);
        context.insert(
            "content",
            &serde_json::json!({
                "title": title, "description": description, "body": body.html, "toc": body.headings,
            }),
        );
        html(cx, "page.html", &context)
    }
}

/// Makes `404.html`, one a language: servers look for it at the root.
pub(super) struct NotFound;

impl Maker for NotFound {
    fn name(&self) -> &'static str {
        "not-found"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        if !generation.theme.has("404.html") {
            return;
        }
        for (nth, locale) in locales(generation) {
            let url = generation.catalog.url(locale, "404.html");
            plan.add(Subject::Shop, nth, OutPath::of_url(&url), Place::Nowhere);
        }
    }

    fn make(&self, _: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let theme = cx.theme();
        let head = Head {
            kind: "404",
            heading: theme.word(cx.lang(), "not_found").to_owned(),
            address: "404.html".to_owned(),
            noindex: true,
            ..Head::default()
        };
        let context = chrome::context(cx, head);
        html(cx, "404.html", &context)
    }
}
