//! What a build is asked for.

use crate::catalog::select::Select;
use crate::export;
use crate::poster;
use crate::source::disk::Roots;

/// What a build should do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where things are.
    pub roots: Roots,
    /// The moment to build for; now when absent. In the shop's zone unless it names its own.
    pub as_of: Option<String>,
    /// Write what is sound although something is wrong.
    pub keep_going: bool,
    /// Write nothing: find what is wrong.
    pub check: bool,
    /// Let a run take away many products of a channel.
    pub allow_removals: bool,
    /// What to build; everything when empty.
    pub only: Vec<Area>,
    /// Channels to make files for; those the shop lists when empty.
    pub channels: Vec<String>,
    /// SKUs to make files of; all when empty.
    pub skus: Vec<String>,
    /// What products must be to be in the files.
    pub select: Option<Select>,
}

/// A part of the output that can be built alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Area {
    /// The site.
    Site,
    /// Files for sales channels.
    Exports,
    /// Posters.
    Posters,
}

impl Area {
    /// The folder that a part has in the output.
    fn folder(self) -> &'static str {
        match self {
            Self::Site => "site/",
            Self::Exports => "exports/",
            Self::Posters => "posters/",
        }
    }
}

impl Options {
    /// Whether files are wanted of some products alone.
    pub(super) fn chooses(&self) -> bool {
        self.select.is_some() || !self.skus.is_empty()
    }

    /// Whether a path of the output is among what is to be built. Nothing else is made, and nothing else removed.
    pub(super) fn covers(&self, path: &str) -> bool {
        let inner = [export::ROWS, poster::DETAILS].iter().find_map(|at| path.strip_prefix(at));
        let of = inner.map(|inside| format!("exports/{inside}"));
        let path = of.as_deref().unwrap_or(path);
        let area =
            self.only.is_empty() || self.only.iter().any(|area| path.starts_with(area.folder()));
        if !area || !path.starts_with(Area::Exports.folder()) {
            return area;
        }
        let inside = path.strip_prefix(Area::Exports.folder()).unwrap_or_default();
        let (channel, file) = inside.split_once('/').unwrap_or((inside, ""));
        let asked = self.channels.is_empty() || self.channels.iter().any(|name| name == channel);
        asked && (!self.chooses() || file.starts_with(export::CHOSEN))
    }
}
