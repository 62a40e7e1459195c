//! What the rows of a table stand for: products taken apart into lines.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use super::gallery::{Gallery, Shot};
use crate::catalog::Catalog;
use crate::catalog::product::{Price, Product, Variant};
use crate::catalog::record::{ChannelRecord, VariantRecord};
use crate::channel::profile::{Layout, Part, Profile};
use crate::cx::{Want, Wares};

/// A product on a channel, with what its lines share.
pub(super) struct Good<'a> {
    pub wares: Wares<'a>,
    pub profile: &'a Profile,
    pub product: &'a Product,
    pub lang: &'a str,
    /// Its pictures there.
    pub gallery: Gallery<'a>,
    pub html: OnceCell<String>,
    /// Pictures that its cells name.
    pub wants: RefCell<BTreeSet<Want>>,
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

impl<'a> Good<'a> {
    /// A product on a channel.
    pub(super) fn new(
        wares: Wares<'a>,
        profile: &'a Profile,
        product: &'a Product,
        lang: &'a str,
        folder: &str,
    ) -> Self {
        let mut good = Self {
            wares,
            profile,
            product,
            lang,
            gallery: Gallery::default(),
            html: OnceCell::new(),
            wants: RefCell::default(),
        };
        good.gallery = super::gallery::gallery(&good, product, folder);
        good
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
            for nth in 0..self.gallery.shots.len() {
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
        self.own_shot().or_else(|| self.good.gallery.shots.first())
    }

    /// The variant's own picture.
    pub(super) fn own_shot(&self) -> Option<&'a Shot<'a>> {
        let path = self.variant?.image.as_ref()?;
        self.good.gallery.shots.iter().find(|shot| shot.image.path == *path)
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
