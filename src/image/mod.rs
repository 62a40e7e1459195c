//! Pictures: from the bytes of a source file to the files a page shows.
//!
//! Pure functions on bytes and pixels: this module must not know files, clocks, settings or shops.
//! The walk is [`probe()`] (what is it, may it be read) → [`Admission`] (is there memory for it) →
//! [`decode()`] (upright sRGB pixels) → [`derive()`] (one file per [`Recipe`]) and [`frame()`] (one that fits a [`Frame`]).

mod admission;
mod color;
mod decode;
mod derive;
mod encode;
mod fault;
mod frame;
mod pixels;
mod place;
mod probe;
mod resize;
mod study;
#[cfg(test)]
mod tests;
mod weigh;

pub use admission::{Admission, Ticket};
pub use decode::{Decoded, Limits, decode};
pub use derive::{Encoded, Recipe, derive, files};
pub use encode::Target;
pub use fault::{Fault, Foreign, Warning};
pub use frame::{Easel, Frame, WHITE_GROUND};
pub use pixels::{Layout, Pixels};
pub use place::{Cut, Photo, contain, png};
pub use probe::{Format, Info, probe};
pub use study::{ALIKE_EDGES, Look, Print};
pub use weigh::{BEST, Framed, Weight, frame, within};

/// Version of everything that decides the bytes of a derived picture; part of every cache key.
///
/// Raise it when the same source and the same [`Recipe`] may give other bytes than before: an
/// update of `zune-jpeg`, `jpeg-decoder`, `image`, `moxcms`, `fast_image_resize`, `jpeg-encoder`,
/// `webpx`/`libwebp-sys` or `ravif`/`rav1e`, or a change of decoding, colour, resizing or encoding
/// in this module.
pub const ENCODER_VERSION: u32 = 3;
