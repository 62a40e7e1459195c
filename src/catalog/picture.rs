//! What is known of a picture without decoding it, and how it is named in pages.

use serde::{Deserialize, Serialize};

use super::Catalog;
use crate::id::{Hash, SourcePath};

/// A picture file of the shop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Picture {
    /// Hash of its bytes.
    pub hash: Hash,
    /// Width and height in pixels, upright; `None` when it is no picture we can read.
    pub size: Option<(u32, u32)>,
    /// A drawing (SVG): used as it is.
    pub drawing: bool,
    /// Why it cannot be used: the code and the reason.
    pub fault: Option<(String, String)>,
}

/// A picture as a page shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Shot {
    /// The file.
    pub path: SourcePath,
    /// Hash of its bytes.
    pub hash: Hash,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What is to be seen.
    pub alt: String,
    /// Used as it is.
    pub drawing: bool,
}

impl Shot {
    /// The picture at a path, when it can be shown.
    pub fn of(catalog: &Catalog, path: &SourcePath, alt: impl FnOnce() -> String) -> Option<Self> {
        let picture = catalog.pictures.get(path)?;
        let (width, height) = picture.size?;
        Some(Self {
            path: path.clone(),
            hash: picture.hash,
            width,
            height,
            alt: alt(),
            drawing: picture.drawing,
        })
    }
}

/// Endings of files that are taken for pictures, also of those that we cannot read: these are told.
pub const ENDINGS: [&str; 13] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "jfif", "heic", "heif", "bmp", "tif",
    "tiff",
];

/// Whether a file is a picture by its name.
pub fn is_picture(path: &SourcePath) -> bool {
    ENDINGS.contains(&path.extension().as_str())
}
