//! The header of a JPEG: its markers up to the first scan.

use super::super::fault::Fault;
use super::{Format, Header, be16, cut_off, exif};

/// What the markers of a JPEG say.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct JpegHeader {
    pub plain: Header,
    /// 1 = gray, 3 = colour, 4 = CMYK or YCCK.
    pub components: u8,
    pub progressive: bool,
    /// The colour transform of Adobe's marker: 0 = none, 1 = `YCbCr`, 2 = YCCK.
    pub adobe: Option<u8>,
    /// Components of the first scan; fewer than all of them means one scan for each.
    pub first_scan: u8,
    /// Where the entropy-coded data of the first scan begins.
    pub scan_start: usize,
}

struct Frame {
    width: u16,
    height: u16,
    components: u8,
    progressive: bool,
}

/// Reads the markers up to the first scan.
pub(in super::super) fn header(bytes: &[u8]) -> Result<JpegHeader, Fault> {
    let mut frame = None;
    let mut adobe = None;
    let mut orientation = 1;
    let mut at = 2;
    loop {
        let (marker, body) = segment(bytes, &mut at).ok_or_else(cut_off)?;
        match marker {
            // SOF, without DHT, JPG and DAC, which share its range of numbers.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                if frame.is_some() {
                    return Err(Fault::Damaged("it has two frame headers".into()));
                }
                frame = Some(read_frame(marker, body)?);
            }
            0xE1 if body.starts_with(b"Exif\0\0") => orientation = exif::orientation(body),
            0xEE if body.starts_with(b"Adobe") => adobe = body.get(11).copied(),
            0xDA => {
                let frame =
                    frame.ok_or_else(|| Fault::Damaged("a scan comes before the frame".into()))?;
                let first_scan = *body.first().ok_or_else(cut_off)?;
                return Ok(summary(&frame, orientation, adobe, first_scan, at));
            }
            0xD9 => return Err(cut_off()),
            _ => {}
        }
    }
}

/// The next marker and what belongs to it; bytes between segments are skipped as libjpeg does.
fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Option<(u8, &'a [u8])> {
    loop {
        let skipped = bytes.get(*at..)?.iter().position(|byte| *byte == 0xFF)?;
        *at += skipped;
        *at += bytes.get(*at..)?.iter().position(|byte| *byte != 0xFF)?;
        let marker = bytes[*at];
        *at += 1;
        match marker {
            // No marker, and TEM, RST and SOI, which stand alone as EOI does.
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xD9 => return Some((marker, &[])),
            _ => {
                let length = usize::from(be16(bytes, *at)?);
                let body = bytes.get(*at + 2..*at + length.max(2))?;
                *at += length.max(2);
                return Some((marker, body));
            }
        }
    }
}

fn read_frame(marker: u8, body: &[u8]) -> Result<Frame, Fault> {
    let &[precision, h1, h0, w1, w0, components, ..] = body else { return Err(cut_off()) };
    if precision != 8 {
        return Err(Fault::Damaged(format!("JPEG with {precision} bits a sample cannot be read")));
    }
    if !matches!(components, 1 | 3 | 4) {
        return Err(Fault::Damaged(format!("JPEG with {components} channels cannot be read")));
    }
    if !matches!(marker, 0xC0..=0xC2) {
        return Err(Fault::Damaged("lossless and arithmetic JPEG cannot be read".into()));
    }
    Ok(Frame {
        width: u16::from_be_bytes([w1, w0]),
        height: u16::from_be_bytes([h1, h0]),
        components,
        progressive: marker == 0xC2,
    })
}

fn summary(
    frame: &Frame,
    orientation: u8,
    adobe: Option<u8>,
    first_scan: u8,
    scan_start: usize,
) -> JpegHeader {
    let scans_apart = frame.progressive || first_scan < frame.components;
    // All coefficients of a picture in several scans are held, two bytes each, beside the result.
    let coefficients = if scans_apart { 2 * u32::from(frame.components) } else { 0 };
    let turned = if orientation > 1 { 3 } else { 0 };
    JpegHeader {
        plain: Header {
            format: Format::Jpeg,
            width: frame.width.into(),
            height: frame.height.into(),
            orientation,
            has_alpha: false,
            animated: false,
            working_bytes: 3 + (coefficients + u32::from(frame.components == 4)).max(turned).max(3),
        },
        components: frame.components,
        progressive: frame.progressive,
        adobe,
        first_scan,
        scan_start,
    }
}
