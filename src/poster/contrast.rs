//! How well a text stands out, measured in the drawn poster.

use std::sync::LazyLock;

use super::draw::{Placed, Rect};
use crate::image::Pixels;

/// WCAG 2.2, 1.4.3: large letters, and all others.
const LARGE: f32 = 24.0;
const ENOUGH: [f32; 2] = [3.0, 4.5];

/// The contrast of a layer and what it should be at least, when it is less.
pub(super) fn too_low(pixels: &Pixels, layer: &Placed) -> Option<(f32, f32)> {
    let wanted = ENOUGH[usize::from(layer.em < LARGE)];
    let ratios = layer.ink.iter().filter_map(|ink| ratio(pixels, ink));
    let worst = ratios.min_by(f32::total_cmp)?;
    (worst < wanted).then_some((worst, wanted))
}

/// Letters and ground are told apart by lightness: the split that leaves the least spread on both sides (Otsu).
fn ratio(pixels: &Pixels, ink: &Rect) -> Option<f32> {
    let mut counts = [0_u32; 256];
    #[expect(clippy::cast_sign_loss, reason = "sides are clamped to the picture")]
    let side = |value: f32, most: u32| value.round().clamp(0.0, f32::from(most as u16)) as u32;
    let (left, right) = (side(ink.left, pixels.width()), side(ink.right, pixels.width()));
    let (top, bottom) = (side(ink.top, pixels.height()), side(ink.bottom, pixels.height()));
    let mut last = ([0; 3], lightness([0; 3]));
    for y in top..bottom {
        for x in left..right {
            let at = (y as usize * pixels.width() as usize + x as usize) * 3;
            let color = pixels.bytes().get(at..at + 3)?.try_into().ok()?;
            // Neighbours are mostly alike.
            if color != last.0 {
                last = (color, lightness(color));
            }
            counts[usize::from(last.1)] += 1;
        }
    }
    let total: u32 = counts.iter().sum();
    if total < 16 {
        return None;
    }
    let split = otsu(&counts, total);
    // Edges of letters are blends of both: what is well inside each side counts.
    let dark = quantile(&counts, 0..split, 0.3)?;
    let light = quantile(&counts, split..256, 0.7)?;
    Some((linear(light) + 0.05) / (linear(dark) + 0.05))
}

/// The lightness below which this part of a side lies, from 0 to 1.
fn quantile(counts: &[u32; 256], side: std::ops::Range<u16>, part: f32) -> Option<f32> {
    let own = || side.clone().map(|at| (at, f64::from(counts[usize::from(at)])));
    let wanted = own().map(|(_, count)| count).sum::<f64>() * f64::from(part);
    let mut sum = 0.0;
    let found = own().find(|(_, count)| {
        sum += count;
        *count > 0.0 && sum >= wanted
    });
    found.map(|(at, _)| f32::from(at) / 255.0)
}

/// What each level of a colour gives of light.
static LINEAR: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|level| linear(f32::from(level as u8) / 255.0)));

/// Relative luminance, on a scale as the eye sees it.
fn lightness([r, g, b]: [u8; 3]) -> u8 {
    let part = |color: u8| LINEAR[usize::from(color)];
    let luminance = 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    #[expect(clippy::cast_sign_loss, reason = "between 0 and 255")]
    let shown = (luminance.clamp(0.0, 1.0).powf(1.0 / 2.2) * 255.0).round() as u8;
    shown
}

fn linear(value: f32) -> f32 {
    value.powf(2.2)
}

fn otsu(counts: &[u32; 256], total: u32) -> u16 {
    let all: f64 = counts.iter().zip(0..).map(|(n, at)| f64::from(*n) * f64::from(at)).sum();
    let (mut below, mut sum, mut best, mut split) = (0.0, 0.0, -1.0, 128);
    for at in 0..255_u16 {
        let count = f64::from(counts[usize::from(at)]);
        below += count;
        sum += f64::from(at) * count;
        let above = f64::from(total) - below;
        if below < 1.0 || above < 1.0 {
            continue;
        }
        let apart = sum / below - (all - sum) / above;
        let spread = below * above * apart * apart;
        if spread > best {
            (best, split) = (spread, at + 1);
        }
    }
    split
}
