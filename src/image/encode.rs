//! Encoders: pixels to the bytes of a file, without metadata.
//!
//! It must not resize or know where the pixels come from.

pub(super) mod huffman;

use imgref::Img;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder as JpegEncoder, SamplingFactor};
use rgb::FromSlice;
use serde::{Deserialize, Serialize};
use webpx::{EncoderConfig, Unstoppable};

use super::derive::Recipe;
use super::fault::Fault;
use super::pixels::{Layout, Pixels};

/// A format that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// Baseline JPEG, 4:2:0.
    Jpeg,
    /// Lossy WebP, with alpha when the source has it.
    WebP,
    /// AVIF, with alpha when the source has it.
    Avif,
}

impl Target {
    /// The longest side a file of this format can have.
    pub const fn max_side(self) -> u32 {
        match self {
            Self::Jpeg | Self::Avif => 65_535,
            Self::WebP => 16_383,
        }
    }
}

/// Encodes the pixels as they are; the width of the recipe is not looked at.
pub(super) fn encode(pixels: &Pixels, recipe: &Recipe) -> Result<Vec<u8>, Fault> {
    let (width, height, max_side) = (pixels.width(), pixels.height(), recipe.target.max_side());
    if width.max(height) > max_side {
        return Err(Fault::TooLargeForTarget { width, height, max_side });
    }
    let quality = recipe.quality.clamp(1, 100);
    match recipe.target {
        Target::Jpeg => jpeg(pixels, quality, recipe.background),
        Target::WebP => webp(pixels, quality, recipe.effort.min(6)),
        Target::Avif => avif(pixels, quality, recipe.effort.clamp(1, 10)),
    }
}

fn jpeg(pixels: &Pixels, quality: u8, background: [u8; 3]) -> Result<Vec<u8>, Fault> {
    let opaque;
    let rgb = match pixels.layout() {
        Layout::Rgb => pixels.bytes(),
        Layout::Rgba => {
            opaque = pixels.over(background);
            &opaque
        }
    };
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new(&mut file, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    // The default takes one chroma sample of four, which leaves jagged red edges.
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    // `encode` has checked the sides.
    let (width, height) = (pixels.width() as u16, pixels.height() as u16);
    encoder.encode(rgb, width, height, ColorType::Rgb).map_err(failed)?;
    Ok(huffman::repack(&file).unwrap_or(file))
}

fn webp(pixels: &Pixels, quality: u8, method: u8) -> Result<Vec<u8>, Fault> {
    let config = EncoderConfig::new().quality(quality.into()).method(method);
    let (bytes, width, height) = (pixels.bytes(), pixels.width(), pixels.height());
    match pixels.layout() {
        Layout::Rgb => config.encode_rgb(bytes, width, height, Unstoppable),
        Layout::Rgba => config.encode_rgba(bytes, width, height, Unstoppable),
    }
    .map_err(failed)
}

fn avif(pixels: &Pixels, quality: u8, speed: u8) -> Result<Vec<u8>, Fault> {
    // One thread, for ravif cuts the picture into as many tiles as it has threads: more of them
    // would change the bytes. Pictures run beside each other instead.
    let encoder = ravif::Encoder::new()
        .with_quality(quality.into())
        .with_alpha_quality(quality.into())
        .with_speed(speed)
        .with_num_threads(Some(1));
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let encoded = match pixels.layout() {
        Layout::Rgb => encoder.encode_rgb(Img::new(pixels.bytes().as_rgb(), width, height)),
        Layout::Rgba => encoder.encode_rgba(Img::new(pixels.bytes().as_rgba(), width, height)),
    };
    encoded.map(|encoded| encoded.avif_file).map_err(failed)
}

fn failed(why: impl std::fmt::Display) -> Fault {
    Fault::Encoder(why.to_string())
}
