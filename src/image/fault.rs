//! What can be wrong with a picture, as plain variants that callers put into their own words.
//!
//! It must not know files or places: the caller says which file it was.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a picture cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The file has no bytes.
    Empty,
    /// The bytes are no picture, whatever the file is called.
    NotAPicture,
    /// The file is an SVG drawing, which has no pixels.
    Vector,
    /// A picture of a format that is recognised but not read.
    Foreign(Foreign),
    /// The picture has more pixels than the limit allows.
    TooLarge {
        /// Width the file claims.
        width: u32,
        /// Height the file claims.
        height: u32,
        /// The limit that was in force.
        max_pixels: u64,
    },
    /// The file ends before enough of the picture was read.
    Truncated,
    /// The file contradicts itself or cannot be decoded; the text is the decoder's own.
    Damaged(String),
    /// The target format cannot hold a picture of this size.
    TooLargeForTarget {
        /// Width of the derived picture.
        width: u32,
        /// Height of the derived picture.
        height: u32,
        /// The longest side the format can hold.
        max_side: u32,
    },
    /// The encoder gave up; the text is the encoder's own.
    Encoder(String),
}

/// Picture formats that are recognised, so that the message can name them, but not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Foreign {
    /// AVIF, a still picture in AV1.
    Avif,
    /// HEIC or HEIF, what iPhones store by default.
    Heic,
    /// Windows bitmap.
    Bmp,
    /// TIFF and most camera raw files.
    Tiff,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// Photoshop document.
    Psd,
    /// Windows icon.
    Ico,
}

/// What is odd about a picture that is used all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Warning {
    /// The file ends early; about this share of the rows is missing.
    Truncated {
        /// Missing rows in percent, rounded down.
        lost_percent: u8,
    },
    /// The file is damaged inside; part of the picture may be wrong.
    Corrupt {
        /// Rows that could not be read, in percent, rounded down.
        lost_percent: u8,
    },
    /// The picture is CMYK without a colour profile, so its colours are a guess.
    CmykWithoutProfile,
    /// The colour profile is broken or of the wrong kind and was left out.
    ProfileIgnored,
    /// The picture is animated; only its first frame is used.
    FirstFrameOnly,
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::NotAPicture => f.write_str("the file is not a picture"),
            Self::Vector => f.write_str("an SVG drawing has no pixels to resize"),
            Self::Foreign(format) => write!(f, "{format} pictures cannot be read"),
            Self::TooLarge { width, height, max_pixels } => write!(
                f,
                "the picture claims {width}×{height} pixels, more than the {max_pixels} allowed"
            ),
            Self::Truncated => f.write_str("most of the picture is missing"),
            Self::Damaged(why) => write!(f, "the picture is damaged: {why}"),
            Self::TooLargeForTarget { width, height, max_side } => write!(
                f,
                "{width}×{height} does not fit the target format, whose sides end at {max_side}"
            ),
            Self::Encoder(why) => write!(f, "the picture could not be encoded: {why}"),
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Psd => "Photoshop",
            Self::Ico => "ICO",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { lost_percent } => {
                write!(f, "the file ends early, about {lost_percent} % of the picture is missing")
            }
            Self::Corrupt { lost_percent } => {
                write!(f, "the file is damaged, about {lost_percent} % of the picture is missing")
            }
            Self::CmykWithoutProfile => {
                f.write_str("CMYK without a colour profile, its colours are a guess")
            }
            Self::ProfileIgnored => f.write_str("the colour profile is unusable and was left out"),
            Self::FirstFrameOnly => f.write_str("the picture is animated, its first frame is used"),
        }
    }
}
