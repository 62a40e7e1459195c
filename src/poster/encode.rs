//! From pixels to a poster's file, within the bytes that its template allows.

use webpx::AnimationEncoder;

use super::draw::{Fault, Fitted, Sheet};
use crate::image::{self, Pixels, Target};
use crate::theme::poster::{Format, Moving, Poster};

/// Below this a picture shows its blocks: a file that is still too large is told instead.
const LEAST: u8 = 40;
/// What moving posters are tried with when they are too large.
const MOVING: [u8; 4] = [75, 55, 40, 25];

/// A still poster.
pub(super) fn still(pixels: &Pixels, poster: &Poster) -> Result<Vec<u8>, Fault> {
    let target = match poster.format {
        Format::Jpeg => Target::Jpeg,
        Format::Webp => Target::WebP,
    };
    let qualities = (LEAST.min(poster.quality), poster.quality);
    image::within(pixels, target, qualities, poster.bytes).map_err(|fault| fault.to_string())
}

/// A moving poster: every frame is laid out and drawn at its moment, again for each quality that is tried, since all frames
/// at once are too much to hold.
pub(super) fn moving(
    sheet: &Sheet<'_>,
    fitted: &Fitted,
    poster: &Poster,
    Moving { seconds, rate }: Moving,
) -> Result<Vec<u8>, Fault> {
    let failed = |why: &dyn std::fmt::Display| why.to_string();
    let mut smallest = Vec::new();
    for quality in MOVING {
        let (width, height) = (sheet.size.0, sheet.size.1.unwrap_or_default());
        let mut encoder = AnimationEncoder::new(width, height).map_err(|why| failed(&why))?;
        encoder.set_quality(quality.into());
        for frame in 0..seconds * rate {
            let time = frame * 1000 / rate;
            let pixels = sheet.draw(&fitted.sizes, time.into())?;
            let at = i32::try_from(time).unwrap_or(i32::MAX);
            encoder.add_frame_rgb(pixels.bytes(), at).map_err(|why| failed(&why))?;
        }
        let end = i32::try_from(seconds * 1000).unwrap_or(i32::MAX);
        smallest = encoder.finish(end).map_err(|why| failed(&why))?;
        if poster.bytes.is_none_or(|most| smallest.len() <= most) {
            break;
        }
    }
    Ok(smallest)
}
