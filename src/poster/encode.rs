//! From pixels to a poster's file, within the bytes that its template allows.

use gif::{DisposalMethod, Encoder, Frame, Repeat};
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
        // A still poster is never a GIF.
        Format::Webp | Format::Gif => Target::WebP,
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
    moving: Moving,
) -> Result<Vec<u8>, Fault> {
    let fits = |bytes: &[u8]| poster.bytes.is_none_or(|most| bytes.len() <= most);
    if poster.format == Format::Gif {
        let mut smallest = Vec::new();
        // Fewer pictures a second save more than fewer colours, and look better.
        for part in [1, 2, 4] {
            let moving = Moving { rate: (moving.rate / part).max(1), ..moving };
            smallest = gif(sheet, fitted, moving)?;
            if fits(&smallest) {
                break;
            }
        }
        return Ok(smallest);
    }
    let Moving { seconds, rate } = moving;
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
        if fits(&smallest) {
            break;
        }
    }
    Ok(smallest)
}

/// How carefully colours are chosen: 1 is best, 30 fastest.
const COLORS: i32 = 10;

/// A GIF that runs for ever. Every frame says only what is not as it was, and one that says nothing makes the last one longer.
fn gif(sheet: &Sheet<'_>, fitted: &Fitted, moving: Moving) -> Result<Vec<u8>, Fault> {
    let failed = |why: gif::EncodingError| why.to_string();
    let side = |side: u32| u16::try_from(side).map_err(|_| format!("{side} > 65535"));
    let (width, height) = (side(sheet.size.0)?, side(sheet.size.1.unwrap_or_default())?);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height, &[]).map_err(failed)?;
    encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
    let mut shown: Vec<u8> = Vec::new();
    let mut waiting: Option<Frame<'_>> = None;
    let pictures = moving.seconds * moving.rate;
    // In hundredths of a second, so that all frames together last as long as they should.
    let moment = |nth: u32| nth * 100 / moving.rate;
    for nth in 0..pictures {
        let pixels = sheet.draw(&fitted.sizes, u64::from(nth) * 1000 / u64::from(moving.rate))?;
        let delay = u16::try_from(moment(nth + 1) - moment(nth)).unwrap_or(u16::MAX);
        if let Some(frame) = waiting.as_mut().filter(|_| shown == pixels.bytes()) {
            frame.delay += delay;
            continue;
        }
        let mut rgba = changes(&shown, pixels.bytes());
        let mut frame = Frame::from_rgba_speed(width, height, &mut rgba, COLORS);
        frame.delay = delay;
        frame.dispose = DisposalMethod::Keep;
        if let Some(frame) = waiting.replace(frame) {
            encoder.write_frame(&frame).map_err(failed)?;
        }
        shown = pixels.bytes().to_vec();
    }
    if let Some(frame) = waiting {
        encoder.write_frame(&frame).map_err(failed)?;
    }
    drop(encoder);
    Ok(file)
}

/// Pixels with those left out that are as they were; all when nothing was.
fn changes(before: &[u8], now: &[u8]) -> Vec<u8> {
    let now = now.as_chunks::<3>().0;
    let before = before.as_chunks::<3>().0;
    let changed = now.iter().enumerate().map(|(nth, pixel)| {
        let [r, g, b] = *pixel;
        if before.get(nth) == Some(pixel) { [0; 4] } else { [r, g, b, 255] }
    });
    changed.flatten().collect()
}
