//! Pictures that artifacts show, to be made.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalog::picture::Shot;
use crate::catalog::shop::{Format, Pictures};
use crate::diag::Place;
use crate::id::{Hash, OutPath, SourcePath};

/// A picture that an artifact shows, to be made.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub struct Want {
    /// The picture.
    pub source: SourcePath,
    /// Hash of its bytes.
    pub hash: Hash,
    /// Pixels across, or 0 for the file as it is.
    pub width: u32,
    /// The format.
    pub format: Format,
    /// 1 to 100.
    pub quality: u8,
    /// Where it goes, when not into the site.
    pub file: Option<OutPath>,
    /// What it must fit, for a channel.
    pub order: Option<Arc<Order>>,
}

/// What a channel asks of a picture.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub struct Order {
    /// Size, ground, bytes.
    pub frame: crate::image::Frame,
    /// Pictures that take its place when it does not stand on white, in order.
    pub others: Vec<(SourcePath, Hash)>,
    /// A table names the file, so it is made as well as can be.
    pub must: bool,
    /// For findings.
    pub about: About,
}

/// Whose picture it is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub struct About {
    /// The product.
    pub sku: String,
    /// The channel, for people.
    pub channel: String,
    /// The role there.
    pub role: String,
    /// Where the author names it.
    pub at: Place,
    /// The channel does not take a product without it.
    pub needed: bool,
    /// The channel's limits are certain.
    pub sure: bool,
    /// Where they are known from.
    pub source: String,
}

impl Want {
    /// A picture of the site; 0 across is the file as it is.
    pub fn site(shot: &Shot, settings: &Pictures, width: u32, format: Format) -> Self {
        let quality = settings.quality;
        Self {
            source: shot.path.clone(),
            hash: shot.hash,
            width,
            format,
            quality,
            file: None,
            order: None,
        }
    }

    /// Where it will be in the site: the address says what is in it, so it never changes meaning.
    pub fn url(&self) -> String {
        let stem = crate::catalog::address::slug(self.source.stem());
        let stem = if stem.is_empty() { "picture".to_owned() } else { stem };
        if self.width == 0 {
            return format!("/pictures/{stem}-{}.{}", self.hash.short(10), self.source.extension());
        }
        let key = Hash::of_value(&(self.hash, self.quality, crate::image::ENCODER_VERSION));
        format!("/pictures/{stem}-{}-{}.{}", key.short(10), self.width, self.format.extension())
    }

    /// Where it goes in the output.
    pub fn path(&self) -> OutPath {
        self.file.clone().unwrap_or_else(|| OutPath::of_url(&self.url()))
    }

    /// What it is kept by between builds, whatever it is called in the site.
    pub fn key(&self) -> Hash {
        let order = self.order.as_ref().map(|order| {
            let others: Vec<Hash> = order.others.iter().map(|(_, hash)| *hash).collect();
            (&order.frame, others, order.must)
        });
        Hash::of_value(&(
            self.hash,
            self.width,
            self.format,
            self.quality,
            order,
            crate::image::ENCODER_VERSION,
        ))
    }
}
