//! Photographs of which frames of many sizes are cut, as posters ask for them.

use std::sync::OnceLock;

use fast_image_resize::{FilterType, Resizer};

use super::fault::Fault;
use super::frame::crop;
use super::pixels::{Layout, Pixels};
use super::resize::resized;
use super::study::{SMALL, Study};

/// A photograph in a frame.
pub struct Cut {
    /// It.
    pub pixels: Pixels,
    /// How many times it was enlarged; less than one when it became smaller.
    pub times: f64,
}

/// A photograph, and what is to be seen on it: looked at when a cut depends on it.
pub struct Photo {
    pixels: Pixels,
    study: OnceLock<Study>,
}

impl Photo {
    /// A photograph, made no larger than this on its longer side.
    pub fn new(pixels: Pixels, side: u32) -> Result<Self, Fault> {
        Ok(Self { pixels: at_most(pixels, side)?, study: OnceLock::new() })
    }

    fn study(&self) -> Result<&Study, Fault> {
        if let Some(study) = self.study.get() {
            return Ok(study);
        }
        let study = Study::new(&at_most(self.pixels.clone(), SMALL)?);
        Ok(self.study.get_or_init(|| study))
    }

    /// Bytes that it holds.
    pub fn size(&self) -> usize {
        self.pixels.bytes().len()
    }

    /// Cut so that it fills a frame: about the focus, in per cent from left and top, else so that least of what there is to
    /// see is lost.
    pub fn cover(&self, frame: (u32, u32), focus: Option<(u8, u8)>) -> Result<Cut, Fault> {
        let own = (f64::from(self.pixels.width()), f64::from(self.pixels.height()));
        let study = self.study()?;
        let part =
            crop(own, frame, focus, study).or_else(|| crop(own, frame, Some((50, 50)), study));
        let across = part.map_or(own.0, |[_, _, across, _]| across);
        let times = f64::from(frame.0) / across;
        resized(&mut Resizer::new(), &self.pixels, part, frame.into(), FilterType::Lanczos3)
            .map(|pixels| Cut { pixels, times })
    }

    /// All of it at the largest size that a frame holds.
    pub fn contain(&self, frame: (u32, u32)) -> Result<Cut, Fault> {
        let pixels = contain(&self.pixels, frame)?;
        let times = f64::from(pixels.width()) / f64::from(self.pixels.width());
        Ok(Cut { pixels, times })
    }
}

/// A whole picture at the largest size that a frame holds, without the rest of the frame.
pub fn contain(source: &Pixels, frame: (u32, u32)) -> Result<Pixels, Fault> {
    let (width, height) = (f64::from(source.width()), f64::from(source.height()));
    let scale = (f64::from(frame.0) / width).min(f64::from(frame.1) / height);
    #[expect(clippy::cast_sign_loss, reason = "sides are positive")]
    let side = |whole: f64, most: u32| ((whole * scale).round() as u32).clamp(1, most.max(1));
    let to = [side(width, frame.0), side(height, frame.1)];
    resized(&mut Resizer::new(), source, None, to, FilterType::Lanczos3)
}

/// A picture no larger than this on its longer side, cheaply: to be cut from later.
fn at_most(source: Pixels, side: u32) -> Result<Pixels, Fault> {
    let longer = source.width().max(source.height());
    if longer <= side {
        return Ok(source);
    }
    let part = |own: u32| ((u64::from(own) * u64::from(side) / u64::from(longer)) as u32).max(1);
    let to = [part(source.width()), part(source.height())];
    resized(&mut Resizer::new(), &source, None, to, FilterType::Hamming)
}

/// Pixels as a PNG.
pub fn png(pixels: &Pixels) -> Option<Vec<u8>> {
    use image::codecs::png::PngEncoder;
    use image::{ExtendedColorType, ImageEncoder};
    let color = match pixels.layout() {
        Layout::Rgb => ExtendedColorType::Rgb8,
        Layout::Rgba => ExtendedColorType::Rgba8,
    };
    let mut file = Vec::new();
    let encoder = PngEncoder::new(&mut file);
    encoder.write_image(pixels.bytes(), pixels.width(), pixels.height(), color).ok()?;
    Some(file)
}
