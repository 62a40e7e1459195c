//! Detail pictures: the detail text of a product laid out as a page as wide as a channel shows it, drawn, and cut into the
//! pictures that the channel takes.

use std::rc::Rc;

use tera::Context;

use super::slices::{cuts, rows};
use super::{About, check, draw, file_of, fonts, markup, photo};
use crate::catalog::product::{Image, Product, Shown};
use crate::catalog::record::Role;
use crate::channel::limit::Preset;
use crate::channel::profile::Profile;
use crate::cx::Cx;
use crate::diag::{Diagnostic, Place, Span};
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::image::{self, Target};
use crate::maker::{Failed, Plan, Subject};
use crate::page::functions;
use crate::page::markdown::{self, Framed, Medium};
use crate::page::picture::escape;
use crate::page::view;
use crate::theme::Theme;
use crate::theme::poster::{Of, Poster};

/// Where pages are kept that detail pictures are cut from.
pub const DETAILS: &str = ".cache/details/";

/// The theme's template for them.
const TEMPLATE: &str = "detail";
/// The channels' role of these pictures.
const ROLE: &str = "detail";
/// Pixels of the tallest page; a text of that length is read by nobody on a telephone.
const TALLEST: u32 = 24_000;
/// Pixels down of a picture when the channel does not bound it.
const TALL: u32 = 1500;
/// The coarsest quality.
const LEAST: u8 = 50;

/// What a channel wants of the pictures of details, when it wants them drawn.
struct Wanted<'p> {
    preset: &'p Preset,
    width: u32,
    /// Pixels down of a picture.
    most: u32,
}

impl<'p> Wanted<'p> {
    fn of(profile: &'p Profile) -> Option<Self> {
        let (_, preset) = profile.pictures.iter().find(|(role, _)| role == ROLE)?;
        let width = preset.page?;
        profile.folder.as_ref()?.roles.as_ref()?;
        let most = preset.max.map_or(TALL, |(_, down)| down).max(100);
        Some(Self { preset, width, most })
    }

    fn sure(&self) -> bool {
        self.preset.source.as_ref().is_some_and(|source| source.confidence.sure())
    }
}

/// The theme's template for them.
fn template(theme: &Theme) -> Option<&Poster> {
    theme.posters.get(TEMPLATE).filter(|poster| poster.of == Of::Detail)
}

/// One page for every product of a channel that wants them.
pub(super) fn plan(generation: &Generation, plan: &mut Plan) {
    if template(&generation.theme).is_none() {
        return;
    }
    let channels = &generation.channels;
    let only = channels.only.as_deref();
    for name in &channels.wanted {
        let Some(profile) = channels.get(name).filter(|one| Wanted::of(one).is_some()) else {
            continue;
        };
        let locale = crate::export::locale(generation, profile);
        let folder = crate::export::folder(name, only.is_some());
        let folder = folder.strip_prefix("exports/").unwrap_or(&folder);
        for product in &generation.catalog.products {
            let there = match product.shown {
                Shown::OnShelf => true,
                Shown::OffShelf => profile.off_shelf,
                Shown::Hidden => false,
            };
            let chosen = |sku: &str| only.is_none_or(|only| only.iter().any(|one| one == sku));
            let chosen =
                chosen(&product.sku) || product.variants.iter().any(|one| chosen(&one.sku));
            if there && chosen {
                let key = Hash::of(product.sku.as_bytes()).short(16);
                let path = OutPath::new(format!("{DETAILS}{folder}/{key}"));
                let subject =
                    Subject::Detail { channel: name.clone(), product: product.sku.clone() };
                plan.add(subject, locale, path, profile.at.clone());
            }
        }
    }
}

/// The pictures of a product's details on a channel, in one file.
pub(super) fn make(cx: &Rc<Cx>, channel: &str, sku: &str) -> Result<Vec<u8>, Failed> {
    let theme = cx.template(&file_of(TEMPLATE));
    let Some(poster) = template(&theme) else { return Ok(Vec::new()) };
    let (Some(profile), Some(product)) = (cx.profile(channel), cx.product(sku)) else {
        return Ok(Vec::new());
    };
    let Some(wanted) = Wanted::of(profile) else { return Ok(Vec::new()) };
    let page = Page { cx, poster, profile, product, wanted };
    let Some(context) = page.context()? else { return Ok(pack(&[])) };
    page.draw(&context).map(|pictures| pack(&pictures))
}

struct Page<'p> {
    cx: &'p Rc<Cx>,
    poster: &'p Poster,
    profile: &'p Profile,
    product: &'p Product,
    wanted: Wanted<'p>,
}

impl Page<'_> {
    /// What the template sees; nothing when there is nothing to show.
    fn context(&self) -> Result<Option<Context>, Failed> {
        let Self { cx, product, .. } = self;
        let lang = cx.lang();
        // With the air around it no picture is taller than a slice, so that none has to be cut.
        let frame = (self.wanted.width, self.wanted.most * 9 / 10);
        let medium = Medium::Drawing(frame.0, frame.1);
        let body = markdown::render(cx, product.body(lang), Some(product), medium)?;
        let more = self.more(&body.html, frame);
        let facts = view::facts(cx, product);
        if body.html.trim().is_empty() && more.is_empty() {
            return Ok(None);
        }
        let mut context = Context::new();
        context.insert(
            "poster",
            &serde_json::json!({
                "name": self.poster.name,
                "width": self.wanted.width,
                "u": f64::from(self.wanted.width) / 100.0,
                "lang": lang,
            }),
        );
        context.insert("shop", &super::view::shop(cx));
        let says_facts = product.body(lang).and_then(|body| cx.body(body));
        let says_facts = says_facts.is_some_and(|text| text.contains("::: specs"));
        context.insert(
            "product",
            &serde_json::json!({
                "sku": product.sku,
                "title": product.title(lang),
                "subtitle": product.text(lang, |record| record.subtitle.as_ref()),
                "brand": product.brand(lang),
                // A table in the text is the author's own place for them.
                "facts": if says_facts { Vec::new() } else { facts },
            }),
        );
        context.insert("body", &body.html);
        context.insert("pictures", &more);
        Ok(Some(context))
    }

    /// Pictures that do not stand in the text, but for those on white, which lists of products show. The first leaves room
    /// for the title above it: one that stands alone is a poor first slice.
    fn more(&self, body: &str, frame: (u32, u32)) -> Vec<Framed> {
        let records = self.product.own.record.images.as_deref().unwrap_or_default();
        let first = (frame.0, self.wanted.most * 7 / 10);
        let role = |image: &Image| {
            image.named.and_then(|nth| records.get(nth as usize)).map(|record| record.role)
        };
        let images = self.product.images.iter().filter(|image| role(image) != Some(Role::White));
        let rest = images.filter_map(|image| {
            let framed = Framed::new(self.cx, &image.path, frame)?;
            (!body.contains(&escape(&framed.src))).then_some((image, framed))
        });
        rest.enumerate()
            .filter_map(|(nth, (image, framed))| match nth {
                0 => Framed::new(self.cx, &image.path, first),
                _ => Some(framed),
            })
            .collect()
    }

    /// Lays the page out, draws it and cuts it.
    fn draw(&self, context: &Context) -> Result<Vec<Vec<u8>>, Failed> {
        let Self { cx, poster, wanted, .. } = self;
        let theme = cx.theme();
        let fonts = fonts::load(cx.fonts(), &theme.fonts);
        if let Some((kind, families)) = fonts.missing.first() {
            return Err(Box::new(super::no_font(kind, families)));
        }
        let html = functions::render(cx, &file_of(&poster.name), context)?;
        let broken = |reason: String| {
            let place = Place::File(poster.file.clone());
            Box::new(Diagnostic::new("poster/html", place).with("reason", reason))
        };
        let cut = cx.segmenter();
        let markup = markup::parse(&html, &fonts.families, cut).map_err(broken)?;
        let file = self.file();
        let about = About { campaign: None, products: Vec::new(), file: file.clone() };
        let size = (wanted.width, 0);
        let check = check::Check { cx, poster, size, about: &about, markup: &markup };
        check.glyphs(&fonts)?;
        let mut missing = None;
        // The template says how large they are, so that the page is as tall without them.
        let sources = if cx.wanted { &markup.sources[..] } else { &[] };
        let pictures = photo::all(cx, sources, |source, why| {
            missing.get_or_insert_with(|| check.picture(source, why));
        });
        if let Some(missing) = missing {
            return Err(missing);
        }
        let sheet =
            draw::Sheet::new(&markup, (wanted.width, None), &fonts, &pictures, cx.lang(), cut);
        let fitted = sheet.fit().map_err(broken)?;
        check.refuse(check.overflow(&sheet, &fitted))?;
        let height = sheet.height(&fitted.sizes).map_err(broken)?;
        if height > TALLEST {
            let finding = self.finding("detail/long").with("found", height);
            return Err(Box::new(finding.with("limit", TALLEST)));
        }
        if !cx.wanted {
            return Ok(Vec::new());
        }
        let drawn = sheet.draw(&fitted.sizes, 0).map_err(broken)?;
        let parts = cuts(&drawn, wanted.most);
        if let Some(most) = wanted.preset.count_max.filter(|most| parts.len() > *most as usize) {
            let code = if wanted.sure() { "detail/many" } else { "detail/rather-many" };
            cx.say(self.finding(code).with("found", parts.len()).with("limit", most));
        }
        let most = wanted.preset.max_bytes.map(|most| most as usize);
        let qualities = (LEAST.min(poster.quality), poster.quality);
        let encode = |part: &std::ops::Range<u32>| {
            let part = rows(&drawn, part).ok_or_else(|| broken("0 × 0".to_owned()))?;
            let made = image::within(&part, Target::Jpeg, qualities, most)
                .map_err(|fault| broken(fault.to_string()))?;
            if most.is_some_and(|most| made.len() > most) {
                cx.say(
                    self.finding("detail/heavy")
                        .with("found", made.len() / 1024)
                        .with("limit", most.unwrap_or_default() / 1024),
                );
            }
            Ok(made)
        };
        parts.iter().map(encode).collect()
    }

    /// The file that an author corrects.
    fn file(&self) -> SourcePath {
        let body = self.product.body(self.cx.lang());
        body.map_or_else(|| self.product.own.file.clone(), |body| body.file.clone())
    }

    fn finding(&self, code: &'static str) -> Diagnostic {
        let source = self.wanted.preset.source.as_ref();
        let known = source.map_or(String::new(), |from| format!("{} ({})", from.source, from.seen));
        let own = &self.product.own;
        let at = own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
        Diagnostic::new(code, Place::Bytes(own.file.clone(), at))
            .with("sku", &self.product.sku)
            .with("channel", self.profile.label(self.cx.lang()))
            .with("source", known)
    }
}

/// Files one after the other, behind their lengths.
fn pack(files: &[Vec<u8>]) -> Vec<u8> {
    let number = |number: usize| (number as u32).to_le_bytes();
    let mut all = number(files.len()).to_vec();
    all.extend(files.iter().flat_map(|file| number(file.len())));
    all.extend(files.iter().flatten());
    all
}

/// The files of a pack.
pub fn slices(pack: &[u8]) -> Option<Vec<&[u8]>> {
    let (numbers, _) = pack.as_chunks::<4>();
    let (count, lengths) = numbers.split_first()?;
    let count = u32::from_le_bytes(*count) as usize;
    let mut rest = pack.get(4 + count.checked_mul(4)?..)?;
    let mut files = Vec::with_capacity(count);
    for length in lengths.get(..count)? {
        let (file, behind) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        files.push(file);
        rest = behind;
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_gives_its_files_back() {
        let files = [vec![1, 2, 3], Vec::new(), vec![4]];
        let packed = pack(&files);
        assert_eq!(slices(&packed).unwrap(), [&[1, 2, 3][..], &[], &[4]]);
        assert!(slices(&pack(&[])).unwrap().is_empty());
        assert!(slices(&packed[..packed.len() - 1]).is_none() && slices(&[9, 0, 0, 0]).is_none());
        assert!(slices(&[255; 4]).is_none() && slices(&[]).is_none());
    }
}
