//! A picture put into a frame of a given size: cut to fill it, or whole within it.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::fault::Fault;
use super::pixels::{Layout, Pixels};

/// Cuts a picture so that it fills a frame; the focus, in per cent from left and top, stays as near to the middle as
/// can be.
pub fn cover(source: &Pixels, frame: (u32, u32), focus: (u8, u8)) -> Result<Pixels, Fault> {
    let (width, height) = (f64::from(source.width()), f64::from(source.height()));
    let ratio = f64::from(frame.0) / f64::from(frame.1);
    let (wide, high) =
        if width / height > ratio { (height * ratio, height) } else { (width, width / ratio) };
    let start = |whole: f64, part: f64, focus: u8| {
        (whole * f64::from(focus) / 100.0 - part / 2.0).clamp(0.0, (whole - part).max(0.0))
    };
    let (left, top) = (start(width, wide, focus.0), start(height, high, focus.1));
    scaled(source, [left, top, wide, high], frame, FilterType::Lanczos3)
}

/// The whole picture at the largest size that a frame holds, without the rest of the frame.
pub fn contain(source: &Pixels, frame: (u32, u32)) -> Result<Pixels, Fault> {
    let (width, height) = (f64::from(source.width()), f64::from(source.height()));
    let scale = (f64::from(frame.0) / width).min(f64::from(frame.1) / height);
    #[expect(clippy::cast_sign_loss, reason = "sides are positive")]
    let side = |whole: f64, most: u32| ((whole * scale).round() as u32).clamp(1, most.max(1));
    let to = (side(width, frame.0), side(height, frame.1));
    scaled(source, [0.0, 0.0, width, height], to, FilterType::Lanczos3)
}

/// A picture no larger than this on its longer side, cheaply: to be cut from later.
pub fn at_most(source: Pixels, side: u32) -> Result<Pixels, Fault> {
    let longer = source.width().max(source.height());
    if longer <= side {
        return Ok(source);
    }
    let part = |own: u32| ((u64::from(own) * u64::from(side) / u64::from(longer)) as u32).max(1);
    let to = (part(source.width()), part(source.height()));
    let whole = [0.0, 0.0, f64::from(source.width()), f64::from(source.height())];
    scaled(&source, whole, to, FilterType::Hamming)
}

fn scaled(
    source: &Pixels,
    [left, top, width, height]: [f64; 4],
    to: (u32, u32),
    filter: FilterType,
) -> Result<Pixels, Fault> {
    let kind = match source.layout() {
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    };
    let failed = |why: &dyn std::fmt::Display| Fault::Encoder(why.to_string());
    let from = ImageRef::new(source.width(), source.height(), source.bytes(), kind)
        .map_err(|why| failed(&why))?;
    let mut image = Image::new(to.0, to.1, kind);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .use_alpha(true)
        .crop(left, top, width, height);
    Resizer::new().resize(&from, &mut image, &options).map_err(|why| failed(&why))?;
    Pixels::new(to.0, to.1, source.layout(), image.into_vec())
        .ok_or_else(|| failed(&"the resizer returned too few samples"))
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
