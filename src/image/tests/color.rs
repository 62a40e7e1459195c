//! Colours: profiles, CMYK, deep and palette samples.

use super::super::{Layout, Warning};
use super::{assert_close, chunk, gradient, jpeg, jpeg_with, opened, pixel, png, png_with_profile};
use super::{webp, with_segment};
use ::image::ExtendedColorType;
use jpeg_encoder::{ColorType, Encoder};
use moxcms::ColorProfile;

fn flat(color: [u8; 3]) -> Vec<u8> {
    color.repeat(16 * 16)
}

fn display_p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

#[test]
fn display_p3_becomes_srgb() {
    // By the matrices of CSS Color 4.
    let wanted = [215, 93, 31];
    let rgb = flat([200, 100, 50]);
    let picture = png_with_profile(16, 16, &rgb, ExtendedColorType::Rgb8, Some(display_p3()));
    let decoded = opened(&picture);
    assert!(decoded.warnings.is_empty());
    assert_close(&pixel(&decoded.pixels, 8, 8), &wanted, 2);

    let jpeg = jpeg_with(16, 16, &rgb, |jpeg| jpeg.add_icc_profile(&display_p3()).unwrap());
    assert_close(&pixel(&opened(&jpeg).pixels, 8, 8), &wanted, 3);

    let webp = webpx::embed_icc(&webp(16, 16, &rgb), &display_p3()).unwrap();
    assert_close(&pixel(&opened(&webp).pixels, 8, 8), &wanted, 4);
}

#[test]
fn alpha_survives_a_profile() {
    let rgba = [200, 100, 50, 128].repeat(16 * 16);
    let picture = png_with_profile(16, 16, &rgba, ExtendedColorType::Rgba8, Some(display_p3()));
    assert_close(&pixel(&opened(&picture).pixels, 8, 8), &[215, 93, 31, 128], 2);
}

#[test]
fn srgb_profiles_change_nothing() {
    let rgb = gradient(32, 32);
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    let picture = png_with_profile(32, 32, &rgb, ExtendedColorType::Rgb8, Some(srgb));
    assert_eq!(opened(&picture).pixels.bytes(), rgb);
}

#[test]
fn unusable_profiles_are_left_out_with_a_warning() {
    let rgb = gradient(16, 16);
    let gray = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
    for profile in [b"no profile at all".repeat(20), gray] {
        let picture = png_with_profile(16, 16, &rgb, ExtendedColorType::Rgb8, Some(profile));
        let decoded = opened(&picture);
        assert_eq!(decoded.warnings, [Warning::ProfileIgnored]);
        assert_eq!(decoded.pixels.bytes(), rgb);
    }
}

#[test]
fn a_gray_profile_is_used_for_gray() {
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let picture = png_with_profile(16, 16, &[55; 256], ExtendedColorType::L8, Some(linear));
    // 55 of 255 in linear light is 128 in sRGB.
    assert_close(&pixel(&opened(&picture).pixels, 3, 3), &[128; 3], 2);
}

#[test]
fn deep_samples_are_rounded_to_eight_bits() {
    let samples: Vec<u8> = [0_u16, 257, 32_896, 65_535, 385, 386]
        .iter()
        .flat_map(|sample| sample.to_ne_bytes())
        .collect();
    let picture = png(2, 1, &samples, ExtendedColorType::Rgb16);
    assert_eq!(opened(&picture).pixels.bytes(), [0, 1, 128, 255, 1, 2]);
}

#[test]
fn gray_and_its_alpha_become_colours() {
    let picture = png(2, 1, &[9, 200], ExtendedColorType::L8);
    assert_eq!(opened(&picture).pixels.bytes(), [9, 9, 9, 200, 200, 200]);
    let picture = png(2, 1, &[9, 255, 200, 7], ExtendedColorType::La8);
    assert_eq!(opened(&picture).pixels.bytes(), [9, 9, 9, 255, 200, 200, 200, 7]);
}

#[test]
fn palettes_with_transparent_entries_are_unfolded() {
    // One row without filter, unpacked; the last four bytes are its Adler checksum.
    let row = [0x78, 1, 1, 2, 0, 0xFD, 0xFF, 0, 0b00_01_10_00, 0, 26, 0, 25];
    let file = [
        b"\x89PNG\r\n\x1A\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 0, 0, 0]),
        chunk(b"PLTE", &[255, 0, 0, 0, 255, 0, 0, 0, 255]),
        chunk(b"tRNS", &[255, 128]),
        chunk(b"IDAT", &row),
        chunk(b"IEND", &[]),
    ]
    .concat();
    let pixels = opened(&file).pixels;
    assert_eq!(pixels.layout(), Layout::Rgba);
    assert_eq!(pixel(&pixels, 1, 0), [0, 255, 0, 128]);
    assert_eq!(pixel(&pixels, 2, 0), [0, 0, 255, 255]);
}

#[test]
fn alpha_that_hides_nothing_is_dropped() {
    let picture = png(2, 1, &[1, 2, 3, 255, 4, 5, 6, 255], ExtendedColorType::Rgba8);
    assert_eq!(opened(&picture).pixels.bytes(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn cmyk_of_photoshop_and_pillow_is_inverted() {
    let decoded = opened(include_bytes!("../fixtures/cmyk-adobe.jpg"));
    assert_eq!(decoded.warnings, [Warning::CmykWithoutProfile]);
    assert_close(&pixel(&decoded.pixels, 8, 8), &[255, 255, 255], 3);
    assert_close(&pixel(&decoded.pixels, 24, 8), &[0, 174, 239], 6);
    assert_close(&pixel(&decoded.pixels, 40, 8), &[35, 35, 35], 6);
    assert_close(&pixel(&decoded.pixels, 56, 8), &[0, 166, 81], 6);
}

#[test]
fn ycck_and_cmyk_without_adobe_mean_the_same_inks() {
    // Full cyan; the encoder inverts it, as Adobe does.
    let cyan = [255, 0, 0, 0].repeat(16 * 16);
    for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut file = Vec::new();
        Encoder::new(&mut file, 95).encode(&cyan, 16, 16, color).unwrap();
        assert_close(&pixel(&opened(&file).pixels, 8, 8), &[0, 174, 239], 8);
    }
    // What it stored, without Adobe's marker is ink as it stands: magenta, yellow and black.
    let mut file = Vec::new();
    Encoder::new(&mut file, 95).encode(&cyan, 16, 16, ColorType::Cmyk).unwrap();
    let marker = file.windows(2).position(|pair| pair == [0xFF, 0xEE]).unwrap();
    file.drain(marker..marker + 16);
    let dark = pixel(&opened(&file).pixels, 8, 8);
    assert!(dark.iter().all(|channel| *channel < 60), "{dark:?}");
}

#[test]
fn cmyk_follows_its_profile() {
    // The profile says: any ink is green, none is white.
    let samples = [[255, 0, 0, 0].repeat(16 * 8), [0; 4].repeat(16 * 8)].concat();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 95);
    encoder.add_icc_profile(&cmyk_profile()).unwrap();
    encoder.encode(&samples, 16, 16, ColorType::Cmyk).unwrap();
    let decoded = opened(&file);
    assert_eq!(decoded.warnings, []);
    assert_close(&pixel(&decoded.pixels, 8, 15), &[255, 255, 255], 4);
    let inked = pixel(&decoded.pixels, 8, 1);
    assert!(inked[1] > inked[0] + 60 && inked[1] > inked[2] + 60, "{inked:?}");
}

/// A CMYK profile of two grid points a side: paper is white, everything else is green.
fn cmyk_profile() -> Vec<u8> {
    let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for i in 0..9 {
        table.extend(if i % 4 == 0 { [0, 1, 0, 0] } else { [0; 4] });
    }
    (0..4).for_each(|_| table.extend(0..=255));
    // Lab in eight bits: L from 0 to 255, a and b around 128.
    table.extend([255, 128, 128]);
    (1..16).for_each(|_| table.extend([140, 60, 180]));
    (0..3).for_each(|_| table.extend(0..=255));
    table.resize(table.len().next_multiple_of(4), 0);

    let mut profile = vec![0; 128];
    profile[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
    profile[12..16].copy_from_slice(b"prtr");
    profile[16..20].copy_from_slice(b"CMYK");
    profile[20..24].copy_from_slice(b"Lab ");
    profile[36..40].copy_from_slice(b"acsp");
    // The white of the connection space, D50.
    profile[68..80].copy_from_slice(&[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    let offset = 128 + 4 + 12;
    profile.extend([0, 0, 0, 1]);
    profile.extend(b"A2B0");
    profile.extend((offset as u32).to_be_bytes());
    profile.extend((table.len() as u32).to_be_bytes());
    profile.extend(table);
    let length = (profile.len() as u32).to_be_bytes();
    profile[..4].copy_from_slice(&length);
    profile
}

#[test]
fn an_unknown_segment_does_not_disturb() {
    let plain = jpeg(16, 16, &gradient(16, 16));
    let more = with_segment(&plain, 0xED, b"Photoshop 3.0\0 and so on");
    assert_eq!(opened(&plain), opened(&more));
}
