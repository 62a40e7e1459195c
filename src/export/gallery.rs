//! Which of a product's pictures serve a channel, in which roles, and why others do not.

use std::sync::Arc;

use super::line::Good;
use crate::catalog::picture::Picture;
use crate::catalog::product::{Image, Product};
use crate::catalog::record::{ImageRecord, Role};
use crate::catalog::shop::Format;
use crate::channel::limit::Preset;
use crate::channel::profile::{Folder, Profile};
use crate::cx::{About, Order, Want};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::OutPath;
use crate::image::{BEST, Frame};

/// Pixels across of a picture for a channel that says nothing of them.
const WIDE: u32 = 800;
/// The most pixels across of a picture that is bounded only from above.
const WIDEST: u32 = 1500;

/// A picture of a product on a channel.
pub(super) struct Shot<'a> {
    pub image: &'a Image,
    /// Its file on the site.
    pub site: Want,
    /// Its address on the site.
    pub url: String,
    /// Its file beside the table: the path within the channel's folder, and what to make.
    pub beside: Option<(String, Want)>,
    /// The same in the role of a variant's picture, where the channel has one.
    pub variant: Option<(String, Want)>,
}

/// The pictures of a product on a channel.
#[derive(Default)]
pub(super) struct Gallery<'a> {
    /// Pictures that shoppers leaf through.
    pub shots: Vec<Shot<'a>>,
    /// The picture that the author calls white, for tables that name it.
    pub white: Option<(String, Want)>,
    /// Pictures in roles that no table names.
    pub others: Vec<Want>,
    /// Why something is not there.
    pub said: Vec<Diagnostic>,
}

/// A picture that may serve.
#[derive(Clone, Copy)]
struct Source<'a> {
    image: &'a Image,
    record: Option<&'a ImageRecord>,
    picture: &'a Picture,
    size: (u32, u32),
}

impl Source<'_> {
    fn role(&self) -> Option<Role> {
        self.record.map(|record| record.role)
    }
}

/// What a role of the channel asks of one picture.
struct Asked<'p> {
    name: &'p str,
    preset: &'p Preset,
    /// Its limits are certain.
    sure: bool,
}

struct Maker<'a, 'p> {
    profile: &'p Profile,
    product: &'a Product,
    quality: u8,
    /// Where the channel's files go.
    folder: &'p str,
    lang: &'p str,
    said: Vec<Diagnostic>,
}

/// The pictures that a channel shows of a product: no details, which belong to the text, and no drawings.
pub(super) fn gallery<'a>(good: &Good<'a>, product: &'a Product, folder: &str) -> Gallery<'a> {
    let catalog = good.catalog();
    let profile = good.profile;
    let settings = &catalog.shop.pictures;
    let records = product.own.record.images.as_deref().unwrap_or_default();
    let sources: Vec<Source<'a>> = product
        .images
        .iter()
        .filter_map(|image| {
            let picture = catalog.pictures.get(&image.path)?;
            let size = picture.size.filter(|_| !picture.drawing)?;
            let record = image.named.and_then(|nth| records.get(nth as usize));
            Some(Source { image, record, picture, size })
        })
        .collect();
    let quality = settings.quality;
    let lang = good.lang;
    let mut maker = Maker { profile, product, quality, folder, lang, said: Vec::new() };
    let shown = sources.iter().filter(|source| source.role() != Some(Role::Detail));
    let mut gallery = Gallery::default();
    let asked = profile.folder.as_ref().map_or("main", |place| place.role.as_str());
    let main = maker.asked(asked);
    let most = main.as_ref().and_then(|asked| asked.preset.count_max).map(|most| most as usize);
    let mut files = 0;
    for source in shown {
        let site = Want {
            source: source.image.path.clone(),
            hash: source.picture.hash,
            width: settings.widths(source.size.0).last().copied().unwrap_or(source.size.0),
            format: Format::Jpeg,
            quality: settings.quality,
            file: None,
            order: None,
        };
        let url = format!("{}{}", catalog.shop.base_url, site.url());
        let beside = match &profile.folder {
            Some(place) if most.is_none_or(|most| files < most) => {
                maker.gallery_file(place, main.as_ref(), source, files)
            }
            Some(_) => None,
            None => {
                if !maker.as_on_the_site(main.as_ref(), source, &site) {
                    continue;
                }
                None
            }
        };
        files += usize::from(beside.is_some());
        gallery.shots.push(Shot { image: source.image, site, url, beside, variant: None });
    }
    let there = if profile.folder.is_some() { files } else { gallery.shots.len() };
    maker.count(main.as_ref(), there, &sources);
    if let Some(place) = &profile.folder {
        for (name, _) in profile.pictures.iter().filter(|(name, _)| *name != place.role) {
            maker.role(place, name, &sources, &mut gallery);
        }
    }
    gallery.said = maker.said;
    gallery
}

impl<'p> Maker<'_, 'p> {
    fn asked(&self, name: &str) -> Option<Asked<'p>> {
        let (name, preset) = self.profile.pictures.iter().find(|(own, _)| own == name)?;
        let sure = preset.source.as_ref().is_some_and(|source| source.confidence.sure());
        Some(Asked { name, preset, sure })
    }

    /// A picture of the gallery as a file beside the table.
    fn gallery_file(
        &mut self,
        place: &Folder,
        asked: Option<&Asked<'p>>,
        source: &Source<'_>,
        nth: usize,
    ) -> Option<(String, Want)> {
        let Some(asked) = asked else {
            let width = WIDE.min(source.size.0);
            return Some(self.placed(&place.path, "", nth, self.plain(source, width)));
        };
        // Only the first picture of a gallery must stand on white.
        let white = asked.preset.on_white() && nth == 0;
        let want = self.want(asked, source, white, &[], true)?;
        Some(self.placed(&place.path, asked.name, nth, want))
    }

    /// Whether the channel takes the picture as it is on the site; what is uncertain is left in.
    fn as_on_the_site(
        &mut self,
        asked: Option<&Asked<'p>>,
        source: &Source<'_>,
        site: &Want,
    ) -> bool {
        let Some(asked) = asked else { return true };
        let Some(least) = asked.preset.min else { return true };
        let (width, height) = source.size;
        let size =
            (site.width, (u64::from(height) * u64::from(site.width) / u64::from(width)) as u32);
        if size.0 >= least.0 && size.1 >= least.1 {
            return true;
        }
        self.too_small(asked, source, size, least);
        !asked.sure
    }

    /// Whether there are as many as the channel wants. A product without any is told elsewhere.
    fn count(&mut self, asked: Option<&Asked<'p>>, there: usize, sources: &[Source<'_>]) {
        let Some(asked) = asked else { return };
        let Some(least) = asked.preset.count_min.filter(|least| there < *least as usize) else {
            return;
        };
        if sources.is_empty() {
            return;
        }
        let code = if asked.sure { "picture/too-few" } else { "picture/few" };
        let finding = self.finding(code, asked, self.sku_place());
        self.said.push(finding.with("found", there).with("limit", least));
    }

    /// A role that no table names.
    fn role<'a>(
        &mut self,
        place: &Folder,
        name: &str,
        sources: &[Source<'a>],
        gallery: &mut Gallery<'a>,
    ) {
        let Some(asked) = self.asked(name) else { return };
        if asked.preset.page.is_some() {
            // Drawn of the detail text, with the pictures that are details.
            return;
        }
        if asked.preset.on_white() {
            self.white(place, &asked, sources, gallery);
            return;
        }
        if name == "sku" {
            self.variants(place, &asked, sources, gallery);
            return;
        }
        let Some(pattern) = &place.roles else { return };
        let detail = name == "detail";
        let most = asked
            .preset
            .count_max
            .map_or(if detail { usize::MAX } else { 1 }, |most| most as usize);
        let mut nth = 0;
        for source in sources {
            if (source.role() == Some(Role::Detail)) != detail || nth >= most {
                continue;
            }
            if let Some(want) = self.want(&asked, source, false, &[], false) {
                gallery.others.push(self.placed(pattern, name, nth, want).1);
                nth += 1;
            }
        }
        if !detail {
            self.count(Some(&asked), nth, sources);
        }
    }

    /// The picture on white: the one the author says, else the first whose ground turns out to be white.
    fn white<'a>(
        &mut self,
        place: &Folder,
        asked: &Asked<'p>,
        sources: &[Source<'a>],
        gallery: &mut Gallery<'a>,
    ) {
        let keyed = place.path.contains("{key}");
        let named = sources.iter().find(|source| source.role() == Some(Role::White));
        if let Some(source) = named {
            let Some(want) = self.want(asked, source, true, &[], true) else { return };
            // A table names it only where it is called by what is in it.
            if keyed && asked.name == "white" {
                gallery.white = Some(self.placed(&place.path, asked.name, 0, want));
            } else if let Some(pattern) = &place.roles {
                gallery.others.push(self.placed(pattern, asked.name, 0, want).1);
            }
            return;
        }
        let Some(pattern) = &place.roles else { return };
        let frame = frame(asked.preset, true, None, true);
        let able: Vec<&Source<'_>> = sources
            .iter()
            .filter(|source| source.role() != Some(Role::Detail))
            .filter(|source| !asked.sure || frame.reach(source.size).is_some())
            .collect();
        let Some((first, rest)) = able.split_first() else { return };
        if let Some(want) = self.want(asked, first, true, rest, false) {
            gallery.others.push(self.placed(pattern, asked.name, 0, want).1);
        }
    }

    /// The pictures of variants.
    fn variants<'a>(
        &mut self,
        place: &Folder,
        asked: &Asked<'p>,
        sources: &[Source<'a>],
        gallery: &mut Gallery<'a>,
    ) {
        let pattern =
            if place.path.contains("{key}") { Some(&place.path) } else { place.roles.as_ref() };
        let Some(pattern) = pattern else { return };
        let own: Vec<_> =
            self.product.variants.iter().filter_map(|variant| variant.image.as_ref()).collect();
        let mut nth = 0;
        for shot in &mut gallery.shots {
            let source = sources.iter().find(|source| source.image.path == shot.image.path);
            let Some(source) = source.filter(|_| own.contains(&&shot.image.path)) else { continue };
            if let Some(want) = self.want(asked, source, false, &[], true) {
                shot.variant = Some(self.placed(pattern, asked.name, nth, want));
                nth += 1;
            }
        }
    }

    /// What is to be made of a picture for a role; `None`, and why, when it cannot serve.
    fn want(
        &mut self,
        asked: &Asked<'p>,
        source: &Source<'_>,
        white: bool,
        others: &[&Source<'_>],
        must: bool,
    ) -> Option<Want> {
        let Some(format) = format(asked.preset) else {
            let found = asked.preset.formats.join(", ");
            let finding = self.finding("picture/format", asked, self.image_place(source));
            self.said.push(finding.with("found", found));
            return None;
        };
        let focus = source.record.and_then(|record| record.focus);
        let strict = frame(asked.preset, white, focus, true);
        let fits = strict.reach(source.size).is_some();
        if !fits {
            self.too_small(asked, source, source.size, strict.least);
            if asked.sure {
                return None;
            }
        }
        let frame = if fits { strict } else { frame(asked.preset, white, focus, false) };
        let limits = asked.preset.source.as_ref();
        Some(Want {
            width: frame.size.0,
            format,
            quality: BEST,
            order: Some(Arc::new(Order {
                others: others
                    .iter()
                    .map(|other| (other.image.path.clone(), other.picture.hash))
                    .collect(),
                must,
                about: About {
                    sku: self.product.sku.to_string(),
                    channel: self.profile.label(self.lang).to_owned(),
                    role: asked.name.to_owned(),
                    at: self.image_place(source),
                    needed: asked.preset.count_min.is_some_and(|least| least > 0),
                    sure: asked.sure,
                    source: limits
                        .map_or(String::new(), |from| format!("{} ({})", from.source, from.seen)),
                },
                frame,
            })),
            ..self.plain(source, 0)
        })
    }

    fn plain(&self, source: &Source<'_>, width: u32) -> Want {
        Want {
            source: source.image.path.clone(),
            hash: source.picture.hash,
            width,
            format: Format::Jpeg,
            quality: self.quality,
            file: None,
            order: None,
        }
    }

    /// Gives a picture its place in the channel's folder.
    fn placed(&self, pattern: &str, role: &str, nth: usize, mut want: Want) -> (String, Want) {
        let path = pattern
            .replace("{sku}", &self.product.sku)
            .replace("{role}", role)
            .replace("{n}", &format!("{:02}", nth + 1))
            .replace("{key}", &want.key().to_string());
        want.file = Some(OutPath::new(format!("{}/{path}", self.folder)));
        (path, want)
    }

    fn too_small(
        &mut self,
        asked: &Asked<'p>,
        source: &Source<'_>,
        (width, height): (u32, u32),
        (across, down): (u32, u32),
    ) {
        let code = if asked.sure { "picture/too-small" } else { "picture/small" };
        let finding = self
            .finding(code, asked, self.image_place(source))
            .with("found", source.image.path.name())
            .with("size", format!("{width} × {height}"))
            .with("limit", format!("{across} × {down}"));
        self.said.push(finding);
    }

    fn finding(&self, code: &'static str, asked: &Asked<'p>, at: Place) -> Diagnostic {
        let limits = asked.preset.source.as_ref();
        Diagnostic::new(code, at)
            .with("sku", &self.product.sku)
            .with("channel", self.profile.label(self.lang))
            .with("role", asked.name)
            .with(
                "source",
                limits.map_or(String::new(), |from| format!("{} ({})", from.source, from.seen)),
            )
    }

    fn sku_place(&self) -> Place {
        let own = &self.product.own;
        let at = own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
        Place::Bytes(own.file.clone(), at)
    }

    fn image_place(&self, source: &Source<'_>) -> Place {
        match source.record {
            Some(record) => Place::Bytes(self.product.own.file.clone(), record.src.at),
            None => self.sku_place(),
        }
    }
}

/// The first format of a role that can be written; JPEG when it does not mind.
fn format(preset: &Preset) -> Option<Format> {
    if preset.formats.is_empty() {
        return Some(Format::Jpeg);
    }
    preset.formats.iter().find_map(|name| match name.as_str() {
        "jpeg" | "jpg" => Some(Format::Jpeg),
        "webp" => Some(Format::Webp),
        "avif" => Some(Format::Avif),
        _ => None,
    })
}

/// The frame of a role; one that is not strict takes pictures that are too small as they are.
fn frame(preset: &Preset, white: bool, focus: Option<(u8, u8)>, strict: bool) -> Frame {
    let least = preset.size.or(preset.min).unwrap_or((1, 1));
    let size = preset.size.or(preset.best).unwrap_or_else(|| match (preset.ratio, preset.max) {
        (Some((across, down)), _) => {
            let (across, down) = (across.max(1), down.max(1));
            let times = least.0.max(WIDE).div_ceil(across).max(least.1.div_ceil(down));
            (across * times, down * times)
        }
        (None, Some(most)) if most.0 <= WIDEST => most,
        (None, _) => (least.0.max(WIDE), least.1.max(WIDE)),
    });
    let size = preset.max.map_or(size, |most| (size.0.min(most.0), size.1.min(most.1)));
    Frame {
        size,
        least: if strict { least } else { (1, 1) },
        keep_ratio: preset.size.is_some() || preset.ratio.is_some(),
        white,
        fill: preset.fill.map_or(0, |fill| fill.min(100) as u8),
        focus,
        bytes: (preset.min_bytes.unwrap_or(0), preset.max_bytes.unwrap_or(0)),
    }
}
