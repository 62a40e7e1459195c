//! Posters: a template of the theme, the shop's own data, and pixels. Makers only; they see facts through the recording
//! context. What a layer says is measured before it is drawn, and read back afterwards.

mod check;
mod contrast;
mod detail;
mod draw;
mod encode;
mod fonts;
mod index;
mod markup;
mod photo;
mod plan;
mod sheet;
mod slices;
mod view;
mod words;

use std::rc::Rc;

use tera::Context;

use crate::catalog::Campaign;
use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::diag::{Diagnostic, Place};
use crate::generation::Generation;
use crate::id::SourcePath;
use crate::maker::{Failed, Maker, Plan, Subject};
use crate::page::functions;
use crate::theme::poster::{Of, Poster};
use view::Shown;

pub use detail::{DETAILS, slices};
pub use photo::register;
pub use plan::unknown;
pub use sheet::sheet;

/// Makes posters, and the page that shows them all.
pub struct Posters;

/// The role of posters that stand on white, and of pictures that do.
const WHITE: &str = "white";

/// Products that decorate the poster of a campaign, at most.
const DECORATION: usize = 9;

/// What one poster is about.
struct About {
    campaign: Option<Campaign>,
    products: Vec<Shown>,
    /// The file to be corrected when the poster's words are not right.
    file: SourcePath,
}

impl Maker for Posters {
    fn name(&self) -> &'static str {
        "poster"
    }

    fn version(&self) -> u32 {
        2
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        plan::plan(generation, plan);
        detail::plan(generation, plan);
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        match subject {
            Subject::Poster { template, size, product, campaign } => {
                let theme = cx.template(&file_of(template));
                let Some(poster) = theme.posters.get(template) else { return Ok(Vec::new()) };
                make(cx, poster, *size, product.as_deref(), campaign.as_deref())
            }
            Subject::Detail { channel, product } => detail::make(cx, channel, product),
            Subject::PosterIndex(files) => Ok(index::page(cx, files).into_bytes()),
            _ => Ok(Vec::new()),
        }
    }
}

fn make(
    cx: &Rc<Cx>,
    poster: &Poster,
    size: (u32, u32),
    product: Option<&str>,
    campaign: Option<&str>,
) -> Result<Vec<u8>, Failed> {
    let about = about(cx, poster, product, campaign)?;
    if poster.role == WHITE && !about.products.iter().all(Shown::has_white) {
        let finding = Diagnostic::new("poster/no-white", Place::File(about.file));
        return Err(Box::new(finding.with("template", &poster.name)));
    }
    let theme = cx.theme();
    let fonts = fonts::load(cx.fonts(), &theme.fonts);
    if let Some((kind, families)) = fonts.missing.first() {
        return Err(Box::new(no_font(kind, families)));
    }
    let html = functions::render(cx, &file_of(&poster.name), &context(cx, poster, size, &about))?;
    let cut = cx.segmenter();
    let broken = |reason: String| {
        let place = Place::File(poster.file.clone());
        Box::new(Diagnostic::new("poster/html", place).with("reason", reason))
    };
    let markup = markup::parse(&html, &fonts.families, cut).map_err(broken)?;
    let check = check::Check { cx, poster, size, about: &about, markup: &markup };
    check.glyphs(&fonts)?;
    let mut missing = None;
    let pictures = photo::all(cx, &markup.sources, |source, why| {
        missing.get_or_insert_with(|| check.picture(source, why));
    });
    if let Some(missing) = missing {
        return Err(missing);
    }
    check.enlarged(&pictures);
    let sheet =
        draw::Sheet::new(&markup, (size.0, Some(size.1)), &fonts, &pictures, cx.lang(), cut);
    let fitted = sheet.fit().map_err(broken)?;
    check.words();
    let mut wrong = check.overflow(&sheet, &fitted);
    wrong.extend(check.prices(&fitted));
    check.refuse(wrong)?;
    if let Some(moving) = poster.moving {
        let encoded = encode::moving(&sheet, &fitted, poster, moving).map_err(broken)?;
        check.weight(encoded.len());
        return Ok(encoded);
    }
    let pixels = sheet.draw(&fitted.sizes, 0).map_err(broken)?;
    check.contrast(&pixels, &fitted);
    let encoded = encode::still(&pixels, poster).map_err(broken)?;
    check.weight(encoded.len());
    Ok(encoded)
}

/// Nothing can be drawn without fonts.
fn no_font(kind: &str, families: &[String]) -> Diagnostic {
    let place = Place::File(SourcePath::new("themes/default/theme.yaml"));
    let finding = Diagnostic::new("poster/no-font", place);
    finding.with("kind", kind).with("families", families.join(", "))
}

/// The file of a template, in the theme.
fn file_of(template: &str) -> String {
    format!("posters/{template}.html")
}

/// The facts of one poster; an error when there is nothing to show.
fn about(
    cx: &Rc<Cx>,
    poster: &Poster,
    product: Option<&str>,
    campaign: Option<&str>,
) -> Result<About, Failed> {
    let campaign = campaign.and_then(|key| cx.campaign(key)).cloned();
    let products: Vec<Shown> = match (product, &campaign) {
        (Some(sku), _) => view::product(cx, sku, campaign.as_ref()).into_iter().collect(),
        (None, Some(campaign)) => {
            let most = if poster.of == Of::Products { poster.group.1 } else { DECORATION };
            // Others take the places of those that cannot be shown.
            let cards = cx.window(&Query::Campaign(campaign.key.clone()), 0, most * 4);
            let seen = cards.iter().filter(|card| card.image.is_some());
            let (shown, sold_out): (Vec<_>, Vec<_>) = seen.partition(|card| card.available);
            if poster.of == Of::Products && !sold_out.is_empty() {
                let names: Vec<&str> = sold_out.iter().map(|card| &*card.sku).collect();
                cx.say(
                    Diagnostic::new("poster/sold-out", Place::File(campaign.file.clone()))
                        .with("template", &poster.name)
                        .with("found", names.join(", ")),
                );
            }
            let shown = shown.iter().take(most);
            shown.filter_map(|card| view::product(cx, &card.sku, Some(campaign))).collect()
        }
        (None, None) => Vec::new(),
    };
    let own = product.and_then(|sku| cx.product(sku)).map(|product| product.own.file.clone());
    let file = own.or_else(|| campaign.as_ref().map(|campaign| campaign.file.clone()));
    let file = file.unwrap_or_else(|| poster.file.clone());
    if poster.of == Of::Products && products.len() < poster.group.0 {
        return Err(Box::new(
            Diagnostic::new("poster/too-few", Place::File(file))
                .with("template", &poster.name)
                .with("least", poster.group.0)
                .with("found", products.len()),
        ));
    }
    Ok(About { campaign, products, file })
}

fn context(cx: &Rc<Cx>, poster: &Poster, (width, height): (u32, u32), about: &About) -> Context {
    let ratio = f64::from(width) / f64::from(height);
    let shape = match ratio {
        ratio if ratio < 0.62 => "tall",
        ratio if ratio < 0.9 => "portrait",
        ratio if ratio <= 1.1 => "square",
        ratio if ratio <= 2.4 => "landscape",
        _ => "wide",
    };
    let mut context = Context::new();
    context.insert(
        "poster",
        &serde_json::json!({
            "name": poster.name,
            "width": width,
            "height": height,
            "shape": shape,
            "u": f64::from(width.min(height)) / 100.0,
            "lang": cx.lang(),
        }),
    );
    context.insert("shop", &view::shop(cx));
    if let Some(campaign) = &about.campaign {
        let first = about.products.first().map(|one| &one.view["pictures"][0]);
        context.insert("campaign", &view::campaign(cx, campaign, first));
    }
    if poster.of == Of::Product {
        context.insert("product", &about.products.first().map(|one| &one.view));
    } else {
        let views: Vec<_> = about.products.iter().map(|one| &one.view).collect();
        context.insert("products", &views);
    }
    context
}
