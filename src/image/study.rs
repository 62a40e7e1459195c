//! What is to be seen on a picture: its ground, where the subject stands, and a print to know it again by.
//!
//! Everything is measured on a small copy; it must not know what the answers are used for.
#![expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^52")]

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::pixels::{Layout, Pixels};

/// Pixels across and down of the small copy, at most.
pub(super) const SMALL: u32 = 192;
/// What lies below this is transparent to the eye.
const CLEAR: u8 = 24;
/// Shadows of cut-outs belong to them down to this.
const FAINT: u8 = 8;
/// A channel from here on up is near white.
const NEAR_WHITE: u8 = 238;
/// Channels of a near-white colour differ by no more than this.
const NEAR_GRAY: u8 = 14;
/// A colour that differs from the ground by more than this belongs to the subject.
const APART: u8 = 26;
/// Per cent of the border that is one colour, on a plain ground.
const PLAIN: u8 = 88;
/// A pixel of the border is further from its neighbours than this where something crosses the border.
const UNEVEN: u8 = 12;

/// What is kept of a picture that was decoded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Per cent of its border that is white, or transparent.
    pub white: u8,
    /// What it is known again by; `None` when there is too little on it.
    pub print: Option<Print>,
}

/// What pictures are compared by: edges, and colours of coarse squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// Whether it becomes lighter to the right and downwards, in 64 places each.
    pub edges: u128,
    /// Mean colours of 4 × 4 squares.
    pub colors: [[u8; 3]; 16],
}

/// Prints that differ in more edges than this are of different pictures.
pub const ALIKE_EDGES: u32 = 9;
/// Squares whose colours differ by more than this are of different pictures.
const ALIKE_COLOR: u8 = 14;

impl Print {
    /// Whether two pictures look the same: one may be resized, encoded again or slightly brighter.
    pub fn alike(&self, other: &Self) -> bool {
        let squares = self.colors.iter().flatten().zip(other.colors.iter().flatten());
        (self.edges ^ other.edges).count_ones() <= ALIKE_EDGES
            && squares.into_iter().all(|(a, b)| a.abs_diff(*b) <= ALIKE_COLOR)
    }
}

/// A part of a picture, in shares of its sides from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// A small copy, and what was measured on it.
pub(super) struct Study {
    width: usize,
    height: usize,
    colors: Vec<[u8; 3]>,
    alphas: Option<Vec<u8>>,
    /// The colour of most of the border.
    pub ground: [u8; 3],
    /// The border is of one colour, or transparent.
    pub plain: bool,
    /// The border changes slowly where it changes: a wall in uneven light.
    pub even: bool,
    /// Colours along the border, without what crosses it.
    rim: Rim,
    /// Something shows through at the border.
    pub cutout: bool,
    white: u8,
    /// Asked for again by every cut.
    subject: OnceLock<Option<Part>>,
    interest: [OnceLock<Vec<f64>>; 2],
}

/// The colours along the four sides, each the median of its neighbours, so that a cable that crosses a side leaves no mark.
#[derive(Default)]
struct Rim {
    top: Vec<[u8; 3]>,
    bottom: Vec<[u8; 3]>,
    left: Vec<[u8; 3]>,
    right: Vec<[u8; 3]>,
}

impl Rim {
    fn of(colors: &[[u8; 3]], width: usize, height: usize) -> Self {
        if width < 8 || height < 8 {
            return Self::default();
        }
        let side = |length: usize, at: &dyn Fn(usize) -> usize| -> Vec<[u8; 3]> {
            let reach = (length / 16).max(2);
            let near = |nth: usize| nth.saturating_sub(reach)..(nth + reach + 1).min(length);
            (0..length).map(|nth| median(near(nth).map(|place| colors[at(place)]))).collect()
        };
        Self {
            top: side(width, &|x| x),
            bottom: side(width, &|x| (height - 1) * width + x),
            left: side(height, &|y| y * width),
            right: side(height, &|y| y * width + width - 1),
        }
    }

    /// What four sides let one think of a place between them (a Coons patch).
    fn at(&self, x: usize, y: usize) -> Option<[u8; 3]> {
        let (top, bottom) = (self.top.get(x)?, self.bottom.get(x)?);
        let (left, right) = (self.left.get(y)?, self.right.get(y)?);
        let share = |at: usize, all: usize| at as f64 / (all - 1).max(1) as f64;
        let (across, down) = (share(x, self.top.len()), share(y, self.left.len()));
        let mix = |a: u8, b: u8, at: f64| f64::from(a) * (1.0 - at) + f64::from(b) * at;
        let corner = |side: &[[u8; 3]], nth: usize| {
            mix(
                side.first().map_or(0, |one| one[nth]),
                side.last().map_or(0, |one| one[nth]),
                across,
            )
        };
        let color = |nth: usize| {
            let sides = mix(left[nth], right[nth], across) + mix(top[nth], bottom[nth], down);
            let corners = corner(&self.top, nth) * (1.0 - down) + corner(&self.bottom, nth) * down;
            byte(sides - corners)
        };
        Some([color(0), color(1), color(2)])
    }
}

impl Study {
    /// Measures a small copy.
    pub(super) fn new(small: &Pixels) -> Self {
        let (width, height) = (small.width() as usize, small.height() as usize);
        let (colors, alphas) = match small.layout() {
            Layout::Rgb => (small.bytes().as_chunks::<3>().0.to_vec(), None),
            Layout::Rgba => {
                let over = small.over([255; 3]);
                let alphas = small.bytes().as_chunks::<4>().0.iter().map(|pixel| pixel[3]);
                (over.as_chunks::<3>().0.to_vec(), Some(alphas.collect()))
            }
        };
        let mut study = Self {
            width,
            height,
            colors,
            alphas,
            ground: [255; 3],
            plain: false,
            even: false,
            rim: Rim::default(),
            cutout: false,
            white: 0,
            subject: OnceLock::new(),
            interest: Default::default(),
        };
        let border = study.border();
        let share = |count: usize| (count * 100 / border.len().max(1)) as u8;
        let clear = border.iter().filter(|at| study.clear(**at)).count();
        study.cutout = share(clear) >= 50;
        study.ground = median(border.iter().map(|at| study.colors[*at]));
        let same = border.iter().filter(|at| apart(study.colors[**at], study.ground) <= APART);
        study.plain = share(same.count()) >= PLAIN;
        study.rim = Rim::of(&study.colors, width, height);
        let smooth = border.iter().filter(|at| {
            apart(study.colors[**at], study.ground_at(*at % width, *at / width)) <= UNEVEN
        });
        study.even = study.plain || (share(smooth.count()) >= PLAIN && !study.cutout);
        let white =
            border.iter().filter(|at| study.clear(**at) || near_white(study.colors[**at])).count();
        study.white = share(white);
        study
    }

    /// What is kept of it.
    pub(super) fn look(&self) -> Look {
        Look { white: self.white, print: self.print() }
    }

    /// Places of the outermost pixels.
    fn border(&self) -> Vec<usize> {
        let (width, height) = (self.width, self.height);
        let deep = (width.min(height) / 64).max(1);
        (0..width * height)
            .filter(|at| {
                let (x, y) = (at % width, at / width);
                x < deep || y < deep || x >= width - deep || y >= height - deep
            })
            .collect()
    }

    fn clear(&self, at: usize) -> bool {
        self.alphas.as_ref().is_some_and(|alphas| alphas[at] < CLEAR)
    }

    /// The colour that the ground has at a place, as its rim lets one think.
    fn ground_at(&self, x: usize, y: usize) -> [u8; 3] {
        self.rim.at(x, y).unwrap_or(self.ground)
    }

    /// The box around everything that is not the ground; `None` where the ground is not even.
    pub(super) fn subject(&self) -> Option<Part> {
        *self.subject.get_or_init(|| self.find_subject())
    }

    fn find_subject(&self) -> Option<Part> {
        if !self.even && !self.cutout {
            return None;
        }
        let is_subject = |at: usize| match &self.alphas {
            Some(alphas) if self.cutout => alphas[at] >= FAINT,
            _ => apart(self.colors[at], self.ground_at(at % self.width, at / self.width)) > APART,
        };
        let mut columns = vec![0_usize; self.width];
        let mut rows = vec![0_usize; self.height];
        for at in (0..self.colors.len()).filter(|at| is_subject(*at)) {
            columns[at % self.width] += 1;
            rows[at / self.width] += 1;
        }
        // A speck of dust is no subject: a row of it has two pixels at least.
        let span = |counts: &[usize]| {
            let first = counts.iter().position(|count| *count >= 2)?;
            let last = counts.iter().rposition(|count| *count >= 2)?;
            // The small copy is blurred by one pixel.
            let all = counts.len() as f64;
            Some(((first as f64 - 1.0).max(0.0) / all, (last as f64 + 2.0).min(all) / all))
        };
        let ((left, right), (top, bottom)) = (span(&columns)?, span(&rows)?);
        Some(Part { left, top, right, bottom })
    }

    /// How much there is to see in each column, or in each row.
    pub(super) fn interest(&self, across: bool) -> &[f64] {
        self.interest[usize::from(across)].get_or_init(|| self.find_interest(across))
    }

    fn find_interest(&self, across: bool) -> Vec<f64> {
        let (width, height) = (self.width, self.height);
        let light = |x: usize, y: usize| luma(self.colors[y * width + x]);
        let mut sums = vec![0.0; if across { width } else { height }];
        for y in 0..height.saturating_sub(1) {
            for x in 0..width.saturating_sub(1) {
                let here = light(x, y);
                let edge = (light(x + 1, y) - here).abs() + (light(x, y + 1) - here).abs();
                // A colour unlike the border's is likely the subject's, also where it has no edges.
                let ground = if self.even { self.ground_at(x, y) } else { self.ground };
                let strange = f64::from(apart(self.colors[y * width + x], ground)) / 4.0;
                let off = |at: usize, all: usize| (at as f64 + 0.5) / all as f64 - 0.5;
                let (dx, dy) = (off(x, width), off(y, height));
                let central = 1.0 - 1.6 * (dx * dx + dy * dy);
                sums[if across { x } else { y }] += (edge.min(96.0) + strange) * central.max(0.2);
            }
        }
        sums
    }

    fn print(&self) -> Option<Print> {
        let cells = |across: usize, down: usize| -> Vec<[f64; 3]> {
            let mut sums = vec![([0.0; 3], 0.0); across * down];
            for (at, color) in self.colors.iter().enumerate() {
                let (x, y) =
                    (at % self.width * across / self.width, at / self.width * down / self.height);
                let (sum, count) = &mut sums[y * across + x];
                for (sum, part) in sum.iter_mut().zip(color) {
                    *sum += f64::from(*part);
                }
                *count += 1.0;
            }
            sums.into_iter().map(|(sum, count)| sum.map(|sum| sum / f64::max(count, 1.0))).collect()
        };
        if self.width < 9 || self.height < 9 {
            return None;
        }
        let gray = |cells: &[[f64; 3]], at: usize| {
            let [r, g, b] = cells[at];
            0.299 * r + 0.587 * g + 0.114 * b
        };
        let (wide, tall) = (cells(9, 8), cells(8, 9));
        let mut edges = 0_u128;
        // Strong steps up and down, to the right and downwards.
        let mut steps = [[0; 2]; 2];
        for y in 0..8 {
            for x in 0..8 {
                let right = gray(&wide, y * 9 + x + 1) - gray(&wide, y * 9 + x);
                let down = gray(&tall, (y + 1) * 8 + x) - gray(&tall, y * 8 + x);
                for (nth, step) in [right, down].into_iter().enumerate() {
                    // What is flat stays flat: noise must not decide.
                    if step > 1.5 {
                        edges |= 1 << (nth * 64 + y * 8 + x);
                    }
                    if step.abs() > 6.0 {
                        steps[nth][usize::from(step > 0.0)] += 1;
                    }
                }
            }
        }
        // A plain colour or a gradient is like any other: something must stand out from what is around it.
        let stands_out = steps.iter().any(|[down, up]| *down >= 3 && *up >= 3);
        if !stands_out || steps.iter().flatten().sum::<u32>() < 12 {
            return None;
        }
        let squares = cells(4, 4);
        let mut colors = [[0; 3]; 16];
        for (color, square) in colors.iter_mut().zip(squares) {
            *color = square.map(byte);
        }
        Some(Print { edges, colors })
    }
}

#[expect(clippy::cast_sign_loss, reason = "clamped to 0 and above")]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn luma([r, g, b]: [u8; 3]) -> f64 {
    0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)
}

/// How far two colours are apart in the channel that differs most.
fn apart(a: [u8; 3], b: [u8; 3]) -> u8 {
    a.iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

fn near_white(color: [u8; 3]) -> bool {
    let low = color.iter().min().copied().unwrap_or(0);
    let high = color.iter().max().copied().unwrap_or(0);
    low >= NEAR_WHITE && high - low <= NEAR_GRAY
}

fn median(colors: impl Iterator<Item = [u8; 3]>) -> [u8; 3] {
    let mut parts: [Vec<u8>; 3] = Default::default();
    for color in colors {
        for (part, value) in parts.iter_mut().zip(color) {
            part.push(value);
        }
    }
    parts.map(|mut part| {
        part.sort_unstable();
        part.get(part.len() / 2).copied().unwrap_or(255)
    })
}
