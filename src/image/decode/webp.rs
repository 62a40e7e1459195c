//! WebP, through libwebp: a still picture or the first frame of an animation.

use webpx::{AnimationDecoder, ColorMode, Decoder, DecoderConfig, Limits};

use super::super::color::Ink;
use super::super::fault::Fault;
use super::super::probe::Header;
use super::{Raw, damaged};

/// Decodes the first frame of a WebP.
pub(super) fn read(bytes: &[u8], header: &Header) -> Result<Raw, Fault> {
    // Our own limits were checked against the header already.
    let limits = Limits::none();
    // A profile that cannot be cut out is as good as none.
    let profile = webpx::get_icc_profile_with_limits(bytes, &limits).unwrap_or_default();
    let config = || DecoderConfig::new().limits(limits);
    let is_animation = webpx::ImageInfo::from_webp(bytes).map_err(damaged)?.has_animation;
    let (samples, width, height, ink) = if is_animation {
        let (samples, width, height) = first_frame(bytes, &limits)?;
        (samples, width, height, Ink::Rgba)
    } else if header.has_alpha {
        let decoder = Decoder::new(bytes).map_err(damaged)?.config(config());
        let (samples, width, height) = decoder.decode_rgba_raw().map_err(damaged)?;
        (samples, width, height, Ink::Rgba)
    } else {
        let decoder = Decoder::new(bytes).map_err(damaged)?.config(config());
        let (samples, width, height) = decoder.decode_rgb_raw().map_err(damaged)?;
        (samples, width, height, Ink::Rgb)
    };
    Ok(Raw { width, height, ink, samples, profile, warning: None })
}

fn first_frame(bytes: &[u8], limits: &Limits) -> Result<(Vec<u8>, u32, u32), Fault> {
    let mut frames = AnimationDecoder::with_options_limits(bytes, ColorMode::Rgba, false, limits)
        .map_err(damaged)?;
    let frame = frames.next_frame().map_err(damaged)?.ok_or(Fault::Truncated)?;
    Ok((frame.data, frame.width, frame.height))
}
