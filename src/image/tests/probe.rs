//! Headers: what is read, and what is refused before memory is taken.

use super::super::{Fault, Foreign, Format, Info, Limits, decode, probe};
use super::{chunk, exif, gradient, jpeg, png, webp, with_segment};
use ::image::ExtendedColorType;

fn info(bytes: &[u8]) -> Info {
    probe(bytes).unwrap()
}

#[test]
fn sides_are_those_of_the_upright_picture() {
    let plain = jpeg(40, 24, &gradient(40, 24));
    for orientation in 1..=8 {
        let info = info(&with_segment(&plain, 0xE1, &exif(orientation)));
        let wanted = if orientation < 5 { (40, 24) } else { (24, 40) };
        assert_eq!((info.width, info.height, info.format), (wanted.0, wanted.1, Format::Jpeg));
    }
}

#[test]
fn orientation_that_makes_no_sense_is_upright() {
    let plain = jpeg(40, 24, &gradient(40, 24));
    for broken in [&exif(0)[..], &exif(9), &exif(6)[..18], b"Exif\0\0II*\0\xFF\xFF\xFF\xFF"] {
        assert_eq!(info(&with_segment(&plain, 0xE1, broken)).width, 40);
    }
}

#[test]
fn content_decides_not_the_name() {
    assert_eq!(probe(b""), Err(Fault::Empty));
    assert_eq!(probe(b"a text that someone named photo.jpg"), Err(Fault::NotAPicture));
    assert_eq!(probe(b"<!doctype html><p>not found</p>"), Err(Fault::NotAPicture));
    assert_eq!(probe(b"<?xml version='1.0'?>\n<svg viewBox='0 0 1 1'/>"), Err(Fault::Vector));
    assert_eq!(probe(b"\0\0\0\x1Cftypheic\0\0\0\0mif1heic"), Err(Fault::Foreign(Foreign::Heic)));
    assert_eq!(probe(b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avif"), Err(Fault::Foreign(Foreign::Avif)));
    assert_eq!(probe(b"\0\0\0\x1Cftypavif\0\0\0\0mif1avif"), Err(Fault::Foreign(Foreign::Avif)));
    assert_eq!(probe(b"II*\0\x08\0\0\0"), Err(Fault::Foreign(Foreign::Tiff)));
    assert_eq!(probe(b"BM\x36\0\0\0\0\0\0\0"), Err(Fault::Foreign(Foreign::Bmp)));
}

#[test]
fn every_cut_of_a_header_is_a_fault_and_no_panic() {
    let files = [
        jpeg(16, 16, &gradient(16, 16)),
        png(16, 16, &gradient(16, 16), ExtendedColorType::Rgb8),
        GIF.to_vec(),
        webp(16, 16, &gradient(16, 16)),
    ];
    for file in files {
        assert!(probe(&file).is_ok());
        for cut in 0..file.len() {
            let _ = probe(&file[..cut]);
            let _ = decode(&file[..cut], Limits::default());
        }
        for at in 0..file.len().min(400) {
            let mut broken = file.clone();
            broken[at] ^= 0xFF;
            let _ = probe(&broken);
            let _ = decode(&broken, Limits { max_pixels: 1 << 16 });
        }
    }
}

/// 2×1 pixels: red, then transparent.
pub(super) const GIF: &[u8] = b"GIF89a\x02\0\x01\0\x80\0\0\xFF\0\0\0\0\xFF\
    \x21\xF9\x04\x01\0\0\x01\0\x2C\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x0A\0\x3B";

#[test]
fn alpha_and_animation_are_announced() {
    assert!(info(GIF).has_alpha && !info(GIF).animated);
    let twice = [&GIF[..GIF.len() - 1], &GIF[19..]].concat();
    assert!(info(&twice).animated);
    let gray_alpha = png(2, 1, &[9, 255, 9, 0], ExtendedColorType::La8);
    assert!(info(&gray_alpha).has_alpha);
    assert!(!info(&jpeg(8, 8, &gradient(8, 8))).has_alpha);
}

#[track_caller]
fn assert_refused(bytes: &[u8]) {
    let fault = decode(bytes, Limits::default()).unwrap_err();
    assert!(matches!(fault, Fault::TooLarge { .. } | Fault::Damaged(_)), "{fault:?}");
}

#[test]
fn bombs_are_refused_from_the_header() {
    let side = 60_000_u16;
    let mut png = png(16, 16, &gradient(16, 16), ExtendedColorType::Rgb8);
    png[16..20].copy_from_slice(&u32::from(side).to_be_bytes());
    png[20..24].copy_from_slice(&u32::from(side).to_be_bytes());
    let wanted = Fault::TooLarge { width: 60_000, height: 60_000, max_pixels: 120_000_000 };
    assert_eq!(decode(&png, Limits::default()), Err(wanted.clone()));
    assert_eq!(probe(&png).unwrap().width, 60_000);

    let mut jpeg = jpeg(16, 16, &gradient(16, 16));
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&side.to_be_bytes());
    assert_eq!(decode(&jpeg, Limits::default()), Err(wanted.clone()));

    let mut gif = GIF.to_vec();
    gif[6..8].copy_from_slice(&side.to_le_bytes());
    gif[8..10].copy_from_slice(&side.to_le_bytes());
    assert_eq!(decode(&gif, Limits::default()), Err(wanted));

    // A frame that is larger than the canvas it announces.
    let mut gif = GIF.to_vec();
    gif[32..34].copy_from_slice(&side.to_le_bytes());
    assert_refused(&gif);

    // WebP cannot say more than 16384 in a picture, but it can in a canvas.
    let still = webp(16, 16, &gradient(16, 16));
    let canvas = [0, 0, 0, 0, 0x5F, 0xEA, 0, 0x5F, 0xEA, 0];
    let lying = [b"RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0", &canvas[..], &still[12..]].concat();
    assert_refused(&lying);
    let mut flagged = [b"RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0", &canvas[..], b"ANMF\x10\0\0\0"].concat();
    flagged[20] = 2;
    flagged.extend([0; 16]);
    assert_refused(&flagged);
    let mut large = still;
    large[26..30].copy_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F]);
    assert_refused(&large);
}

#[test]
fn the_limit_is_the_callers() {
    let picture = jpeg(16, 16, &gradient(16, 16));
    assert!(decode(&picture, Limits { max_pixels: 255 }).is_err());
    assert!(decode(&picture, Limits { max_pixels: 256 }).is_ok());
}

#[test]
fn packed_chunks_beside_the_pixels_are_bounded() {
    let png = png(16, 16, &gradient(16, 16), ExtendedColorType::Rgb8);
    for (name, head) in [(b"iCCP", &b"name\0\0"[..]), (b"zTXt", b"Comment\0\0")] {
        let body = [head, &packed_zeros(128 << 20)].concat();
        let bomb = [&png[..33], &chunk(name, &body), &png[33..]].concat();
        // Refused or read without it: both are fine, as long as it is not unpacked.
        let before = peak_kib();
        let _ = decode(&bomb, Limits::default());
        assert!(peak_kib() - before < 64 << 10, "{} was unpacked", name.escape_ascii());
    }
}

/// Zeros packed to a 159th: one literal, then copies of 258 bytes, in the fixed code of deflate.
fn packed_zeros(count: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false];
    bits.extend([false, false, true, true, false, false, false, false]);
    let copy =
        [true, true, false, false, false, true, false, true, false, false, false, false, false];
    (0..count / 258).for_each(|_| bits.extend(copy));
    bits.extend([false; 7]);
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    [0x78, 0x9C].into_iter().chain(bits.chunks(8).map(byte)).collect()
}

/// The most memory this process ever held; 0 where `/proc` does not tell.
#[expect(clippy::disallowed_methods, reason = "this reads about the process, not the shop")]
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
