//! GIF, through `image`: the first frame on its canvas.

use std::io::Cursor;

use ::image::ImageDecoder;
use ::image::codecs::gif::GifDecoder;

use super::super::color::Ink;
use super::super::fault::Fault;
use super::{Raw, damaged};

/// Decodes the first frame of a GIF.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Fault> {
    let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let mut samples = vec![0; decoder.total_bytes() as usize];
    decoder.read_image(&mut samples).map_err(damaged)?;
    Ok(Raw { width, height, ink: Ink::Rgba, samples, profile: None, warning: None })
}
