//! JPEG: `zune-jpeg`, and `jpeg-decoder` for what zune reads wrongly.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::super::color::Ink;
use super::super::fault::{Fault, Warning};
use super::super::probe::jpeg::{JpegHeader, header};
use super::{Raw, damaged};

/// A picture that lost more than this is refused.
const MOST_LOST_PERCENT: usize = 50;

/// What zune paints where the data ended.
const PAINT: u8 = 128;

/// Decodes the samples of a JPEG and repairs what can be repaired.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Fault> {
    let header = header(bytes)?;
    // zune-jpeg 0.5.15 turns baseline files with a scan for each component into garbage without
    // an error (zune-image #419, #422, fixed after that release); jpeg-encoder and cjpeg write them.
    let scan_for_each = !header.progressive && header.first_scan < header.components;
    if scan_for_each {
        return slow(bytes, &header);
    }
    let raw = match fast(bytes, &header, true) {
        Ok(raw) => {
            let cut = !has_end(bytes, &header);
            Raw { warning: cut.then_some(Warning::Truncated { lost_percent: 0 }), ..raw }
        }
        Err(_) => repair(bytes, &header)?,
    };
    Ok(raw)
}

fn fast(bytes: &[u8], header: &JpegHeader, strict: bool) -> Result<Raw, DecodeErrors> {
    // Four channels come as stored: their conversion to RGB needs the profile.
    let (space, ink) = match (header.components, header.adobe) {
        (1, _) => (ColorSpace::Luma, Ink::Gray),
        (3, _) => (ColorSpace::RGB, Ink::Rgb),
        (_, Some(2)) => (ColorSpace::YCCK, Ink::Cmyk),
        _ => (ColorSpace::CMYK, Ink::Cmyk),
    };
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::default()
        .set_strict_mode(strict)
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers()?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    if (width, height) != (header.plain.width as usize, header.plain.height as usize) {
        return Err(DecodeErrors::FormatStatic("header and picture differ in size"));
    }
    let mut samples = decoder.decode()?;
    if ink == Ink::Cmyk {
        to_ink(&mut samples, header);
    }
    Ok(Raw {
        width: header.plain.width,
        height: header.plain.height,
        ink,
        samples,
        profile: decoder.icc_profile(),
        warning: None,
    })
}

/// Decodes leniently and judges how much is left.
fn repair(bytes: &[u8], header: &JpegHeader) -> Result<Raw, Fault> {
    let ended = has_end(bytes, header);
    let raw = fast(bytes, header, false)
        .map_err(|why| if ended { damaged(why) } else { Fault::Truncated })?;
    // A progressive file holds the whole picture, only coarser, once its first scan is complete.
    let lost = if header.progressive { lost_scans(bytes, header) } else { lost_rows(&raw) };
    if lost > MOST_LOST_PERCENT {
        return Err(if ended { damaged("most of it cannot be read") } else { Fault::Truncated });
    }
    let lost_percent = lost as u8;
    let warning =
        if ended { Warning::Corrupt { lost_percent } } else { Warning::Truncated { lost_percent } };
    Ok(Raw { warning: Some(warning), ..raw })
}

/// Whether an end marker follows the first scan; inside entropy-coded data it cannot occur.
fn has_end(bytes: &[u8], header: &JpegHeader) -> bool {
    let scans = bytes.get(header.scan_start..).unwrap_or_default();
    scans.windows(2).rev().any(|pair| pair == [0xFF, 0xD9])
}

/// Percent of the rows, counted from below, that the decoder only painted.
fn lost_rows(raw: &Raw) -> usize {
    let row = raw.samples.len() / raw.height as usize;
    // Four channels were turned into ink, which paints 127 or 128.
    let painted = |sample: &u8| sample.abs_diff(PAINT) <= u8::from(raw.ink == Ink::Cmyk);
    let rows = raw.samples.rchunks_exact(row);
    rows.take_while(|row| row.iter().all(painted)).count() * 100 / raw.height as usize
}

/// 100 when the data ends within the first scan, else 0.
fn lost_scans(bytes: &[u8], header: &JpegHeader) -> usize {
    let scans = bytes.get(header.scan_start..).unwrap_or_default();
    let has_second = scans.windows(2).any(|pair| pair == [0xFF, 0xDA]);
    if has_second { 0 } else { 100 }
}

/// Turns stored CMYK or YCCK into amounts of ink, 255 = full.
fn to_ink(samples: &mut [u8], header: &JpegHeader) {
    let pixels = samples.as_chunks_mut::<4>().0;
    match header.adobe {
        // Adobe stores paper as 255; its YCCK holds the inverse of the inks as if it were RGB,
        // so the RGB it decodes to is the ink.
        Some(2) => pixels.iter_mut().for_each(|[y, cb, cr, k]| {
            let [c, m, yellow] = ycc_to_rgb(*y, *cb, *cr);
            [*y, *cb, *cr, *k] = [c, m, yellow, 255 - *k];
        }),
        Some(_) => invert(samples),
        None => {}
    }
}

fn invert(samples: &mut [u8]) {
    for sample in samples {
        *sample = 255 - *sample;
    }
}

/// The conversion of the JFIF specification.
#[expect(clippy::cast_sign_loss, reason = "clamped to 0 and above")]
fn ycc_to_rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
}

fn slow(bytes: &[u8], header: &JpegHeader) -> Result<Raw, Fault> {
    let mut decoder = jpeg_decoder::Decoder::new(Cursor::new(bytes));
    let mut samples = decoder
        .decode()
        .map_err(|why| if has_end(bytes, header) { damaged(why) } else { Fault::Truncated })?;
    let info = decoder.info().ok_or_else(|| damaged("no frame"))?;
    let ink = match header.components {
        1 => Ink::Gray,
        3 => Ink::Rgb,
        _ => Ink::Cmyk,
    };
    // jpeg-decoder inverts all CMYK, as Adobe's; without Adobe's marker it is stored as ink.
    if ink == Ink::Cmyk && header.adobe.is_none() {
        invert(&mut samples);
    }
    Ok(Raw {
        width: info.width.into(),
        height: info.height.into(),
        ink,
        samples,
        profile: decoder.icc_profile(),
        warning: None,
    })
}
