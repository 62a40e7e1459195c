//! The site: pages, feed, site map, assets. Makers only; they see facts through the recording context.

pub mod campaign;
pub mod chrome;
pub mod feed;
pub mod files;
pub mod functions;
pub mod home;
pub mod links;
pub mod listing;
pub mod markdown;
pub mod picture;
pub mod product;
pub mod seo;
pub mod sitemap;
pub mod squeeze;
pub mod text;
pub mod view;

use std::rc::Rc;

use tera::Context;

use crate::cx::Cx;
use crate::generation::Generation;
use crate::id::OutPath;
use crate::maker::{Failed, Maker};

/// Everything that makes a part of the site, in the order of their importance to a reader.
pub const MAKERS: [&dyn Maker; 11] = [
    &product::Products,
    &home::Home,
    &listing::Listings,
    &campaign::Campaigns,
    &text::Texts,
    &text::NotFound,
    &files::Assets,
    &files::Redirects,
    &files::Robots,
    &feed::Feed,
    &sitemap::SiteMap,
];

/// Renders a page and takes needless white space out of it.
fn html(cx: &Rc<Cx>, template: &str, context: &Context) -> Result<Vec<u8>, Failed> {
    let page = functions::render(cx, template, context)?;
    Ok(squeeze::squeeze(&page).into_bytes())
}

/// Where an address of a language goes.
fn path(generation: &Generation, locale: &str, address: &str) -> OutPath {
    OutPath::of_url(&generation.catalog.url(locale, address))
}

/// The shop's languages with their numbers.
fn locales(generation: &Generation) -> impl Iterator<Item = (u8, &str)> {
    (0..).zip(generation.catalog.shop.locales.iter().map(String::as_str))
}
