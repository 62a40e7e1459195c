//! Listings: the pages of a category, a brand, a tag.

use std::rc::Rc;

use serde::Serialize;

use super::chrome::{self, Head};
use super::markdown::Medium;
use super::{html, locales, markdown, path, picture, seo, view};
use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::maker::{Failed, Maker, Plan, Subject};

/// Makes listings.
pub(super) struct Listings;

/// One page of a listing as templates see it.
#[derive(Serialize)]
struct Listing {
    products: Vec<tera::Value>,
    count: usize,
    page: usize,
    pages: usize,
    prev: Option<String>,
    next: Option<String>,
    pager: Vec<PagerItem>,
}

#[derive(Serialize)]
struct PagerItem {
    n: usize,
    url: String,
    current: bool,
    gap: bool,
}

#[derive(Serialize)]
struct Child {
    title: String,
    url: String,
    count: usize,
    image: Option<picture::View>,
}

impl Maker for Listings {
    fn name(&self) -> &'static str {
        "listing"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        let catalog = &generation.catalog;
        let size = catalog.shop.page_size;
        let mut add = |template: &str,
                       query: Query,
                       address: &str,
                       from: Place,
                       even_empty: bool| {
            let count = catalog.listing(&query).len();
            if !generation.theme.has(template) || (count == 0 && !even_empty) {
                return;
            }
            for (nth, locale) in locales(generation) {
                for page in 1..=count.div_ceil(size).max(1) {
                    let to = path(generation, locale, &page_address(address, page));
                    plan.add(Subject::Listing(query.clone(), page as u32), nth, to, from.clone());
                }
            }
        };
        for category in catalog.categories.iter().skip(1) {
            let from = category
                .own
                .as_ref()
                .map_or(Place::Nowhere, |(file, ..)| Place::File(file.clone()));
            let query = Query::Category(category.path.clone());
            add("category.html", query, &category.address, from, category.own.is_some());
        }
        for slug in catalog.brands.keys() {
            add(
                "brand.html",
                Query::Brand(slug.clone()),
                &format!("brands/{slug}/"),
                Place::Nowhere,
                false,
            );
        }
        for slug in catalog.tags.keys() {
            add(
                "tag.html",
                Query::Tag(slug.clone()),
                &format!("tags/{slug}/"),
                Place::Nowhere,
                false,
            );
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        match subject {
            Subject::Listing(Query::Category(path), page) => category(cx, path, *page as usize),
            Subject::Listing(query, page) => group(cx, query, *page as usize),
            _ => Ok(Vec::new()),
        }
    }
}

fn page_address(address: &str, page: usize) -> String {
    if page == 1 { address.to_owned() } else { format!("{address}page/{page}/") }
}

fn category(cx: &Rc<Cx>, path: &str, page: usize) -> Result<Vec<u8>, Failed> {
    let Some(category) = cx.category(path) else { return Ok(Vec::new()) };
    let lang = cx.lang();
    let query = Query::Category(path.to_owned());
    let (listing, data) = listing(cx, &query, &category.address, page);
    // The text belongs to the first page; on the others it would be the same text again.
    let body = if page == 1 { category.body(lang) } else { None };
    if page == 1 {
        let local = category.locales.iter().find(|(name, ..)| name == lang);
        let own = category.own.as_ref().map(|(file, ..)| file);
        cx.could_stand_in(local.map(|(_, file, ..)| file).into_iter().chain(own));
    }
    let body = markdown::render(cx, body, None, Medium::Page)?;
    let trail = cx.trail(category);
    let shot = category.image().and_then(|path| cx.shot(&path, || category.title(lang).to_owned()));
    let image = shot.map(|shot| picture::view(cx, &shot, "main"));
    let first = listing.products.first().and_then(|_| cx.window(&query, 0, 1).first().cloned());
    let og_image = image.as_ref().map(|view| view.large.clone()).or_else(|| {
        let shot = first.as_ref()?.image.as_ref()?;
        Some(picture::view(cx, shot, "main").large)
    });
    let children: Vec<Child> = cx
        .navigation()
        .children(category)
        .into_iter()
        .map(|child| {
            let query = Query::Category(child.path.clone());
            Child {
                title: child.title(lang).to_owned(),
                url: cx.url(&child.address),
                count: cx.count(&query),
                image: cover(cx, child),
            }
        })
        .collect();
    let mut crumbs: Vec<(String, String)> =
        trail.iter().map(|one| (one.title(lang).to_owned(), cx.url(&one.address))).collect();
    if let Some(last) = crumbs.last_mut() {
        last.1 = cx.url(&page_address(&category.address, page));
    }
    let description = match category.description(lang) {
        "" => format!("{} – {}", category.title(lang), cx.shop().name.get(lang)),
        text => text.to_owned(),
    };
    let head = Head {
        kind: "category",
        heading: category.title(lang).to_owned(),
        title: numbered(cx, category.title(lang), page),
        description: if page == 1 {
            description.clone()
        } else {
            numbered(cx, category.title(lang), page)
        },
        address: page_address(&category.address, page),
        image: og_image,
        prev: (page > 1).then(|| page_address(&category.address, page - 1)),
        next: (page < listing.pages).then(|| page_address(&category.address, page + 1)),
        crumbs,
        json_ld: vec![data],
        section: trail.first().map(|top| top.path.clone()),
        ..Head::default()
    };
    let mut context = chrome::context(cx, head);
    context.insert(
        "category",
        &serde_json::json!({
            "title": category.title(lang),
            "description": category.description(lang),
            "body": body.html,
            "image": image,
            "url": cx.url(&category.address),
            "children": children,
        }),
    );
    context.insert("listing", &listing);
    html(cx, "category.html", &context)
}

/// The picture that stands for a category: its own, else that of its newest product.
pub(super) fn cover(cx: &Rc<Cx>, category: &crate::catalog::Category) -> Option<picture::View> {
    let category = cx.category(&category.path)?;
    let title = || category.title(cx.lang()).to_owned();
    let own = category.image().and_then(|path| cx.shot(&path, title));
    let shot = own.or_else(|| {
        let newest = cx.window(&Query::Category(category.path.clone()), 0, 1);
        newest.first().and_then(|card| card.image.clone())
    })?;
    Some(picture::view(cx, &shot, "main"))
}

fn numbered(cx: &Rc<Cx>, title: &str, page: usize) -> String {
    let shop = cx.shop().name.get(cx.lang());
    if page == 1 {
        return format!("{title} – {shop}");
    }
    let theme = cx.theme();
    let word = theme.word(cx.lang(), "page_n").replace("{n}", &page.to_string());
    // A theme without this word still tells its pages apart.
    let word = if word == "page_n" { page.to_string() } else { word };
    format!("{title} · {word} – {shop}")
}

fn group(cx: &Rc<Cx>, query: &Query, page: usize) -> Result<Vec<u8>, Failed> {
    let lang = cx.lang();
    let (template, kind, found, address) = match query {
        Query::Brand(slug) => ("brand.html", "brand", cx.brand(slug), format!("brands/{slug}/")),
        Query::Tag(slug) => ("tag.html", "tag", cx.tag(slug), format!("tags/{slug}/")),
        _ => return Ok(Vec::new()),
    };
    let Some(group) = found else { return Ok(Vec::new()) };
    let name = group.names.get(lang).filter(|name| !name.is_empty()).unwrap_or(&group.name).clone();
    let (listing, data) = listing(cx, query, &address, page);
    let image = listing.products.first().and_then(|_| {
        let cards = cx.window(query, (page - 1) * cx.shop().page_size, cx.shop().page_size);
        let shot = cards.first()?.image.clone()?;
        Some(picture::view(cx, &shot, "main").large)
    });
    let head = Head {
        kind,
        heading: name.clone(),
        title: numbered(cx, &name, page),
        description: numbered(cx, &name, page),
        address: page_address(&address, page),
        image,
        prev: (page > 1).then(|| page_address(&address, page - 1)),
        next: (page < listing.pages).then(|| page_address(&address, page + 1)),
        crumbs: vec![(name.clone(), cx.url(&page_address(&address, page)))],
        json_ld: vec![data],
        // A tag gathers what categories already show; search engines need it once.
        noindex: kind == "tag",
        ..Head::default()
    };
    let mut context = chrome::context(cx, head);
    context.insert("heading", &serde_json::json!({"title": name, "url": cx.url(&address)}));
    context.insert("listing", &listing);
    html(cx, template, &context)
}

/// One page of a query's products, and the same as structured data.
fn listing(cx: &Rc<Cx>, query: &Query, address: &str, page: usize) -> (Listing, String) {
    let size = cx.shop().page_size;
    let count = cx.count(query);
    let pages = count.div_ceil(size).max(1);
    let first = (page - 1) * size;
    let cards = cx.window(query, first, size);
    let url = |page: usize| cx.url(&page_address(address, page));
    let listing = Listing {
        products: cards.iter().map(|card| view::card(cx, card)).collect(),
        count,
        page,
        pages,
        prev: (page > 1).then(|| url(page - 1)),
        next: (page < pages).then(|| url(page + 1)),
        pager: pager(page, pages, url),
    };
    (listing, seo::item_list(cx, &cards, first + 1))
}

/// First, last, and those around the current one; what lies between is a gap.
fn pager(page: usize, pages: usize, url: impl Fn(usize) -> String) -> Vec<PagerItem> {
    let mut items: Vec<PagerItem> = Vec::new();
    let mut last = 0;
    for n in (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) <= 2) {
        if n > last + 1 {
            items.push(PagerItem { n: 0, url: String::new(), current: false, gap: true });
        }
        items.push(PagerItem { n, url: url(n), current: n == page, gap: false });
        last = n;
    }
    items
}
