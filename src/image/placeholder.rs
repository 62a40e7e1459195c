//! What stands in for a picture until it is loaded.

use serde::{Deserialize, Serialize};

use super::decode::Decoded;
use super::pixels::{Layout, Pixels};

/// Colours that stand in for a picture; transparent places are white.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placeholder {
    /// Mean colour, as `#rrggbb`.
    pub color: String,
    /// Mean colours of a grid of four by four fields, row after row.
    pub grid: [[u8; 3]; 16],
}

/// Averages a picture; about a thousand pixels of it are looked at.
pub fn placeholder(decoded: &Decoded) -> Placeholder {
    let grid = std::array::from_fn(|field| field_color(&decoded.pixels, field));
    let [red, green, blue] = mean(&grid);
    Placeholder { color: format!("#{red:02x}{green:02x}{blue:02x}"), grid }
}

/// Samples looked at along each side of a field.
const SAMPLES: u64 = 16;

fn field_color(pixels: &Pixels, field: usize) -> [u8; 3] {
    let (column, row) = (field as u64 % 4, field as u64 / 4);
    // The middles of a regular raster over the whole picture.
    let place = |step: u64, side: u32| (u64::from(side) * (2 * step + 1) / (8 * SAMPLES)) as usize;
    let mut colors = Vec::new();
    for y in 0..SAMPLES {
        for x in 0..SAMPLES {
            let x = place(column * SAMPLES + x, pixels.width());
            let y = place(row * SAMPLES + y, pixels.height());
            colors.push(color_at(pixels, y * pixels.width() as usize + x));
        }
    }
    mean(&colors)
}

fn color_at(pixels: &Pixels, place: usize) -> [u8; 3] {
    let pixel = &pixels.bytes()[place * pixels.layout().channels()..][..pixels.layout().channels()];
    let alpha = match pixels.layout() {
        Layout::Rgb => 255,
        Layout::Rgba => u32::from(pixel[3]),
    };
    let over_white = |color: u8| ((u32::from(color) * alpha + 255 * (255 - alpha)) / 255) as u8;
    [over_white(pixel[0]), over_white(pixel[1]), over_white(pixel[2])]
}

fn mean(colors: &[[u8; 3]]) -> [u8; 3] {
    let count = colors.len() as u32;
    std::array::from_fn(|channel| {
        let sum: u32 = colors.iter().map(|color| u32::from(color[channel])).sum();
        ((sum + count / 2) / count) as u8
    })
}
