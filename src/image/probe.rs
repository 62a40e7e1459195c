//! What a picture file is, read from its header alone and without taking memory.
//!
//! The content decides, never the name. It must not decode pixels.

pub(super) mod exif;
mod gif;
pub(super) mod jpeg;
mod png;
mod webp;

use serde::{Deserialize, Serialize};

use super::fault::{Fault, Foreign};

/// A picture format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// GIF, animated or not.
    Gif,
    /// WebP, lossy or lossless, animated or not.
    WebP,
}

/// What the header of a picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info {
    /// The format, found in the content.
    pub format: Format,
    /// Width when held upright, that is after its EXIF orientation.
    pub width: u32,
    /// Height when held upright.
    pub height: u32,
    /// Whether the file announces transparency; its pixels may be opaque all the same.
    pub has_alpha: bool,
    /// Whether there is more than one frame.
    pub animated: bool,
    /// The most bytes that decoding and deriving hold at once, for [`Admission`](super::Admission).
    pub memory: u64,
}

/// The header of a picture as stored, before its orientation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub orientation: u8,
    pub has_alpha: bool,
    pub animated: bool,
    /// The most bytes a pixel takes while it is decoded, all working copies counted.
    pub working_bytes: u32,
}

/// What resizing and encoding to the widths of a page take, measured with libwebp at 1200 × 1200.
const ENCODERS: u64 = 16 << 20;

/// Reads what a picture file is from its header.
pub fn probe(bytes: &[u8]) -> Result<Info, Fault> {
    let header = header(bytes)?;
    let pixels = u64::from(header.width) * u64::from(header.height);
    let (width, height) = match header.orientation {
        5.. => (header.height, header.width),
        _ => (header.width, header.height),
    };
    Ok(Info {
        format: header.format,
        width,
        height,
        has_alpha: header.has_alpha,
        animated: header.animated,
        memory: pixels * u64::from(header.working_bytes) + bytes.len() as u64 + ENCODERS,
    })
}

/// Reads the header as stored.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let header = match sniff(bytes)? {
        Format::Jpeg => jpeg::header(bytes)?.plain,
        Format::Png => png::header(bytes)?,
        Format::Gif => gif::header(bytes)?,
        Format::WebP => webp::header(bytes)?,
    };
    if header.width == 0 || header.height == 0 {
        return Err(Fault::Damaged("a side is zero pixels long".into()));
    }
    Ok(header)
}

fn sniff(bytes: &[u8]) -> Result<Format, Fault> {
    match bytes {
        [] => Err(Fault::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Format::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Format::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
        _ => Err(foreign(bytes).map_or_else(|| not_raster(bytes), Fault::Foreign)),
    }
}

fn foreign(bytes: &[u8]) -> Option<Foreign> {
    match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.first_chunk()? {
            b"avif" | b"avis" => Some(Foreign::Avif),
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => {
                // Both families may call themselves `mif1`; the brands that follow tell.
                let others = brand.get(8..64.min(brand.len()))?.as_chunks::<4>().0;
                Some(if others.contains(b"avif") { Foreign::Avif } else { Foreign::Heic })
            }
            _ => None,
        },
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(Foreign::Bmp),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Foreign::Tiff),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Some(Foreign::JpegXl),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => Some(Foreign::Jpeg2000),
        [b'8', b'B', b'P', b'S', ..] => Some(Foreign::Psd),
        [0, 0, 1, 0, _, 0, ..] => Some(Foreign::Ico),
        _ => None,
    }
}

fn not_raster(bytes: &[u8]) -> Fault {
    let start = &bytes[..bytes.len().min(1024)];
    let text = start.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let is_markup = text.first() == Some(&b'<');
    if is_markup && start.windows(4).any(|tag| tag == b"<svg") {
        Fault::Vector
    } else {
        Fault::NotAPicture
    }
}

/// A header that ends in the middle.
pub(super) fn cut_off() -> Fault {
    Fault::Truncated
}

/// Two bytes, the more significant first.
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
}

/// Four bytes, the most significant first.
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

/// Two bytes, the less significant first.
pub(super) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

/// Four bytes, the least significant first.
pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}
