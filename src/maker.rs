//! What turns facts into files: the one trait of the program, and what it makes.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::diag::{Diagnostic, Place};
use crate::generation::Generation;
use crate::id::OutPath;

/// A poster on the page of all: its file, its label, pixels across and down.
pub type Shown = (OutPath, String, (u32, u32));

/// What an artifact is about. The language is an index into the shop's `locales`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub enum Subject {
    /// A product, by SKU.
    Product(std::sync::Arc<str>),
    /// One page, from 1, of a listing.
    Listing(Query, u32),
    /// A campaign, by key.
    Campaign(String),
    /// A static page, by key.
    Page(String),
    /// The whole shop in one language.
    Shop,
    /// A part of the site map.
    Part(u32),
    /// A theme asset, by name.
    Asset(String),
    /// An old address.
    Redirect(String),
    /// A poster.
    Poster {
        /// The template.
        template: String,
        /// Pixels across and down.
        size: (u32, u32),
        /// The product, by SKU.
        product: Option<std::sync::Arc<str>>,
        /// The campaign, by key.
        campaign: Option<String>,
    },
    /// The drawn detail text of a product, in the slices that a sales channel takes.
    Detail {
        /// The channel.
        channel: String,
        /// The product, by SKU.
        product: std::sync::Arc<str>,
    },
    /// The page that shows all posters: their files with the label of each.
    PosterIndex(std::sync::Arc<[Shown]>),
    /// The rows of some products in the files of a sales channel; of those that were asked for, where some were.
    Lot {
        /// The channel.
        channel: String,
        /// The first product's SKU.
        first: std::sync::Arc<str>,
        /// SKUs.
        only: Option<std::sync::Arc<[String]>>,
    },
    /// A file of a sales channel; of some products only where these were asked for.
    Channel {
        /// The channel.
        channel: String,
        /// The file's name.
        file: String,
        /// SKUs.
        only: Option<std::sync::Arc<[String]>>,
    },
}

/// One output file: who makes it, about what.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Index of the maker.
    pub maker: usize,
    /// What it is about.
    pub subject: Subject,
    /// In which language.
    pub locale: u8,
    /// Where it goes.
    pub path: OutPath,
    /// The file to blame when two artifacts want one path.
    pub from: Place,
}

/// Gathers the artifacts of one maker.
pub struct Plan {
    maker: usize,
    artifacts: Vec<Artifact>,
}

impl Plan {
    /// An empty plan for a maker.
    pub fn new(maker: usize) -> Self {
        Self { maker, artifacts: Vec::new() }
    }

    /// Plans a file.
    pub fn add(&mut self, subject: Subject, locale: u8, path: OutPath, from: Place) {
        self.artifacts.push(Artifact { maker: self.maker, subject, locale, path, from });
    }

    /// Everything planned.
    pub fn finish(self) -> Vec<Artifact> {
        self.artifacts
    }
}

/// Why nothing was made: a finding about the content or the theme.
pub type Failed = Box<Diagnostic>;

/// Something that turns facts into files.
pub trait Maker: Sync {
    /// Its name, for people.
    fn name(&self) -> &'static str;
    /// Raise it when equal facts must give other bytes.
    fn version(&self) -> u32;
    /// Which files it makes; cheap, asked in every generation.
    fn plan(&self, generation: &Generation, plan: &mut Plan);
    /// Makes one file. Pure: it sees facts only through `cx`.
    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed>;
}
