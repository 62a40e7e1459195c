//! What the rows of a table stand for: products taken apart into lines.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::catalog::product::{Price, Product, Variant};
use crate::catalog::record::{ChannelRecord, Role, VariantRecord};
use crate::channel::profile::{Layout, Part, Profile};
use crate::cx::{Want, Wares};
use crate::id::OutPath;

/// A product on a channel, with what its lines share.
pub(super) struct Good<'a> {
    pub wares: Wares<'a>,
    pub profile: &'a Profile,
    pub product: &'a Product,
    pub lang: &'a str,
    /// Pictures that shoppers leaf through.
    pub shots: Vec<Shot<'a>>,
    pub html: OnceCell<String>,
    /// Pictures that its cells name.
    pub wants: RefCell<BTreeSet<Want>>,
}

/// A picture of a product on a channel.
pub(super) struct Shot<'a> {
    pub image: &'a crate::catalog::product::Image,
    /// Its file on the site.
    pub site: Want,
    /// Its address on the site.
    pub url: String,
    /// Its file beside the table: the path within the channel's folder, and what to make.
    pub beside: Option<(String, Want)>,
}

/// One row of a table.
pub(super) struct Line<'a> {
    pub good: &'a Good<'a>,
    pub variant: Option<&'a Variant>,
    /// What the author says of the variant.
    pub record: Option<&'a VariantRecord>,
    /// The row's picture, by its place among the product's.
    pub picture: Option<usize>,
    first: bool,
    seller: bool,
}

/// Pixels across of a picture for a channel that says nothing of them.
const WIDE: u32 = 800;

impl<'a> Good<'a> {
    /// A product on a channel.
    pub(super) fn new(
        wares: Wares<'a>,
        profile: &'a Profile,
        product: &'a Product,
        lang: &'a str,
        folder: &str,
    ) -> Self {
        let shots = shots(wares.catalog(), profile, product, folder);
        Self {
            wares,
            profile,
            product,
            lang,
            shots,
            html: OnceCell::new(),
            wants: RefCell::default(),
        }
    }

    /// Everything put together of the shop.
    pub(super) fn catalog(&self) -> &'a Catalog {
        self.wares.catalog()
    }

    /// Asks for a picture that a cell names.
    pub(super) fn want(&self, want: Want) {
        self.wants.borrow_mut().insert(want);
    }

    /// What the author says of this channel, nearest first.
    pub(super) fn records(&self) -> impl Iterator<Item = &'a ChannelRecord> + use<'a> {
        self.product.channel(&self.profile.name)
    }

    /// A row for each variant.
    pub(super) fn lines_of_variants(&'a self) -> Vec<Line<'a>> {
        if self.product.variants.is_empty() { Vec::new() } else { self.lines(Layout::Variant) }
    }

    /// The rows of a product in a layout.
    pub(super) fn lines(&'a self, layout: Layout) -> Vec<Line<'a>> {
        let product = self.product;
        let variant = |variant: &'a Variant| Line {
            record: record(product, variant),
            variant: Some(variant),
            ..Line::of(self)
        };
        let whole = || Line { seller: product.variants.is_empty(), ..Line::of(self) };
        let mut lines: Vec<Line<'a>> = match layout {
            Layout::Product => vec![whole()],
            Layout::Variant | Layout::VariantPictures if product.variants.is_empty() => {
                vec![whole()]
            }
            Layout::ParentVariants => {
                std::iter::once(whole()).chain(product.variants.iter().map(variant)).collect()
            }
            Layout::Variant | Layout::VariantPictures => {
                product.variants.iter().map(variant).collect()
            }
        };
        if layout == Layout::VariantPictures {
            for nth in 0..self.shots.len() {
                if nth >= lines.len() {
                    lines.push(Line { seller: false, ..Line::of(self) });
                }
                lines[nth].picture = Some(nth);
            }
        }
        if let Some(line) = lines.first_mut() {
            line.first = true;
        }
        lines
    }
}

impl<'a> Line<'a> {
    fn of(good: &'a Good<'a>) -> Self {
        Self { good, variant: None, record: None, picture: None, first: false, seller: true }
    }

    /// Whether the row carries any of these parts; every row does when none is named.
    pub(super) fn carries(&self, parts: &[Part]) -> bool {
        parts.is_empty()
            || parts.iter().any(|part| match part {
                Part::First => self.first,
                Part::Parent => self.is_parent(),
                Part::Single => self.seller && self.variant.is_none(),
                Part::Variant => self.variant.is_some(),
                Part::Picture => self.picture.is_some(),
            })
    }

    /// Whether the row stands for a product that has variants.
    pub(super) fn is_parent(&self) -> bool {
        self.variant.is_none() && !self.good.product.variants.is_empty()
    }

    /// The price of what is bought; of a product with variants the lowest.
    pub(super) fn price(&self) -> Option<Price> {
        match self.variant {
            Some(variant) => variant.price,
            None => self.good.product.price_range().map(|(low, _)| low),
        }
    }

    /// Its picture: the variant's own, else the product's first.
    pub(super) fn shot(&self) -> Option<&'a Shot<'a>> {
        self.own_shot().or_else(|| self.good.shots.first())
    }

    /// The variant's own picture.
    pub(super) fn own_shot(&self) -> Option<&'a Shot<'a>> {
        let path = self.variant?.image.as_ref()?;
        self.good.shots.iter().find(|shot| shot.image.path == *path)
    }

    /// The variant's value on an axis, in the channel's language.
    pub(super) fn option(&self, nth: usize) -> Option<(&'a str, &'a str)> {
        let record = self.record?;
        let (axis, value) = record.options.get(nth)?;
        let product = self.good.product;
        let lang = self.good.lang;
        Some((product.axis_name(lang, axis), product.option_name(lang, axis, &value.value)))
    }
}

/// What the author says of a variant.
fn record<'a>(product: &'a Product, variant: &Variant) -> Option<&'a VariantRecord> {
    let records = product.variant_records()?;
    let found =
        |one: &&VariantRecord| one.sku.as_ref().is_some_and(|sku| *sku.value == *variant.sku);
    records.items.iter().find(found)
}

/// The pictures of a product that a channel shows: no details, which belong to the text, and no drawings.
fn shots<'a>(
    catalog: &'a Catalog,
    profile: &Profile,
    product: &'a Product,
    folder: &str,
) -> Vec<Shot<'a>> {
    let settings = &catalog.shop.pictures;
    let records = product.own.record.images.as_deref().unwrap_or_default();
    let mut shots: Vec<Shot<'a>> = Vec::new();
    for image in &product.images {
        let role = image.named.and_then(|nth| records.get(nth as usize)).map(|one| one.role);
        let Some(picture) = catalog.pictures.get(&image.path) else { continue };
        let Some((own, _)) = picture.size.filter(|_| !picture.drawing) else { continue };
        if role == Some(Role::Detail) {
            continue;
        }
        let site = Want {
            source: image.path.clone(),
            hash: picture.hash,
            width: settings.widths(own).last().copied().unwrap_or(own),
            format: crate::catalog::shop::Format::Jpeg,
            quality: settings.quality,
            file: None,
        };
        let beside = profile.folder.as_ref().map(|place| {
            let preset = profile.preset(&place.role);
            let wanted = preset.map_or(WIDE, |preset| {
                preset
                    .size
                    .or(preset.min.map(|(across, down)| (across.max(WIDE), down)))
                    .map_or(WIDE, |(across, _)| across)
            });
            let mut want = Want { width: wanted.min(own), ..site.clone() };
            let path = place
                .path
                .replace("{sku}", &product.sku)
                .replace("{n}", &format!("{:02}", shots.len() + 1))
                .replace("{key}", &want.key().to_string());
            want.file = Some(OutPath::new(format!("{folder}/{path}")));
            (path, want)
        });
        let url = format!("{}{}", catalog.shop.base_url, site.url());
        shots.push(Shot { image, site, url, beside });
    }
    shots
}
