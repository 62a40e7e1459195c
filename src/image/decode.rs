//! From the bytes of a picture to upright sRGB pixels.
//!
//! Size is refused from the header, before memory is taken. It must not know target sizes.

mod gif;
mod jpeg;
mod png;
mod webp;

use super::color::{self, Ink};
use super::fault::{Fault, Warning};
use super::pixels::{Layout, Pixels};
use super::probe::{self, Format};

/// What a picture may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels a picture may have; it holds for the canvas of animations.
    pub max_pixels: u64,
}

impl Default for Limits {
    /// 120 million pixels: room for the 108-megapixel cameras of telephones.
    fn default() -> Self {
        Self { max_pixels: 120_000_000 }
    }
}

/// A decoded picture: upright, sRGB, eight bits a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The pixels; an alpha channel is kept only when something shows through.
    pub pixels: Pixels,
    /// What was odd about the file.
    pub warnings: Vec<Warning>,
}

/// What a decoder of one format returns: samples as stored, before colour and orientation.
struct Raw {
    width: u32,
    height: u32,
    ink: Ink,
    samples: Vec<u8>,
    profile: Option<Vec<u8>>,
    warning: Option<Warning>,
}

/// Decodes a picture.
pub fn decode(bytes: &[u8], limits: Limits) -> Result<Decoded, Fault> {
    let header = probe::header(bytes)?;
    let (width, height) = (header.width, header.height);
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(Fault::TooLarge { width, height, max_pixels: limits.max_pixels });
    }
    let raw = match header.format {
        Format::Jpeg => jpeg::read(bytes)?,
        Format::Png => png::read(bytes)?,
        Format::Gif => gif::read(bytes)?,
        Format::WebP => webp::read(bytes, &header)?,
    };
    if (raw.width, raw.height) != (width, height) {
        return Err(Fault::Damaged("header and picture differ in size".into()));
    }
    let mut warnings = Vec::from_iter(raw.warning);
    if header.animated {
        warnings.push(Warning::FirstFrameOnly);
    }
    let (rgb, odd) = color::to_srgb(raw.samples, raw.ink, raw.profile.as_deref());
    warnings.extend(odd);
    let layout = if raw.ink.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let pixels = Pixels::new(width, height, layout, rgb)
        .ok_or_else(|| Fault::Damaged("the decoder returned too few samples".into()))?;
    let pixels = pixels.without_idle_alpha().upright(header.orientation);
    Ok(Decoded { pixels, warnings })
}

fn damaged(why: impl std::fmt::Display) -> Fault {
    Fault::Damaged(why.to_string())
}
