//! The contact sheet: small pictures of all posters, side by side in rows of one height.

use crate::image::{self, Layout, Limits, Pixels};

/// Pixels across the sheet, down a row, and between pictures.
const WIDTH: u32 = 1600;
const ROW: u32 = 260;
const GAP: u32 = 20;
const GROUND: [u8; 3] = [0xee, 0xee, 0xea];
/// Pictures of one sheet; more are no longer taken in at a look.
const MOST: usize = 120;

/// A PNG of these pictures; what cannot be read is left out.
pub fn sheet(files: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let small = files.take(MOST).filter_map(|bytes| {
        let pixels = image::decode(&bytes, Limits::default()).ok()?.pixels;
        let most = if pixels.width() > pixels.height() * 3 { WIDTH - 2 * GAP } else { WIDTH / 2 };
        image::contain(&pixels, (most, ROW)).ok()
    });
    let mut placed: Vec<(u32, u32, Pixels)> = Vec::new();
    let (mut x, mut y, mut row) = (GAP, GAP, 0);
    for pixels in small {
        if x + pixels.width() + GAP > WIDTH && x > GAP {
            (x, y, row) = (GAP, y + row + GAP, 0);
        }
        row = row.max(pixels.height());
        let right = x + pixels.width() + GAP;
        placed.push((x, y, pixels));
        x = right;
    }
    let height = y + row + GAP;
    let mut bytes = GROUND.repeat(WIDTH as usize * height as usize);
    for (x, y, pixels) in &placed {
        let channels = pixels.layout().channels();
        for line in 0..pixels.height() {
            for column in 0..pixels.width() {
                let from = (line as usize * pixels.width() as usize + column as usize) * channels;
                let to = ((y + line) as usize * WIDTH as usize + (x + column) as usize) * 3;
                bytes[to..to + 3].copy_from_slice(&pixels.bytes()[from..from + 3]);
            }
        }
    }
    Pixels::new(WIDTH, height, Layout::Rgb, bytes)
        .and_then(|pixels| image::png(&pixels))
        .unwrap_or_default()
}
