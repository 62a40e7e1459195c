//! Files of so many bytes: the best quality that fits is found in a few encodings.
//!
//! The logarithm of a file's size is nearly straight in the quality, so a secant finds it sooner than halving.
#![expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^52")]

use super::derive::{Encoded, Recipe};
use super::encode::{Target, encode};
use super::fault::Fault;
use super::frame::{Easel, Frame};
use super::pixels::Pixels;

/// The quality of a file that no bound presses.
pub const BEST: u8 = 90;
/// Below this a smaller picture looks better than a coarser one.
const COARSE: u8 = 62;
/// What is tried when pixels may not be taken away.
const COARSEST: u8 = 30;
/// Encodings that are tried for one size.
const TRIES: u32 = 6;
/// A file that fills so much of its bound is not tried again.
const NEAR: f64 = 0.94;

/// How a file came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Within its bounds.
    Right,
    /// Larger than allowed, however coarse.
    Heavy,
    /// Smaller than allowed, however fine.
    Light,
}

/// A file that was made to fit a frame.
#[derive(Debug, Clone)]
pub struct Framed {
    /// The file.
    pub encoded: Encoded,
    /// Whether its size is within the bounds.
    pub weight: Weight,
    /// The size it would have had, if it was made smaller for its bytes.
    pub reduced_from: Option<(u32, u32)>,
    /// How often it was encoded.
    pub encodings: u32,
    /// The quality that was found.
    pub quality: u8,
}

/// Makes a picture fit a frame and its bounds; `None` when it is too small.
pub fn frame(
    easel: &mut Easel<'_>,
    frame: &Frame,
    target: Target,
) -> Result<Option<Framed>, Fault> {
    let own = (easel.source().width(), easel.source().height());
    let Some(first) = frame.reach(own) else { return Ok(None) };
    let first = snug(easel, frame, first)?;
    let mut size = first;
    let mut encodings = 0;
    loop {
        let pixels = easel.framed(frame, size)?;
        // The last size gets every quality, the others only those that are worth it.
        let next = |factor: f64| frame.smaller(size, factor);
        let floor = if next(0.9).is_some() { COARSE } else { COARSEST };
        let found = search(&pixels, target, frame.bytes, (floor, BEST))?;
        encodings += found.encodings;
        if found.weight == Weight::Heavy {
            let too_large = found.bytes.len() as f64 / frame.bytes.1.max(1) as f64;
            let factor = (0.97 / too_large.sqrt()).clamp(0.3, 0.9);
            if let Some(smaller) = next(factor).or_else(|| next(0.9)) {
                size = smaller;
                continue;
            }
        }
        return Ok(Some(Framed {
            encoded: Encoded { bytes: found.bytes, width: size.0, height: size.1 },
            weight: found.weight,
            reduced_from: (size != first).then_some(first),
            encodings,
            quality: found.quality,
        }));
    }
}

/// A canvas that a subject on white would not fill is made smaller instead, as far as the channel allows.
fn snug(easel: &mut Easel<'_>, frame: &Frame, size: (u32, u32)) -> Result<(u32, u32), Fault> {
    if !frame.white || frame.fill == 0 {
        return Ok(size);
    }
    let filled = easel.filled(frame, size)?;
    if filled >= frame.fill {
        return Ok(size);
    }
    let wanted = f64::from(filled) / f64::from(frame.filling());
    let least = f64::from(frame.least.0) / f64::from(size.0);
    Ok(frame.smaller(size, wanted.max(least)).unwrap_or(size))
}

/// The file of a picture as it is: of this quality, or of the best from `floor` up that has so many bytes; coarser than that
/// is not made, and what is too large even so is given as it is.
pub fn within(
    pixels: &Pixels,
    target: Target,
    (floor, top): (u8, u8),
    most: Option<usize>,
) -> Result<Vec<u8>, Fault> {
    let most = most.map_or(0, |most| most as u64);
    search(pixels, target, (0, most), (floor, top)).map(|found| found.bytes)
}

struct Found {
    bytes: Vec<u8>,
    weight: Weight,
    encodings: u32,
    quality: u8,
}

/// The best quality between `floor` and `top` whose file is within the bounds; a file that is too small may have a better one.
fn search(
    pixels: &Pixels,
    target: Target,
    (least, most): (u64, u64),
    (floor, top): (u8, u8),
) -> Result<Found, Fault> {
    let most = if most == 0 { u64::MAX } else { most };
    let weigh = |bytes: &[u8]| match bytes.len() as u64 {
        size if size > most => Weight::Heavy,
        size if size < least => Weight::Light,
        _ => Weight::Right,
    };
    let mut encodings = 0;
    let mut at = |quality: u8| -> Result<(Vec<u8>, f64), Fault> {
        encodings += 1;
        let bytes = encode(pixels, &Recipe::new(pixels.width(), target, quality))?;
        let log = (bytes.len().max(1) as f64).ln();
        Ok((bytes, log))
    };
    let (bytes, log) = at(top)?;
    let weight = weigh(&bytes);
    if weight == Weight::Right {
        return Ok(Found { bytes, weight, encodings, quality: top });
    }
    // Qualities known to be too low and too high for the bound that presses.
    let heavy = weight == Weight::Heavy;
    let goal = if heavy { (most as f64 * 0.98).ln() } else { (least as f64 * 1.04).ln() };
    let (mut low, mut high) = if heavy { (floor - 1, top) } else { (top, 101) };
    let mut kept: Option<(Vec<u8>, u8)> = None;
    let mut last = (f64::from(top), log);
    let mut slope = 0.04;
    let mut nearest = (bytes, top, weight);
    for _ in 1..TRIES {
        if high - low <= 1 {
            break;
        }
        let guess = last.0 + (goal - last.1) / slope;
        let quality = nearest_between(guess, low, high);
        let (bytes, log) = at(quality)?;
        let run = f64::from(quality) - last.0;
        if run.abs() > 0.5 && ((log - last.1) / run) > 0.004 {
            slope = (log - last.1) / run;
        }
        last = (f64::from(quality), log);
        match weigh(&bytes) {
            Weight::Right => {
                let filled = bytes.len() as f64 / most as f64;
                kept = Some((bytes, quality));
                // With a least size the first that has it is taken; below a most size the finest.
                if !heavy || filled >= NEAR {
                    break;
                }
                low = quality;
            }
            Weight::Heavy => {
                high = quality;
                nearest = (bytes, quality, Weight::Heavy);
            }
            Weight::Light => {
                low = quality;
                if !heavy {
                    nearest = (bytes, quality, Weight::Light);
                }
            }
        }
    }
    let (bytes, quality, weight) = match kept {
        Some((bytes, quality)) => (bytes, quality, Weight::Right),
        None => nearest,
    };
    Ok(Found { bytes, weight, encodings, quality })
}

/// A quality strictly between two, as near to a guess as can be.
#[expect(clippy::cast_sign_loss, reason = "clamped between two qualities")]
fn nearest_between(guess: f64, low: u8, high: u8) -> u8 {
    guess.floor().clamp(f64::from(low + 1), f64::from(high - 1)) as u8
}
