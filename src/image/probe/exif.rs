//! The one EXIF field that changes a picture: its orientation.

use super::{be16, be32, le16, le32};

const ORIENTATION: u16 = 0x0112;

/// Reads the orientation (1 to 8) from an EXIF block; 1, upright, when it has none or makes no sense.
pub(in super::super) fn orientation(exif: &[u8]) -> u8 {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    find(tiff).filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

fn find(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let read16 = if little { le16 } else { be16 };
    let directory = if little { le32(tiff, 4)? } else { be32(tiff, 4)? } as usize;
    let entries = usize::from(read16(tiff, directory)?);
    let entry = (0..entries)
        .map(|i| directory.saturating_add(2 + i * 12))
        .find(|at| read16(tiff, *at) == Some(ORIENTATION))?;
    read16(tiff, entry + 8)?.try_into().ok()
}
