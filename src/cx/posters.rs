//! What posters ask for besides what pages do.

use super::{Claim, Cx, Read};
use crate::catalog::Campaign;
use crate::catalog::card::PriceTag;
use crate::catalog::product::Product;
use crate::id::{Hash, SourcePath};
use crate::source::fonts::Found;

impl Cx {
    /// Font files that posters may be drawn with, and their hash.
    pub fn fonts(&self) -> &(Vec<Found>, Hash) {
        self.note(Read::Fonts);
        self.generation.fonts()
    }

    /// Whole days that a campaign has left, or until it begins.
    pub fn days_left(&self, campaign: &Campaign) -> i64 {
        self.note(Read::DaysLeft(campaign.key.clone()));
        campaign.days_left(self.generation.catalog.now)
    }

    /// The bytes of a picture, when they are still those that were read.
    pub fn picture_bytes(&self, path: &SourcePath) -> Option<Vec<u8>> {
        let hash = self.picture(path)?.hash;
        let bytes = crate::source::disk::bytes(&self.generation.roots, path).ok()?;
        (Hash::of(&bytes) == hash).then_some(bytes)
    }

    /// The price of a product while a campaign runs: now, or when it begins.
    pub fn price_in(&self, product: &Product, campaign: &Campaign) -> Option<PriceTag> {
        self.note(Read::Shop);
        self.note(Read::Product(product.sku.clone()));
        self.note(Read::Campaign(campaign.key.clone()));
        self.note(Read::Navigation(self.locale));
        self.generation.catalog.price_in(product, campaign, self.lang())
    }

    /// Says what the bytes that are made tell of a thing that is bought.
    pub fn claim(&self, claim: Claim) {
        self.kept.borrow_mut().claims.push(claim);
    }

    /// How texts of this shop are cut into words.
    pub fn segmenter(&self) -> &crate::text::segment::Segmenter {
        self.note(Read::Keywords);
        self.generation.segmenter()
    }
}
