//! Limits of a channel, each with where it is known from and how sure that is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::units::Unit;

/// How sure a fact about a platform is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub enum Confidence {
    /// The platform's own page, schema or program was seen.
    A,
    /// Two independent public sources agree.
    B,
    /// One secondary source, or an old one.
    C,
    /// General knowledge, not verified.
    M,
}

impl Confidence {
    /// Whether breaking the rule is an error; what is unsure only warns.
    pub fn sure(self) -> bool {
        self <= Self::B
    }
}

/// Where a fact is known from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Source {
    /// A page, schema or program.
    pub source: String,
    /// Month or day it was seen: `2026-11`.
    pub seen: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// How long a text may be, or how many of something there may be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Limit {
    /// What is counted; `None` counts items of a list.
    pub unit: Option<Unit>,
    /// At least so many.
    pub min: Option<usize>,
    /// At most so many.
    pub max: Option<usize>,
    /// First day on which it holds.
    pub from: Option<Date>,
    /// Last day on which it holds.
    pub to: Option<Date>,
    /// Where it is known from.
    pub source: Source,
}

impl Limit {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// How titles, and other texts made of keywords, are made and judged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in a profile")]
pub struct TitleRule {
    /// What a title's length is counted in.
    pub unit: Unit,
    /// At most so many.
    pub max: usize,
    /// At least so many.
    pub min: Option<usize>,
    /// How much of it a list on a phone shows, where that is known.
    pub visible: Option<usize>,
    /// What stands between words.
    pub separator: String,
    /// What a title begins with: `brand`, `must` …
    pub start: Vec<String>,
    /// How often one word may occur.
    pub repeat: usize,
    /// Titles are composed from keywords; a channel that compares them with the shop's own page takes the page's.
    pub compose: bool,
    /// Words that need not stand in it, since they stand elsewhere: `title`, `brand`. Then it is no title but a list of
    /// single words, and every word that finds the product is welcome.
    pub without: Vec<String>,
    /// It is written in small letters.
    pub lower: bool,
    /// It is the list of the keywords that a title of this length would cover, each in whole.
    pub list: bool,
    /// It may hold small pictures such as 🎁.
    pub emoji: bool,
    /// Rule packs that apply.
    pub packs: Vec<String>,
    /// Where it is known from.
    pub source: Source,
}

/// What a channel asks of pictures in one role. Data alone: who draws pictures reads it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct Preset {
    /// At least so many pictures.
    pub count_min: Option<u32>,
    /// At most so many.
    pub count_max: Option<u32>,
    /// Exact pixels across and down.
    pub size: Option<(u32, u32)>,
    /// Least pixels across and down.
    pub min: Option<(u32, u32)>,
    /// Most pixels across and down.
    pub max: Option<(u32, u32)>,
    /// Pixels that are advised; the most that is made where the source has them.
    pub best: Option<(u32, u32)>,
    /// Width to height: `[1, 1]`.
    pub ratio: Option<(u32, u32)>,
    /// Least bytes of a file.
    pub min_bytes: Option<u64>,
    /// Most bytes of a file.
    pub max_bytes: Option<u64>,
    /// Formats taken, the best first.
    pub formats: Vec<String>,
    /// The ground: `white`, or anything.
    pub background: Option<String>,
    /// The subject's least share of the picture, per cent.
    pub fill: Option<u32>,
    /// No words on it.
    pub no_text: bool,
    /// The pictures are slices of the product's detail text, drawn as a page of so many pixels across.
    pub page: Option<u32>,
    /// Where it is known from.
    pub source: Option<Source>,
}

impl Preset {
    /// Whether the subject must stand on white.
    pub fn on_white(&self) -> bool {
        self.background.as_deref() == Some("white")
    }
}
