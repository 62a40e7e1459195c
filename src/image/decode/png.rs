//! PNG, through `image`: palette, gray, sixteen bits and alpha become eight-bit samples.

use std::io::Cursor;

use ::image::codecs::png::PngDecoder;
use ::image::{ColorType, ImageDecoder, Limits};

use super::super::color::Ink;
use super::super::fault::Fault;
use super::{Raw, damaged};

/// The most that text, profile and other chunks beside the pixels may take, unpacked.
const MAX_BESIDE: u64 = 16 << 20;

/// Decodes the samples of a PNG; of an animated one its still picture.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Fault> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_BESIDE);
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let profile = decoder.icc_profile().map_err(damaged)?;
    let (ink, is_wide) = match decoder.color_type() {
        ColorType::L8 => (Ink::Gray, false),
        ColorType::La8 => (Ink::GrayAlpha, false),
        ColorType::Rgb8 => (Ink::Rgb, false),
        ColorType::Rgba8 => (Ink::Rgba, false),
        ColorType::L16 => (Ink::Gray, true),
        ColorType::La16 => (Ink::GrayAlpha, true),
        ColorType::Rgb16 => (Ink::Rgb, true),
        ColorType::Rgba16 => (Ink::Rgba, true),
        other => return Err(damaged(format_args!("unknown samples {other:?}"))),
    };
    let mut samples = vec![0; decoder.total_bytes() as usize];
    decoder.read_image(&mut samples).map_err(damaged)?;
    if is_wide {
        samples = narrow(&samples);
    }
    Ok(Raw { width, height, ink, samples, profile, warning: None })
}

/// Sixteen bits to eight, rounded: 65535 / 257 = 255.
fn narrow(samples: &[u8]) -> Vec<u8> {
    let round = |pair: &[u8; 2]| ((u32::from(u16::from_ne_bytes(*pair)) + 128) / 257) as u8;
    samples.as_chunks::<2>().0.iter().map(round).collect()
}
