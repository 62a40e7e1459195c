//! A picture made to fit a frame: cropped where nothing is lost, else laid on a ground; never enlarged.
#![expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^52")]

use serde::{Deserialize, Serialize};

use super::decode::Decoded;
use super::fault::Fault;
use super::pixels::{Layout, Pixels};
use super::resize::Ladder;
use super::study::{Look, Part, SMALL, Study};

/// Per cent of a frame that a subject on white fills when nobody says.
const FILL: u8 = 88;
/// What is asked for is passed by this much, since the faintest of a shadow is not seen.
const SPARE: u8 = 6;
/// Share of what there is to see that a crop may lose.
const LOST: f64 = 0.14;
/// A window that has the product off its middle by its whole width is as bad as one that loses so much of it.
const ASIDE: f64 = 0.3;
/// What a crop leaves beside a subject, as a share of the picture.
const AIR: f64 = 0.01;
/// Per cent of the border that is white, on a white ground.
pub const WHITE_GROUND: u8 = 96;

/// What a picture is made to fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Frame {
    /// Wanted pixels across and down; the most that is made.
    pub size: (u32, u32),
    /// Fewer are of no use.
    pub least: (u32, u32),
    /// The frame's proportions are kept; else the picture's own.
    pub keep_ratio: bool,
    /// The subject stands on white, trimmed and in the middle.
    pub white: bool,
    /// Per cent of the frame that a subject on white fills; 0 for the usual.
    pub fill: u8,
    /// The point that stays when it is cropped, in per cent from the left and from the top.
    pub focus: Option<(u8, u8)>,
    /// Bytes of the file: at least, and at most; 0 is no bound.
    pub bytes: (u64, u64),
}

impl Frame {
    /// The size that a picture gets without being enlarged; `None` when that is too small.
    pub fn reach(&self, (width, height): (u32, u32)) -> Option<(u32, u32)> {
        let (across, down) = self.size;
        let size = if self.keep_ratio || self.white {
            let divisor = gcd(across, down).max(1);
            let unit = (across / divisor, down / divisor);
            // The longer side touches the frame, the other is filled up.
            let times = (width / unit.0.max(1)).max(height / unit.1.max(1)).min(divisor);
            (unit.0 * times, unit.1 * times)
        } else {
            let scale = f64::min(share(across, width), share(down, height)).min(1.0);
            let own = (scaled(width, scale), scaled(height, scale));
            let (least_across, least_down) = self.least;
            let fits = own.0 >= least_across && own.1 >= least_down;
            // One side that is long enough carries the other, unless nothing is asked of it.
            let carried = (own.0 >= least_across && least_across > 1)
                || (own.1 >= least_down && least_down > 1);
            if fits || !carried { own } else { (own.0.max(least_across), own.1.max(least_down)) }
        };
        let enough = size.0 >= self.least.0.max(1) && size.1 >= self.least.1.max(1);
        enough.then_some(size)
    }

    /// Per cent of it that a subject on white is made to fill.
    pub(super) fn filling(&self) -> u8 {
        if self.fill == 0 { FILL } else { self.fill.saturating_add(SPARE).clamp(FILL, 100) }
    }

    /// The next smaller size of the same proportions, about as much smaller as said.
    pub(super) fn smaller(&self, size: (u32, u32), factor: f64) -> Option<(u32, u32)> {
        let divisor = if self.keep_ratio || self.white { gcd(self.size.0, self.size.1) } else { 1 };
        let divisor = divisor.max(1);
        let next = if divisor > 1 {
            let unit = (self.size.0 / divisor, self.size.1 / divisor);
            let times = scaled(size.0 / unit.0.max(1), factor);
            (unit.0 * times, unit.1 * times)
        } else {
            (scaled(size.0, factor), scaled(size.1, factor))
        };
        let enough = next.0 >= self.least.0.max(1) && next.1 >= self.least.1.max(1);
        (enough && next < size).then_some(next)
    }
}

/// A decoded picture with its halvings and what was seen on it, for many files.
pub struct Easel<'d> {
    source: &'d Pixels,
    ladder: Ladder<'d>,
    study: Option<Study>,
}

/// Where a part of the source goes in a canvas.
struct Placed {
    /// The part, in pixels of the source.
    part: [f64; 4],
    /// Left, top, width, height in the canvas.
    at: [u32; 4],
    ground: [u8; 3],
    /// The ground goes on from the rim of the part, where light falls off.
    goes_on: bool,
}

impl Placed {
    /// What is around the part is shown as well, as far as picture and canvas go: the shadow of a cut-out fades out.
    #[expect(clippy::cast_sign_loss, reason = "rooms are never negative")]
    fn faded(self, source: (u32, u32), size: (u32, u32)) -> Self {
        let Self { mut part, mut at, .. } = self;
        for (side, (source, size)) in
            [(source.0, size.0), (source.1, size.1)].into_iter().enumerate()
        {
            let scale = f64::from(at[side + 2]) / part[side + 2];
            let room =
                |source: f64, canvas: u32| (source.max(0.0) * scale).min(f64::from(canvas)).floor();
            let before = room(part[side], at[side]);
            let behind = f64::from(source) - part[side] - part[side + 2];
            let behind = room(behind, size - at[side] - at[side + 2]);
            part[side] -= before / scale;
            part[side + 2] += (before + behind) / scale;
            at[side] -= before as u32;
            at[side + 2] += (before + behind) as u32;
        }
        Self { part, at, ..self }
    }
}

impl<'d> Easel<'d> {
    /// Sets a picture up.
    pub fn new(decoded: &'d Decoded) -> Self {
        Self { source: &decoded.pixels, ladder: Ladder::new(&decoded.pixels), study: None }
    }

    pub(super) fn ladder(&mut self) -> &mut Ladder<'d> {
        &mut self.ladder
    }

    pub(super) fn source(&self) -> &'d Pixels {
        self.source
    }

    fn study(&mut self) -> Result<&Study, Fault> {
        if self.study.is_none() {
            let (width, height) = (self.source.width(), self.source.height());
            let longest = u64::from(width.max(height));
            let across = (u64::from(width) * u64::from(SMALL) / longest).max(1) as u32;
            let small = self.ladder.at(across)?;
            self.study = Some(Study::new(small.as_ref().unwrap_or(self.source)));
        }
        self.study.as_ref().ok_or_else(|| Fault::Encoder("nothing was studied".to_owned()))
    }

    /// What is to be seen on it.
    pub fn look(&mut self) -> Result<Look, Fault> {
        self.study().map(Study::look)
    }

    /// Per cent of the frame that the subject fills in the longer direction, had it this size.
    pub fn filled(&mut self, frame: &Frame, size: (u32, u32)) -> Result<u8, Fault> {
        let placed = self.placed(frame, size)?;
        let longer = f64::max(share(placed.at[2], size.0), share(placed.at[3], size.1));
        Ok(percent(longer))
    }

    /// The picture in a frame, made in this size.
    pub(super) fn framed(&mut self, frame: &Frame, size: (u32, u32)) -> Result<Pixels, Fault> {
        let source = (self.source.width(), self.source.height());
        let mut placed = self.placed(frame, size)?;
        if self.study()?.cutout {
            placed = placed.faded(source, size);
        }
        let [left, top, width, height] = placed.at;
        let part = self.ladder.part(placed.part, [width, height])?;
        let mut rgb = match part.layout() {
            Layout::Rgb => part.bytes().to_vec(),
            Layout::Rgba => part.over(placed.ground),
        };
        if frame.white && !self.study()?.cutout {
            whiten(&mut rgb, self.study()?.ground);
        }
        if (width, height) == size {
            return canvas(size, rgb);
        }
        if placed.goes_on {
            return canvas(size, widened(&rgb, placed.at, size));
        }
        let row = size.0 as usize * 3;
        let mut bytes = placed.ground.repeat(size.0 as usize * size.1 as usize);
        for (nth, line) in rgb.chunks_exact(width as usize * 3).enumerate() {
            let start = (top as usize + nth) * row + left as usize * 3;
            if let Some(target) = bytes.get_mut(start..start + line.len()) {
                target.copy_from_slice(line);
            }
        }
        canvas(size, bytes)
    }

    fn placed(&mut self, frame: &Frame, (across, down): (u32, u32)) -> Result<Placed, Fault> {
        let (width, height) = (f64::from(self.source.width()), f64::from(self.source.height()));
        let study = self.study()?;
        let subject = study.subject();
        let whole = Part { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
        if frame.white || (study.cutout && frame.keep_ratio) {
            let fill = f64::from(frame.filling()) / 100.0;
            let part = subject.unwrap_or(whole);
            let box_of = [
                part.left * width,
                part.top * height,
                (part.right - part.left) * width,
                (part.bottom - part.top) * height,
            ];
            return Ok(centred(box_of, (across, down), fill, [255; 3]));
        }
        let plain = study.even || study.cutout;
        let ground = if study.plain && !study.cutout { study.ground } else { [255; 3] };
        // A crop that would have to be enlarged is none, but for what rounding takes.
        let large = |part: &[f64; 4]| {
            part[2] + 1.0 >= f64::from(across) && part[3] + 1.0 >= f64::from(down)
        };
        let crop = crop((width, height), (across, down), frame.focus, study);
        let Some(part) = crop.filter(large) else {
            let centred = centred([0.0, 0.0, width, height], (across, down), 1.0, ground);
            return Ok(Placed { goes_on: plain, ..centred });
        };
        Ok(Placed { part, at: [0, 0, across, down], ground, goes_on: false })
    }
}

/// The largest part with a frame's proportions: about the focus, else where least is lost of what there is to see; `None`
/// when that is too much.
pub(super) fn crop(
    (width, height): (f64, f64),
    (across, down): (u32, u32),
    focus: Option<(u8, u8)>,
    study: &Study,
) -> Option<[f64; 4]> {
    let wanted = f64::from(across) / f64::from(down);
    let sideways = width / height > wanted;
    let [crop_width, crop_height] =
        if sideways { [height * wanted, height] } else { [width, width / wanted] };
    let window = if sideways { crop_width / width } else { crop_height / height };
    let start = match focus {
        Some((x, y)) => {
            let at = f64::from(if sideways { x } else { y }) / 100.0;
            (at - window / 2.0).clamp(0.0, (1.0 - window).max(0.0))
        }
        None if window > 0.995 => (1.0 - window).max(0.0) / 2.0,
        None => {
            let interest = study.interest(sideways);
            let seen = || best(interest, window);
            let whole = study.subject().map(|part| around(part, sideways, window, interest));
            match whole {
                Some(start) if study.plain || study.cutout => start?,
                // Shadows on an uneven ground look like a part of the product.
                Some(start) => start.or_else(seen)?,
                None => seen()?,
            }
        }
    };
    Some(if sideways {
        [start * width, 0.0, crop_width, height]
    } else {
        [0.0, start * height, width, crop_height]
    })
}

/// The part in the middle of a canvas, as large as the share of it allows, never enlarged.
fn centred(part: [f64; 4], (across, down): (u32, u32), fill: f64, ground: [u8; 3]) -> Placed {
    let scale = f64::min(f64::from(across) * fill / part[2], f64::from(down) * fill / part[3]);
    let scale = scale.min(1.0);
    let (width, height) = (whole(part[2] * scale).min(across), whole(part[3] * scale).min(down));
    let at = [(across - width) / 2, (down - height) / 2, width, height];
    Placed { part, at, ground, goes_on: false }
}

/// A canvas on which the colours at the rim of a part go on, evened out along the rim so that grain makes no stripes.
fn widened(
    rgb: &[u8],
    [left, top, width, height]: [u32; 4],
    (across, down): (u32, u32),
) -> Vec<u8> {
    let [left, top, width, height] = [left, top, width, height].map(|side| side as usize);
    let pixels = rgb.as_chunks::<3>().0;
    let line = |at: &dyn Fn(usize) -> usize, length: usize| -> Vec<[u8; 3]> {
        let reach = (length / 24).max(1);
        let mean = |nth: usize| {
            let near = nth.saturating_sub(reach)..(nth + reach + 1).min(length);
            let count = near.len() as u32;
            let mut sum = [0_u32; 3];
            for place in near {
                for (sum, part) in sum.iter_mut().zip(pixels[at(place)]) {
                    *sum += u32::from(part);
                }
            }
            sum.map(|sum| ((sum + count / 2) / count) as u8)
        };
        (0..length).map(mean).collect()
    };
    let above = line(&|x| x, width);
    let below = line(&|x| (height - 1) * width + x, width);
    let before = line(&|y| y * width, height);
    let behind = line(&|y| y * width + width - 1, height);
    let mut canvas = Vec::with_capacity(across as usize * down as usize * 3);
    for y in 0..down as usize {
        let inside_y = y.saturating_sub(top).min(height - 1);
        for x in 0..across as usize {
            let inside_x = x.saturating_sub(left).min(width - 1);
            let color = match (x < left, x >= left + width, y < top, y >= top + height) {
                (true, ..) => before[inside_y],
                (_, true, ..) => behind[inside_y],
                (_, _, true, _) => above[inside_x],
                (.., true) => below[inside_x],
                _ => pixels[inside_y * width + inside_x],
            };
            canvas.extend(color);
        }
    }
    canvas
}

/// Where a window begins that has the whole subject in it, and in its middle what there is to see of it: a shadow is a part
/// of the subject that may lie aside.
fn around(subject: Part, sideways: bool, window: f64, interest: &[f64]) -> Option<f64> {
    let (from, to) =
        if sideways { (subject.left, subject.right) } else { (subject.top, subject.bottom) };
    // A breath of air on both sides.
    let (from, to) = (from - AIR, to + AIR);
    if to - from > window {
        return None;
    }
    let net = above_ground(interest);
    let middle = middle(&net, net.iter().sum()) / interest.len() as f64;
    let start = (middle - window / 2.0).clamp(to - window, from);
    Some(start.clamp(0.0, (1.0 - window).max(0.0)))
}

/// Where a window begins that loses least of what there is to see, and has it in its middle; `None` when that is too much.
fn best(interest: &[f64], window: f64) -> Option<f64> {
    let interest = above_ground(interest);
    let all: f64 = interest.iter().sum();
    let length = (whole(interest.len() as f64 * window) as usize).min(interest.len());
    let middle = middle(&interest, all);
    let inside = |start: usize| interest[start..start + length].iter().sum::<f64>();
    let seen = |start: usize| {
        let off = (start as f64 + length as f64 / 2.0 - middle).abs() / interest.len() as f64;
        inside(start) - all * ASIDE * off
    };
    let start = (0..=interest.len() - length).max_by(|a, b| seen(*a).total_cmp(&seen(*b)))?;
    let lost = all - inside(start);
    (all <= 0.0 || lost <= all * LOST).then(|| start as f64 / interest.len() as f64)
}

/// What there is to see beyond what is everywhere: a wall behind the product is nowhere quite plain.
fn above_ground(interest: &[f64]) -> Vec<f64> {
    let mut sorted = interest.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let ground = sorted.get(sorted.len() / 8).copied().unwrap_or_default();
    let net: Vec<f64> = interest.iter().map(|one| (one - ground * 1.2).max(0.0)).collect();
    // A pattern all over has nothing that stands out: all of it counts.
    let stands_out = net.iter().sum::<f64>() > sorted.iter().sum::<f64>() / 8.0;
    if stands_out { net } else { interest.to_vec() }
}

/// The middle between where what there is to see begins and where it ends, but for what lies scattered around it.
fn middle(interest: &[f64], all: f64) -> f64 {
    let reached = |share: f64| {
        let mut sum = 0.0;
        let passed = interest.iter().position(|one| {
            sum += one;
            sum >= all * share
        });
        passed.unwrap_or_default() as f64 + 0.5
    };
    if all > 0.0 {
        f64::midpoint(reached(0.05), reached(0.95))
    } else {
        interest.len() as f64 / 2.0
    }
}

/// Lifts a ground that is nearly white to white, and everything on it as much.
fn whiten(rgb: &mut [u8], ground: [u8; 3]) {
    let tables = ground.map(|ground| {
        let gain = 255.0 / f64::from(ground.max(200)).min(252.0);
        let mut table = [0_u8; 256];
        for (value, entry) in (0_u8..=255).zip(&mut table) {
            *entry = whole(f64::from(value) * gain).min(255) as u8;
        }
        table[0] = 0;
        table
    });
    for pixel in rgb.as_chunks_mut::<3>().0 {
        for (value, table) in pixel.iter_mut().zip(&tables) {
            *value = table[usize::from(*value)];
        }
    }
}

fn canvas((across, down): (u32, u32), bytes: Vec<u8>) -> Result<Pixels, Fault> {
    Pixels::new(across, down, Layout::Rgb, bytes)
        .ok_or_else(|| Fault::Encoder("the canvas does not fit".to_owned()))
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}

fn scaled(length: u32, scale: f64) -> u32 {
    whole(f64::from(length) * scale)
}

#[expect(clippy::cast_sign_loss, reason = "clamped to 1 and above")]
fn whole(value: f64) -> u32 {
    value.round().clamp(1.0, f64::from(u32::MAX)) as u32
}

#[expect(clippy::cast_sign_loss, reason = "clamped to 0 and above")]
fn percent(share: f64) -> u8 {
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
