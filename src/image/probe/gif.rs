//! The header of a GIF: its blocks up to the second frame.

use super::super::fault::Fault;
use super::{Format, Header, cut_off, le16};

/// Reads the blocks up to the second frame.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let mut header = Header {
        format: Format::Gif,
        width: le16(bytes, 6).ok_or_else(cut_off)?.into(),
        height: le16(bytes, 8).ok_or_else(cut_off)?.into(),
        orientation: 1,
        has_alpha: false,
        animated: false,
        // The canvas, one frame of its own size at most, and the result.
        working_bytes: 12,
    };
    let flags = *bytes.get(10).ok_or_else(cut_off)?;
    let mut at = 13 + palette(flags);
    let mut frames = 0;
    while let Some(kind) = bytes.get(at) {
        match kind {
            0x21 => {
                let is_control = bytes.get(at + 1) == Some(&0xF9);
                let is_clear = bytes.get(at + 3).is_some_and(|packed| packed & 1 == 1);
                header.has_alpha |= frames == 0 && is_control && is_clear;
                at = after_blocks(bytes, at + 2);
            }
            0x2C => {
                frames += 1;
                if frames > 1 {
                    header.animated = true;
                    break;
                }
                let packed = frame(bytes, at, &mut header)?;
                at = after_blocks(bytes, at + 11 + palette(packed));
            }
            _ => break,
        }
    }
    if frames == 0 { Err(cut_off()) } else { Ok(header) }
}

/// Checks the first frame against the canvas and returns its flags.
fn frame(bytes: &[u8], at: usize, header: &mut Header) -> Result<u8, Fault> {
    let side = |offset| le16(bytes, at + offset).map(u32::from).ok_or_else(cut_off);
    let (left, top, width, height) = (side(1)?, side(3)?, side(5)?, side(7)?);
    header.has_alpha |= left > 0 || top > 0 || width < header.width || height < header.height;
    // Memory is taken for the frame too, so it must not claim more than the canvas.
    if left + width > header.width || top + height > header.height {
        return Err(Fault::Damaged("a frame is larger than its canvas".into()));
    }
    bytes.get(at + 9).copied().ok_or_else(cut_off)
}

/// Bytes of the colour table that the flags announce.
fn palette(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn after_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(length) = bytes.get(at).filter(|length| **length > 0) {
        at += 1 + usize::from(*length);
    }
    at + 1
}
