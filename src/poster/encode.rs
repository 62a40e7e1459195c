//! From pixels to a poster's file, within the bytes that its template allows.

use gif::{DisposalMethod, Encoder, Frame, Repeat};

use super::draw::{Fault, Fitted, Sheet};
use crate::image::{self, Layout, Pixels, Target};
use crate::theme::poster::{Format, Moving, Poster};

/// Below this a picture shows its blocks: a file that is still too large is told instead.
const LEAST: u8 = 40;
/// What moving posters are tried with when they are too large.
const MOVING: [u8; 5] = [85, 70, 55, 40, 25];

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

/// A moving poster, again with fewer bytes for each step until it fits.
pub(super) fn moving(
    sheet: &Sheet<'_>,
    fitted: &Fitted,
    poster: &Poster,
    moving: Moving,
) -> Result<Vec<u8>, Fault> {
    let fits = |bytes: &[u8]| poster.bytes.is_none_or(|most| bytes.len() <= most);
    let mut smallest = Vec::new();
    if poster.format == Format::Gif {
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
    for quality in MOVING {
        smallest = webp(sheet, fitted, moving, quality)?;
        if fits(&smallest) {
            break;
        }
    }
    Ok(smallest)
}

/// Draws every frame at its moment and tells those that are not as the one before, by their numbers. Frames are drawn again
/// for each try, since all of them at once are too much to hold.
fn changing(
    sheet: &Sheet<'_>,
    fitted: &Fitted,
    moving: Moving,
    mut tell: impl FnMut(u32, &[u8], &Pixels) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut shown: Vec<u8> = Vec::new();
    for nth in 0..moving.seconds * moving.rate {
        let pixels = sheet.draw(&fitted.sizes, u64::from(nth) * 1000 / u64::from(moving.rate))?;
        if shown != pixels.bytes() {
            tell(nth, &shown, &pixels)?;
            shown = pixels.bytes().to_vec();
        }
    }
    Ok(())
}

/// How long each frame is shown, in parts of a second, when these are the numbers of the frames: together as long as the
/// whole runs.
fn lengths(frames: &[u32], moving: Moving, parts: u32) -> impl Iterator<Item = u32> {
    let ends = frames.iter().skip(1).copied().chain([moving.seconds * moving.rate]);
    let moment = move |nth: u32| nth * parts / moving.rate;
    frames.iter().zip(ends).map(move |(start, end)| moment(end) - moment(*start))
}

/// An animated WebP that runs for ever. Every frame says the box around what is not as it was, whole and in the place of
/// what was there: a difference of lossy pictures would leave ghosts.
fn webp(sheet: &Sheet<'_>, fitted: &Fitted, moving: Moving, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut numbers = Vec::new();
    let mut frames: Vec<(Part, Vec<u8>)> = Vec::new();
    changing(sheet, fitted, moving, |nth, before, now| {
        let part = Part::changed(before, now);
        let pixels = part.of(now).ok_or("0 × 0")?;
        let still = image::within(&pixels, Target::WebP, (quality, quality), None);
        numbers.push(nth);
        frames.push((part, still.map_err(|fault| fault.to_string())?));
        Ok(())
    })?;
    let lengths: Vec<u32> = lengths(&numbers, moving, 1000).collect();
    Ok(container(sheet.size.0, sheet.size.1.unwrap_or_default(), &frames, &lengths))
}

/// The least box of even place around what changed.
#[derive(Clone, Copy)]
struct Part {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Part {
    fn changed(before: &[u8], now: &Pixels) -> Self {
        let (width, height) = (now.width(), now.height());
        let before = before.as_chunks::<3>().0;
        let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
        for (at, pixel) in (0..).zip(now.bytes().as_chunks::<3>().0) {
            if before.get(at as usize) != Some(pixel) {
                let (x, y) = (at % width, at / width);
                (left, right) = (left.min(x), right.max(x + 1));
                (top, bottom) = (top.min(y), bottom.max(y + 1));
            }
        }
        // Places are counted in pairs of pixels.
        let (left, top) = (left.min(width) & !1, top.min(height) & !1);
        Self { left, top, width: right.max(left) - left, height: bottom.max(top) - top }
    }

    fn of(self, pixels: &Pixels) -> Option<Pixels> {
        let whole = pixels.width() as usize * 3;
        let (from, to) = (self.left as usize * 3, (self.left + self.width) as usize * 3);
        let rows = pixels.bytes().chunks_exact(whole.max(1)).skip(self.top as usize);
        let rows = rows.take(self.height as usize).flat_map(|row| &row[from..to]).copied();
        Pixels::new(self.width, self.height, Layout::Rgb, rows.collect())
    }
}

/// Still WebP files as the frames of one (WebP Container Specification): `VP8X` and `ANIM` say what it is, every `ANMF`
/// holds a frame's place, its length in milliseconds and the chunks of its file.
fn container(width: u32, height: u32, frames: &[(Part, Vec<u8>)], lengths: &[u32]) -> Vec<u8> {
    /// Animated.
    const FLAGS: u32 = 2;
    /// In the place of what was there, without blending.
    const PLACED: u8 = 2;
    let three = |number: u32| number.to_le_bytes().into_iter().take(3);
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let mut chunk = name.to_vec();
        chunk.extend((content.len() as u32).to_le_bytes());
        chunk.extend(content);
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let mut header = FLAGS.to_le_bytes().to_vec();
    header.extend(three(width.saturating_sub(1)).chain(three(height.saturating_sub(1))));
    let mut file = b"WEBP".to_vec();
    file.extend(chunk(b"VP8X", &header));
    // The ground, white; then how often it runs: 0, for ever.
    file.extend(chunk(b"ANIM", &[255, 255, 255, 255, 0, 0]));
    for ((part, still), length) in frames.iter().zip(lengths) {
        let mut frame: Vec<u8> = three(part.left / 2).chain(three(part.top / 2)).collect();
        frame.extend(
            three(part.width.saturating_sub(1)).chain(three(part.height.saturating_sub(1))),
        );
        frame.extend(three(*length));
        frame.push(PLACED);
        // Behind `RIFF`, the length and `WEBP`.
        frame.extend(still.get(12..).unwrap_or_default());
        file.extend(chunk(b"ANMF", &frame));
    }
    chunk(b"RIFF", &file)
}

/// How carefully colours are chosen: 1 is best, 30 fastest.
const COLORS: i32 = 10;

/// A GIF that runs for ever. Every frame says only what is not as it was.
fn gif(sheet: &Sheet<'_>, fitted: &Fitted, moving: Moving) -> Result<Vec<u8>, Fault> {
    let failed = |why: gif::EncodingError| why.to_string();
    let side = |side: u32| u16::try_from(side).map_err(|_| format!("{side} > 65535"));
    let (width, height) = (side(sheet.size.0)?, side(sheet.size.1.unwrap_or_default())?);
    let colors = sheet.markup.colors();
    let mut numbers = Vec::new();
    let mut frames: Vec<Frame<'_>> = Vec::new();
    changing(sheet, fitted, moving, |nth, before, now| {
        let mut rgba = changes(before, now.bytes());
        numbers.push(nth);
        let mut frame = Frame::from_rgba_speed(width, height, &mut rgba, COLORS);
        for color in &colors {
            keep(&mut frame, &rgba, *color);
        }
        frames.push(frame);
        Ok(())
    })?;
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height, &[]).map_err(failed)?;
    encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
    for (mut frame, length) in frames.into_iter().zip(lengths(&numbers, moving, 100)) {
        frame.delay = u16::try_from(length).unwrap_or(u16::MAX);
        frame.dispose = DisposalMethod::Keep;
        encoder.write_frame(&frame).map_err(failed)?;
    }
    drop(encoder);
    Ok(file)
}

/// Gives a colour of the template a place of its own in a frame's palette, which photographs would fill alone: what is drawn
/// in it is the same in every frame. The place is that of the colour which fewest pixels have; these take the nearest.
fn keep(frame: &mut Frame<'_>, rgba: &[u8], color: [u8; 3]) {
    let Some(palette) = frame.palette.as_mut() else { return };
    let (entries, _) = palette.as_chunks_mut::<3>();
    let pixels = rgba.as_chunks::<4>().0;
    let is = |pixel: &[u8; 4]| pixel[3] != 0 && pixel[..3] == color;
    if entries.contains(&color) || !pixels.iter().any(is) {
        return;
    }
    let mut used = [0_usize; 256];
    for entry in frame.buffer.iter() {
        used[usize::from(*entry)] += 1;
    }
    let free = |nth: &u8| Some(*nth) != frame.transparent;
    let Some(rare) =
        (0..=255).take(entries.len()).filter(free).min_by_key(|nth| used[usize::from(*nth)])
    else {
        return;
    };
    let far = |entry: &[u8; 3]| -> u32 {
        let old = entries[usize::from(rare)];
        entry.iter().zip(old).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let others = (0..=255_u8).zip(entries.iter()).filter(|(nth, _)| *nth != rare && free(nth));
    let Some((near, _)) = others.min_by_key(|(_, entry)| far(entry)) else { return };
    entries[usize::from(rare)] = color;
    for (entry, pixel) in frame.buffer.to_mut().iter_mut().zip(pixels) {
        if is(pixel) {
            *entry = rare;
        } else if *entry == rare {
            *entry = near;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_leaves_the_colours_of_the_template_alone() {
        let green = [0x2c, 0x65, 0x57];
        // More colours than a palette holds, and a little green.
        let photo = (0..4000_u32).flat_map(|at| [200 + at % 50, 90 + at / 50, at % 90, 255]);
        let mut rgba: Vec<u8> = photo.map(|part| part as u8).collect();
        for pixel in rgba.as_chunks_mut::<4>().0.iter_mut().step_by(400) {
            *pixel = [green[0], green[1], green[2], 255];
        }
        let mut frame = Frame::from_rgba_speed(80, 50, &mut rgba, COLORS);
        let shown = |frame: &Frame<'_>| {
            let palette = frame.palette.as_ref().unwrap().as_chunks::<3>().0;
            frame.buffer.iter().map(|entry| palette[usize::from(*entry)]).collect::<Vec<_>>()
        };
        let before = shown(&frame);
        assert!(!before.contains(&green), "the test has too few colours");
        keep(&mut frame, &rgba, green);
        let after = shown(&frame);
        assert!(after.iter().step_by(400).all(|color| *color == green));
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert!(changed < 40, "{changed}");
    }
}
