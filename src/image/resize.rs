//! Shrinking a picture to many widths at the price of little more than one.
//!
//! Every width is made from a fixed halving of the source, never from another wanted width: so a
//! width has the same pixels whether it is made alone or together with others.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::fault::Fault;
use super::pixels::{Layout, Pixels};

/// Halvings of one source, made when first needed.
pub(super) struct Ladder<'source> {
    source: &'source Pixels,
    halves: Vec<Pixels>,
    resizer: Resizer,
}

impl<'source> Ladder<'source> {
    pub(super) fn new(source: &'source Pixels) -> Self {
        Self { source, halves: Vec::new(), resizer: Resizer::new() }
    }

    /// The source at this width, its height in proportion; `None` means the source itself.
    pub(super) fn at(&mut self, width: u32) -> Result<Option<Pixels>, Fault> {
        if width >= self.source.width() {
            return Ok(None);
        }
        let height = height_at(self.source, width);
        let steps = steps(self.source.width(), width);
        self.halve(steps)?;
        let above = steps.checked_sub(1).map_or(self.source, |i| &self.halves[i]);
        resized(&mut self.resizer, above, None, [width, height], FilterType::Lanczos3).map(Some)
    }

    /// A part of the source (left, top, width, height) in this size, which is not larger.
    pub(super) fn part(&mut self, part: [f64; 4], size: [u32; 2]) -> Result<Pixels, Fault> {
        let steps = steps(whole(part[2]), size[0]).min(steps(whole(part[3]), size[1]));
        self.halve(steps)?;
        let above = steps.checked_sub(1).map_or(self.source, |i| &self.halves[i]);
        let [across, down] = [
            f64::from(above.width()) / f64::from(self.source.width()),
            f64::from(above.height()) / f64::from(self.source.height()),
        ];
        let part = [part[0] * across, part[1] * down, part[2] * across, part[3] * down];
        resized(&mut self.resizer, above, Some(part), size, FilterType::Lanczos3)
    }

    /// Makes so many halvings, as far as they are not there.
    fn halve(&mut self, steps: usize) -> Result<(), Fault> {
        while self.halves.len() < steps {
            let above = self.halves.last().unwrap_or(self.source);
            let size = [(above.width() / 2).max(1), (above.height() / 2).max(1)];
            let half = resized(&mut self.resizer, above, None, size, FilterType::Hamming)?;
            self.halves.push(half);
        }
        Ok(())
    }
}

/// Height in proportion to the width, rounded, at least 1.
pub(super) fn height_at(source: &Pixels, width: u32) -> u32 {
    let (full_width, full_height) = (u64::from(source.width()), u64::from(source.height()));
    let height = (full_height * u64::from(width) + full_width / 2) / full_width;
    height.max(1) as u32
}

/// How often the source may be halved so that Lanczos still shrinks by two or more: then the
/// softness of the box filter cannot be seen (libvips keeps the same margin).
fn steps(source: u32, width: u32) -> usize {
    let mut steps = 0;
    while source >> (steps + 1) >= width.saturating_mul(2) {
        steps += 1;
    }
    steps
}

#[expect(clippy::cast_sign_loss, reason = "clamped to 1 and above")]
fn whole(length: f64) -> u32 {
    length.floor().clamp(1.0, f64::from(u32::MAX)) as u32
}

/// A picture, or a part of it given by left, top, width and height, in another size.
pub(super) fn resized(
    resizer: &mut Resizer,
    source: &Pixels,
    part: Option<[f64; 4]>,
    [width, height]: [u32; 2],
    filter: FilterType,
) -> Result<Pixels, Fault> {
    let kind = match source.layout() {
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    };
    let failed = |why: &dyn std::fmt::Display| Fault::Encoder(why.to_string());
    let from = ImageRef::new(source.width(), source.height(), source.bytes(), kind)
        .map_err(|why| failed(&why))?;
    let mut to = Image::new(width, height, kind);
    // Alpha is multiplied in before and out after, so that hidden colours do not bleed.
    let mut options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(true);
    if let Some([left, top, across, down]) = part {
        let (full_width, full_height) = (f64::from(source.width()), f64::from(source.height()));
        let (left, top) = (left.clamp(0.0, full_width), top.clamp(0.0, full_height));
        let (across, down) = (across.min(full_width - left), down.min(full_height - top));
        options = options.crop(left, top, across, down);
    }
    resizer.resize(&from, &mut to, &options).map_err(|why| failed(&why))?;
    Pixels::new(width, height, source.layout(), to.into_vec())
        .ok_or_else(|| failed(&"the resizer returned too few samples"))
}
