//! The header of a WebP: its chunks up to the end, of which only the small ones are read.

use super::super::fault::Fault;
use super::{Format, Header, cut_off, exif, le16, le32};

/// Reads the canvas and the size of the picture itself, which must agree.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let mut canvas = None;
    let mut picture = None;
    let mut orientation = 1;
    let mut has_alpha = false;
    let mut frames = 0;
    for (name, body) in (Chunks { bytes, at: 12 }) {
        match name {
            b"VP8X" => {
                has_alpha |= body.first().is_some_and(|flags| flags & 0x10 != 0);
                canvas = Some((le24(body, 4)? + 1, le24(body, 7)? + 1));
            }
            b"VP8 " if picture.is_none() => picture = Some(lossy(body)?),
            b"VP8L" if picture.is_none() => {
                let bits = le32(body, 1).ok_or_else(cut_off)?;
                picture = Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1));
                has_alpha |= bits >> 28 & 1 == 1;
            }
            b"ALPH" => has_alpha = true,
            b"ANMF" => frames += 1,
            b"EXIF" => orientation = exif::orientation(body),
            _ => {}
        }
    }
    if frames == 0 && canvas.is_some() && picture.is_some() && canvas != picture {
        return Err(Fault::Damaged("the canvas and the picture differ in size".into()));
    }
    let (width, height) = if frames > 0 { canvas } else { picture }.ok_or_else(cut_off)?;
    Ok(Header {
        format: Format::WebP,
        width,
        height,
        orientation,
        has_alpha,
        animated: frames > 1,
        // An animation needs two canvases beside the result; a lossless picture its ARGB copy.
        working_bytes: if frames > 0 { 16 } else { 8 },
    })
}

fn lossy(body: &[u8]) -> Result<(u32, u32), Fault> {
    if body.get(3..6) != Some(&[0x9D, 0x01, 0x2A]) {
        return Err(Fault::Damaged("WebP without a key frame".into()));
    }
    let side = |at| le16(body, at).map(|side| u32::from(side & 0x3FFF)).ok_or_else(cut_off);
    Ok((side(6)?, side(8)?))
}

fn le24(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let triple = bytes.get(at..at + 3).ok_or_else(cut_off)?;
    Ok(u32::from(triple[0]) | u32::from(triple[1]) << 8 | u32::from(triple[2]) << 16)
}

struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.bytes.get(self.at..)?.first_chunk()?;
        let length = le32(self.bytes, self.at + 4)? as usize;
        let rest = self.bytes.get(self.at + 8..)?;
        // Chunks are padded to an even length.
        self.at = self.at.checked_add(8)?.checked_add(length)?.checked_add(length & 1)?;
        Some((name, &rest[..length.min(rest.len())]))
    }
}
