//! Colours: from what the samples mean in the file to sRGB.
//!
//! It must not know file formats: a profile comes as bytes, ink as 0 (none) to 255 (full).

use std::sync::Arc;

use moxcms::{
    ColorProfile, DataColorSpace, Layout as Channels, RenderingIntent, Transform8BitExecutor,
    TransformOptions,
};

use super::fault::Warning;

/// What the channels of a sample mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Amounts of ink, 255 = full.
    Cmyk,
}

impl Ink {
    pub(super) fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }

    fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    fn space(self) -> DataColorSpace {
        match self {
            Self::Gray | Self::GrayAlpha => DataColorSpace::Gray,
            Self::Rgb | Self::Rgba => DataColorSpace::Rgb,
            Self::Cmyk => DataColorSpace::Cmyk,
        }
    }

    fn layouts(self) -> (Channels, Channels) {
        match self {
            Self::Gray => (Channels::Gray, Channels::Rgb),
            Self::GrayAlpha => (Channels::GrayAlpha, Channels::Rgba),
            Self::Rgb => (Channels::Rgb, Channels::Rgb),
            Self::Rgba => (Channels::Rgba, Channels::Rgba),
            Self::Cmyk => (Channels::Rgba, Channels::Rgb),
        }
    }
}

/// Turns samples into sRGB (with alpha where `ink` has it), by the profile when it is usable.
pub(super) fn to_srgb(
    samples: Vec<u8>,
    ink: Ink,
    profile: Option<&[u8]>,
) -> (Vec<u8>, Option<Warning>) {
    let transform = match profile.map(|profile| transform(profile, ink)) {
        Some(Some(transform)) => transform,
        ignored => {
            let odd = match (ignored, ink) {
                (Some(_), _) => Some(Warning::ProfileIgnored),
                (None, Ink::Cmyk) => Some(Warning::CmykWithoutProfile),
                (None, _) => None,
            };
            return (plain(samples, ink), odd);
        }
    };
    if is_identity(&*transform, ink) {
        return (plain(samples, ink), None);
    }
    match apply(&*transform, &samples, ink) {
        Some(rgb) => (rgb, None),
        None => (plain(samples, ink), Some(Warning::ProfileIgnored)),
    }
}

fn transform(profile: &[u8], ink: Ink) -> Option<Arc<Transform8BitExecutor>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    if profile.color_space != ink.space() {
        return None;
    }
    let (from, to) = ink.layouts();
    let srgb = ColorProfile::new_srgb();
    // What the profile itself prefers, then the tables that it has.
    let intents = [
        profile.rendering_intent,
        RenderingIntent::Perceptual,
        RenderingIntent::RelativeColorimetric,
        RenderingIntent::Saturation,
    ];
    intents.into_iter().find_map(|rendering_intent| {
        let options = TransformOptions { rendering_intent, ..TransformOptions::default() };
        profile.create_transform_8bit(from, &srgb, to, options).ok()
    })
}

/// Whether the profile is sRGB in all but name, as most are: then a whole pass is saved.
fn is_identity(transform: &Transform8BitExecutor, ink: Ink) -> bool {
    const LEVELS: [u8; 9] = [0, 16, 48, 80, 112, 144, 176, 216, 255];
    if ink == Ink::Cmyk {
        return false;
    }
    let mut probe = Vec::new();
    for red in LEVELS {
        for green in LEVELS {
            for blue in LEVELS {
                match ink {
                    Ink::Gray => probe.push(green),
                    Ink::GrayAlpha => probe.extend([green, 255]),
                    Ink::Rgb => probe.extend([red, green, blue]),
                    Ink::Rgba | Ink::Cmyk => probe.extend([red, green, blue, 255]),
                }
            }
        }
    }
    let Some(converted) = apply(transform, &probe, ink) else { return false };
    plain(probe, ink).iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= 1)
}

fn apply(transform: &Transform8BitExecutor, samples: &[u8], ink: Ink) -> Option<Vec<u8>> {
    let channels = if ink.has_alpha() { 4 } else { 3 };
    let mut rgb = vec![0; samples.len() / ink.channels() * channels];
    transform.transform(samples, &mut rgb).ok()?;
    Some(rgb)
}

/// The conversion without a profile.
fn plain(samples: Vec<u8>, ink: Ink) -> Vec<u8> {
    match ink {
        Ink::Rgb | Ink::Rgba => samples,
        Ink::Gray => samples.iter().flat_map(|gray| [*gray; 3]).collect(),
        Ink::GrayAlpha => {
            let pairs = samples.as_chunks::<2>().0.iter();
            pairs.flat_map(|[gray, alpha]| [*gray, *gray, *gray, *alpha]).collect()
        }
        Ink::Cmyk => {
            samples.as_chunks::<4>().0.iter().flat_map(|inks| offset_print(*inks)).collect()
        }
    }
}

/// What the eight overprints of cyan, magenta and yellow look like in sRGB on coated paper
/// (SWOP); index bit 0 = cyan, 1 = magenta, 2 = yellow.
const OVERPRINTS: [[u16; 3]; 8] = [
    [255, 255, 255],
    [0, 174, 239],
    [236, 0, 140],
    [46, 49, 146],
    [255, 242, 0],
    [0, 166, 81],
    [237, 28, 36],
    [54, 54, 57],
];

/// Full black ink leaves this share of the light, of 255.
const BLACK: u64 = 35;

/// A guess at printed colour, for CMYK without a profile: mixes the overprints by area.
fn offset_print([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let share = |ink: u8, printed: bool| u64::from(if printed { ink } else { 255 - ink });
    let mut mixed = [0_u64; 3];
    for (i, color) in OVERPRINTS.iter().enumerate() {
        let area = share(cyan, i & 1 > 0) * share(magenta, i & 2 > 0) * share(yellow, i & 4 > 0);
        for (sum, channel) in mixed.iter_mut().zip(color) {
            *sum += area * u64::from(*channel);
        }
    }
    let light = 255 * 255 - u64::from(black) * (255 - BLACK);
    mixed.map(|sum| (sum / (255 * 255 * 255) * light / (255 * 255)) as u8)
}
