//! The home page.

use std::rc::Rc;

use serde::Serialize;

use super::chrome::{self, Head};
use super::markdown::Medium;
use super::{html, listing, locales, markdown, path, picture, seo, view};
use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::maker::{Failed, Maker, Plan, Subject};

/// Makes the home page of each language.
pub(super) struct Home;

#[derive(Serialize)]
struct HomeView {
    title: String,
    subtitle: String,
    description: String,
    image: Option<picture::View>,
    body: String,
    featured: Vec<tera::Value>,
    newest: Vec<tera::Value>,
    sale: Vec<tera::Value>,
    categories: Vec<Category>,
}

#[derive(Serialize)]
struct Category {
    title: String,
    url: String,
    count: usize,
    image: Option<picture::View>,
    description: String,
}

/// Products in a row of the home page.
const ROW: usize = 4;

impl Maker for Home {
    fn name(&self) -> &'static str {
        "home"
    }

    fn version(&self) -> u32 {
        2
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        if !generation.theme.has("home.html") {
            return;
        }
        let from = generation.catalog.home.as_ref();
        let from = from.map_or(Place::Nowhere, |page| Place::File(page.file.clone()));
        for (nth, locale) in locales(generation) {
            plan.add(Subject::Shop, nth, path(generation, locale, ""), from.clone());
        }
    }

    fn make(&self, _: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let lang = cx.lang();
        let shop = cx.shop();
        let page = cx.home();
        if let Some(page) = page {
            let local = page.locales.iter().find(|(name, ..)| name == lang);
            cx.could_stand_in(local.map(|(_, file, ..)| file).into_iter().chain([&page.file]));
        }
        let body = markdown::render(cx, page.and_then(|page| page.body(lang)), None, Medium::Page)?;
        let name = shop.name.get(lang).to_owned();
        let about = shop.description.as_ref().map_or("", |text| text.get(lang));
        let text = |pick: fn(
            &crate::catalog::doc::PageRecord,
        )
            -> Option<&crate::source::fields::At<crate::catalog::text::Text>>| {
            page.map_or("", |page| page.text(lang, pick)).to_owned()
        };
        let title = text(|record| record.title.as_ref());
        let description = text(|record| record.description.as_ref());
        let image = page.and_then(crate::catalog::Page::image);
        let image = image.and_then(|path| cx.shot(&path, || title.clone()));
        let image = image.map(|shot| picture::view(cx, &shot, "main"));
        let featured = page.map_or(&[][..], |page| &page.record.featured);
        let featured: Vec<_> = featured.iter().filter_map(|sku| cx.card(&sku.value)).collect();
        // What one row shows, those below it leave to others.
        let mut seen: Vec<String> = featured.iter().map(|card| card.sku.clone()).collect();
        let mut row = |query: &Query| -> Vec<tera::Value> {
            let cards = cx.window(query, 0, ROW + seen.len());
            let fresh = cards.iter().filter(|card| !seen.contains(&card.sku)).take(ROW);
            let fresh: Vec<_> = fresh.cloned().collect();
            seen.extend(fresh.iter().map(|card| card.sku.clone()));
            fresh.iter().map(|card| view::card(cx, card)).collect()
        };
        let (newest, sale) = (row(&Query::All), row(&Query::Sale));
        let navigation = cx.navigation();
        let home = HomeView {
            title: if title.is_empty() { name.clone() } else { title },
            subtitle: text(|record| record.subtitle.as_ref()),
            description: if description.is_empty() {
                about.to_owned()
            } else {
                description.clone()
            },
            body: body.html,
            featured: featured.iter().map(|card| view::card(cx, card)).collect(),
            newest,
            sale,
            categories: navigation
                .children(navigation.root())
                .into_iter()
                .map(|child| Category {
                    title: child.title(lang).to_owned(),
                    url: cx.url(&child.address),
                    count: cx.count(&Query::Category(child.path.clone())),
                    image: listing::cover(cx, child),
                    description: child.description(lang).to_owned(),
                })
                .collect(),
            image,
        };
        let heading = home.title.clone();
        let head = Head {
            kind: "home",
            title: if heading == name { name.clone() } else { format!("{name} – {heading}") },
            heading,
            description: home.description.clone(),
            image: home.image.as_ref().map(|view| view.large.clone()),
            json_ld: seo::organization(cx),
            ..Head::default()
        };
        let mut context = chrome::context(cx, head);
        context.insert("home", &home);
        html(cx, "home.html", &context)
    }
}
