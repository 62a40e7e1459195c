//! The header of a PNG: its chunks up to the pixels.

use super::super::fault::Fault;
use super::{Format, Header, be32, cut_off, exif};

/// Reads the chunks up to the first one with pixels.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let mut chunks = Chunks { bytes, at: 8 };
    let (name, ihdr) = chunks.next().ok_or_else(cut_off)?;
    let (b"IHDR", &[_, _, _, _, _, _, _, _, depth, color, ..]) = (name, ihdr) else {
        return Err(Fault::Damaged("PNG without its header chunk".into()));
    };
    let mut header = Header {
        format: Format::Png,
        width: be32(ihdr, 0).ok_or_else(cut_off)?,
        height: be32(ihdr, 4).ok_or_else(cut_off)?,
        orientation: 1,
        has_alpha: matches!(color, 4 | 6),
        animated: false,
        working_bytes: 0,
    };
    let mut has_pixels = false;
    for (name, body) in chunks {
        match name {
            b"tRNS" => header.has_alpha = true,
            b"acTL" => header.animated = be32(body, 0).is_some_and(|frames| frames > 1),
            b"eXIf" => header.orientation = exif::orientation(body),
            b"IDAT" => {
                has_pixels = true;
                break;
            }
            b"IEND" => break,
            _ => {}
        }
    }
    if !has_pixels {
        return Err(cut_off());
    }
    // The decoded samples and the result, or the result and its turned copy.
    let sample = if depth == 16 { 2 } else { 1 };
    let channels = if header.has_alpha { 4 } else { 3 };
    header.working_bytes = channels * sample + channels;
    Ok(header)
}

struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    /// The next chunk; the last one may be shorter than it says, for a file that is cut off.
    fn next(&mut self) -> Option<Self::Item> {
        let length = be32(self.bytes, self.at)? as usize;
        let name = self.bytes.get(self.at + 4..)?.first_chunk()?;
        let rest = self.bytes.get(self.at + 8..)?;
        self.at = self.at.checked_add(12)?.checked_add(length)?;
        Some((name, &rest[..length.min(rest.len())]))
    }
}
