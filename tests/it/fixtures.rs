//! Pictures for tests, made here so that none need be kept.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A PNG with a soft pattern; another `shade` gives other bytes.
pub(crate) fn png(width: u32, height: u32, shade: u8) -> Vec<u8> {
    encoded(width, height, shade, ImageFormat::Png)
}

/// The same as a GIF.
pub(crate) fn gif(width: u32, height: u32, shade: u8) -> Vec<u8> {
    encoded(width, height, shade, ImageFormat::Gif)
}

fn encoded(width: u32, height: u32, shade: u8, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([shade, (x * 255 / width) as u8, (y * 255 / height) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG.
pub(crate) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let pixels: Vec<u8> =
        (0..usize::from(width) * usize::from(height) * 3).map(|at| (at * 7 % 251) as u8).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

/// A JPEG of printing colours that does not say which.
pub(crate) fn cmyk_jpeg() -> Vec<u8> {
    let pixels: Vec<u8> = (0..16 * 16 * 4_usize).map(|at| (at % 256) as u8).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
    encoder.encode(&pixels, 16, 16, jpeg_encoder::ColorType::Cmyk).unwrap();
    bytes
}

/// A PNG whose head says this size, with hardly anything behind it.
pub(crate) fn claimed_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    chunk(&mut bytes, *b"IHDR", &head);
    chunk(&mut bytes, *b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]);
    chunk(&mut bytes, *b"IEND", &[]);
    bytes
}

fn chunk(bytes: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    bytes.extend((data.len() as u32).to_be_bytes());
    let start = bytes.len();
    bytes.extend(kind);
    bytes.extend(data);
    let sum = checksum(&bytes[start..]);
    bytes.extend(sum.to_be_bytes());
}

/// CRC-32 as PNG uses it (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}
