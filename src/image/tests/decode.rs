//! Decoding: orientation, first frames, damage.

use super::super::{Fault, Layout, Limits, Warning, decode};
use super::probe::GIF;
use super::{assert_close, exif, gradient, jpeg, jpeg_with, opened, pixel, psnr, texture};
use super::{webp, with_segment};
use jpeg_encoder::SamplingFactor;

/// Four fields: red and green above, blue and white below.
fn fields(width: u32, height: u32) -> Vec<u8> {
    let color = |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => [255, 0, 0],
        (false, true) => [0, 255, 0],
        (true, false) => [0, 0, 255],
        (false, false) => [255, 255, 255],
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| color(x, y))).collect()
}

#[test]
fn all_orientations_are_turned_upright() {
    let plain = jpeg(48, 32, &fields(48, 32));
    let (red, green, blue, white) = ([255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3]);
    // Top left, top right, bottom left, bottom right, as in the EXIF specification.
    let wanted = [
        [red, green, blue, white],
        [green, red, white, blue],
        [white, blue, green, red],
        [blue, white, red, green],
        [red, blue, green, white],
        [blue, red, white, green],
        [white, green, blue, red],
        [green, white, red, blue],
    ];
    for (orientation, corners) in (1..).zip(wanted) {
        let pixels = opened(&with_segment(&plain, 0xE1, &exif(orientation))).pixels;
        let (right, bottom) = (pixels.width() - 4, pixels.height() - 4);
        let sides = if orientation < 5 { (48, 32) } else { (32, 48) };
        assert_eq!((pixels.width(), pixels.height()), sides);
        for (corner, (x, y)) in
            corners.iter().zip([(3, 3), (right, 3), (3, bottom), (right, bottom)])
        {
            assert_close(&pixel(&pixels, x, y), corner, 4);
        }
    }
}

#[test]
fn orientation_of_png_and_webp_counts_too() {
    let webp = webp(48, 32, &fields(48, 32));
    let pixels = opened(&webpx::embed_exif(&webp, &exif(6)[6..]).unwrap()).pixels;
    assert_eq!((pixels.width(), pixels.height()), (32, 48));
    assert_close(&pixel(&pixels, 3, 3), &[0, 0, 255], 20);
}

#[test]
fn the_first_frame_of_a_gif_is_used() {
    let twice = [&GIF[..GIF.len() - 1], &GIF[19..]].concat();
    let decoded = opened(&twice);
    assert_eq!(decoded.warnings, [Warning::FirstFrameOnly]);
    assert_eq!(pixel(&decoded.pixels, 0, 0), [255, 0, 0, 255]);
    assert_eq!(pixel(&decoded.pixels, 1, 0)[3], 0);
    assert_eq!(opened(GIF).warnings, []);
}

#[test]
fn the_first_frame_of_an_animated_webp_is_used() {
    let mut animation = webpx::AnimationEncoder::new(32, 32).unwrap();
    animation.set_quality(95.0);
    for (time, color) in [(0, [255, 0, 0, 255]), (100, [0, 0, 255, 255])] {
        animation.add_frame_rgba(&color.repeat(32 * 32), time).unwrap();
    }
    let decoded = opened(&animation.finish(200).unwrap());
    assert_eq!(decoded.warnings, [Warning::FirstFrameOnly]);
    assert_eq!(decoded.pixels.layout(), Layout::Rgb);
    assert_close(&pixel(&decoded.pixels, 16, 16), &[255, 0, 0], 8);
}

#[test]
fn a_jpeg_that_lacks_its_end_is_used_with_a_warning() {
    let rgb = texture(256, 256);
    let whole = jpeg(256, 256, &rgb);
    let cut = &whole[..whole.len() * 4 / 5];
    let decoded = opened(cut);
    let [Warning::Truncated { lost_percent }] = decoded.warnings[..] else {
        panic!("{:?}", decoded.warnings)
    };
    assert!((10..30).contains(&lost_percent), "{lost_percent}");
    let upper = 3 * 256 * 128;
    assert!(psnr(&decoded.pixels.bytes()[..upper], &rgb[..upper]) > 30.0);
    // Only the end marker is missing.
    let decoded = opened(&whole[..whole.len() - 2]);
    assert_eq!(decoded.warnings, [Warning::Truncated { lost_percent: 0 }]);
}

#[test]
fn a_jpeg_that_is_mostly_missing_is_a_fault() {
    let whole = jpeg(256, 256, &texture(256, 256));
    for cut in [whole.len() / 3, 700] {
        assert_eq!(decode(&whole[..cut], Limits::default()), Err(Fault::Truncated));
    }
}

#[test]
fn a_cut_progressive_jpeg_is_coarse_but_whole() {
    let rgb = gradient(256, 256);
    let whole = jpeg_with(256, 256, &texture(256, 256), |jpeg| jpeg.set_progressive(true));
    let decoded = opened(&whole[..whole.len() / 2]);
    assert!(matches!(decoded.warnings[..], [Warning::Truncated { .. }]));
    assert_eq!(decoded.pixels.bytes().len(), rgb.len());
    assert_eq!(opened(&whole).warnings, []);
}

#[test]
fn a_damaged_jpeg_is_used_or_refused_but_never_silently_gray() {
    let rgb = texture(256, 256);
    let mut broken = jpeg(256, 256, &rgb);
    let middle = broken.len() * 3 / 4;
    // A marker that has no business there.
    broken[middle..middle + 4].copy_from_slice(&[0xFF, 0xC8, 0xFF, 0xC8]);
    match decode(&broken, Limits::default()) {
        Ok(decoded) => assert!(!decoded.warnings.is_empty()),
        Err(fault) => assert!(matches!(fault, Fault::Damaged(_)), "{fault:?}"),
    }
}

#[test]
fn scans_for_each_component_are_read_rightly() {
    // What jpeg-encoder writes with optimised tables, and zune-jpeg 0.5.15 turns into garbage.
    let rgb = gradient(120, 88);
    let apart = jpeg_with(120, 88, &rgb, |jpeg| {
        jpeg.set_sampling_factor(SamplingFactor::F_2_2);
        jpeg.set_optimized_huffman_tables(true);
    });
    let decoded = opened(&apart);
    assert_eq!(decoded.warnings, []);
    assert!(psnr(decoded.pixels.bytes(), &rgb) > 35.0);
}
