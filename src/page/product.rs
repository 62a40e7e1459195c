//! The page of one product.

use std::rc::Rc;

use super::chrome::{self, Head};
use super::markdown::Medium;
use super::{html, locales, markdown, path, seo, view};
use crate::catalog::product::Shown;
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::maker::{Failed, Maker, Plan, Subject};
use crate::review;

/// Makes product pages.
pub(super) struct Products;

impl Maker for Products {
    fn name(&self) -> &'static str {
        "product"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        if !generation.theme.has("product.html") {
            return;
        }
        for (nth, locale) in locales(generation) {
            for product in &generation.catalog.products {
                if product.shown != Shown::Hidden {
                    let from = Place::File(product.own.file.clone());
                    let to = path(generation, locale, &product.address);
                    plan.add(Subject::Product(product.sku.clone()), nth, to, from);
                }
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Product(sku) = subject else { return Ok(Vec::new()) };
        let Some(product) = cx.product(sku) else { return Ok(Vec::new()) };
        let lang = cx.lang();
        let local = product.locales.iter().find(|(name, _)| name == lang);
        cx.could_stand_in(
            local.map(|(_, layer)| &layer.file).into_iter().chain([&product.own.file]),
        );
        review::product(cx, product);
        let body = markdown::render(cx, product.body(lang), Some(product), Medium::Page)?;
        let tags = view::Tags::of(cx, product);
        let images = view::images(cx, product);
        let description = crate::catalog::card::description(product, lang);
        let pictures: Vec<String> = images.iter().map(|image| image.large.clone()).collect();
        let data = seo::product(cx, product, &tags, &description, &pictures);
        let trail = cx.trail(cx.category_of(product));
        let mut crumbs: Vec<(String, String)> =
            trail.iter().map(|one| (one.title(lang).to_owned(), cx.url(&one.address))).collect();
        crumbs.push((product.title(lang).to_owned(), cx.url(&product.address)));
        let head = Head {
            kind: "product",
            heading: product.title(lang).to_owned(),
            description: description.clone(),
            keywords: cx.composed(product, "keywords").map(|words| words.to_string()),
            address: product.address.clone(),
            noindex: product.shown == Shown::OffShelf,
            image: pictures.into_iter().next(),
            crumbs,
            json_ld: vec![data],
            section: trail.first().map(|top| top.path.clone()),
            ..Head::default()
        };
        let page = view::page(cx, product, &tags, &images, description, body.html);
        let mut context = chrome::context(cx, head);
        context.insert("product", &page);
        html(cx, "product.html", &context)
    }
}
