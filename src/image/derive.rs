//! From one decoded picture to the files of a page.
//!
//! Each recipe's bytes depend on the picture and the recipe alone, never on the other recipes or
//! on threads, so callers may ask for one now and for the rest later.

use serde::{Deserialize, Serialize};

use super::decode::Decoded;
use super::encode::{Target, encode};
use super::fault::Fault;
use super::frame::Easel;
use super::pixels::Pixels;

/// How one file is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recipe {
    /// Wanted width in pixels; a picture is never enlarged.
    pub width: u32,
    /// Format of the file.
    pub target: Target,
    /// Quality from 1 to 100; what lies outside is moved to the nearer end.
    pub quality: u8,
    /// WebP: libwebp's method, 0 (fast) to 6 (small). AVIF: rav1e's speed, 1 (small) to 10 (fast).
    /// JPEG: without meaning.
    pub effort: u8,
    /// What shows through where a picture with alpha becomes a JPEG.
    pub background: [u8; 3],
}

impl Recipe {
    /// The WebP method that costs the least time for files no larger than sharp's.
    pub const WEBP_METHOD: u8 = 3;
    /// The rav1e speed that is bearable without its assembly.
    pub const AVIF_SPEED: u8 = 8;

    /// A recipe with the usual effort for the format and a white background.
    pub fn new(width: u32, target: Target, quality: u8) -> Self {
        let effort = match target {
            Target::Jpeg => 0,
            Target::WebP => Self::WEBP_METHOD,
            Target::Avif => Self::AVIF_SPEED,
        };
        Self { width, target, quality, effort, background: [255; 3] }
    }
}

/// One finished file: sRGB and without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its width, less than wanted when the source is narrower.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// Makes one file for each recipe, in the order of the recipes.
pub fn derive(decoded: &Decoded, recipes: &[Recipe]) -> Vec<Result<Encoded, Fault>> {
    files(&mut Easel::new(decoded), recipes)
}

/// The same for a picture that is already set up.
pub fn files(easel: &mut Easel<'_>, recipes: &[Recipe]) -> Vec<Result<Encoded, Fault>> {
    let source = easel.source();
    let mut order: Vec<usize> = (0..recipes.len()).collect();
    order.sort_by_key(|i| recipes[*i].width.min(source.width()));
    let mut files: Vec<_> = recipes.iter().map(|_| None).collect();
    let ladder = easel.ladder();
    for same_width in order.chunk_by(|a, b| recipes[*a].width == recipes[*b].width) {
        let shrunk = ladder.at(recipes[same_width[0]].width.max(1));
        for i in same_width {
            files[*i] = Some(match &shrunk {
                Ok(shrunk) => file(shrunk.as_ref().unwrap_or(source), &recipes[*i]),
                Err(fault) => Err(fault.clone()),
            });
        }
    }
    files.into_iter().flatten().collect()
}

fn file(pixels: &Pixels, recipe: &Recipe) -> Result<Encoded, Fault> {
    let bytes = encode(pixels, recipe)?;
    Ok(Encoded { bytes, width: pixels.width(), height: pixels.height() })
}
