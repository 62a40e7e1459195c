//! What a poster template is for: the data file beside `posters/<name>.html`.

use crate::catalog::text::{self, Text};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;
use crate::source::fields::{At, Decoder};
use crate::source::yaml::{self, Node};

/// A poster template.
#[derive(Clone, Debug)]
pub struct Poster {
    /// Its name: that of its file.
    pub name: String,
    /// The HTML.
    pub file: SourcePath,
    /// What people call it.
    pub label: Text,
    /// What it shows.
    pub of: Of,
    /// Products a group has at least, and at most.
    pub group: (usize, usize),
    /// What it is used for: `main`, `banner`.
    pub role: String,
    /// Sizes in pixels.
    pub sizes: Vec<(u32, u32)>,
    /// The file's format.
    pub format: Format,
    /// 1 to 100, the most.
    pub quality: u8,
    /// The file's most bytes.
    pub bytes: Option<usize>,
    /// How long a moving poster runs.
    pub moving: Option<Moving>,
}

/// What a poster shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    /// One product.
    Product,
    /// A group of products.
    Products,
    /// A campaign.
    Campaign,
    /// The detail text of a product, as wide as a channel wants it and as tall as it gets.
    Detail,
}

const OFS: [(&str, Of); 4] = [
    ("product", Of::Product),
    ("products", Of::Products),
    ("campaign", Of::Campaign),
    ("detail", Of::Detail),
];

/// A format posters are written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For photographs.
    Jpeg,
    /// Smaller; moving posters are this when nothing else is said.
    Webp,
    /// For moving posters where nothing newer is taken.
    Gif,
}

const FORMATS: [(&str, Format); 4] =
    [("jpeg", Format::Jpeg), ("jpg", Format::Jpeg), ("webp", Format::Webp), ("gif", Format::Gif)];

impl Format {
    /// The file's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }
}

/// A poster that moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moving {
    /// Seconds.
    pub seconds: u32,
    /// Pictures in a second.
    pub rate: u32,
}

/// Longest and shortest side of a poster, and how long it may move.
const SIDES: std::ops::RangeInclusive<u32> = 100..=4096;
const SECONDS: std::ops::RangeInclusive<u64> = 3..=15;
const RATES: std::ops::RangeInclusive<u64> = 1..=20;
/// A group shows no more.
const MOST: u64 = 24;

/// Reads a data file; what is wrong with it goes to `faults`, and then there is no such template.
pub(super) fn read(
    name: &str,
    (file, text): (&SourcePath, &str),
    html: SourcePath,
    faults: &mut Vec<Diagnostic>,
) -> Option<Poster> {
    let parsed = yaml::parse(file, text, 0);
    let before = faults.len();
    faults.extend(parsed.faults);
    let root = parsed.root?;
    let mut decoder = Decoder::new(file);
    let mut fields = decoder.fields(&root);
    let label = fields.take("label").and_then(|node| text::decode(&mut decoder, node));
    let of = fields.take("for").and_then(|node| decoder.choice(node, &OFS));
    let least = fields.take("least").and_then(|node| within(&mut decoder, node, 1..=MOST));
    let most = fields.take("most").and_then(|node| within(&mut decoder, node, 1..=MOST));
    let role = fields.take("role").and_then(|node| decoder.name(node));
    let sizes = fields.take("sizes").and_then(|node| sizes(&mut decoder, node));
    let format = fields.take("format").and_then(|node| decoder.choice(node, &FORMATS));
    let quality = fields.take("quality").and_then(|node| within(&mut decoder, node, 1..=100));
    let bytes = fields.take("bytes").and_then(|node| bytes(&mut decoder, node));
    let seconds = fields.take("seconds").and_then(|node| within(&mut decoder, node, SECONDS));
    let rate = fields.take("fps").and_then(|node| within(&mut decoder, node, RATES));
    decoder.finish(&fields);
    // Channels say how large details are.
    let sized = sizes.is_some() || of.as_ref().is_some_and(|of| of.value == Of::Detail);
    for (key, there) in [("for", of.is_some()), ("sizes", sized)] {
        if !there && decoder.faults.is_empty() {
            let place = Place::File(file.clone());
            decoder.say(Diagnostic::new("poster/incomplete", place).with("key", key));
        }
    }
    if let Some(gif) = format.as_ref().filter(|one| one.value == Format::Gif && seconds.is_none()) {
        let place = decoder.place(gif.at);
        decoder.say(Diagnostic::new("poster/incomplete", place).with("key", "seconds"));
    }
    faults.extend(decoder.faults);
    if faults.len() > before {
        return None;
    }
    let moving = seconds.map(|seconds| Moving { seconds, rate: rate.unwrap_or(10) });
    let format = format.map_or(Format::Jpeg, |format| format.value);
    Some(Poster {
        name: name.to_owned(),
        file: html,
        label: label.map_or_else(|| Text::One(name.to_owned()), |label| label.value),
        of: of?.value,
        group: (least.unwrap_or(1) as usize, most.unwrap_or(9) as usize),
        role: role.map_or_else(String::new, |role| role.value),
        sizes: sizes.unwrap_or_default(),
        format: if moving.is_some() && format == Format::Jpeg { Format::Webp } else { format },
        quality: quality.unwrap_or(88).clamp(1, 100) as u8,
        bytes,
        moving,
    })
}

fn within(
    decoder: &mut Decoder<'_>,
    node: &Node,
    range: std::ops::RangeInclusive<u64>,
) -> Option<u32> {
    let At { value, at } = decoder.count(node)?;
    if range.contains(&value) {
        return u32::try_from(value).ok();
    }
    let (least, most) = range.into_inner();
    let place = decoder.place(at);
    decoder.say(
        Diagnostic::new("poster/range", place)
            .with("found", value)
            .with("least", least)
            .with("most", most),
    );
    None
}

/// `[800x800, 750x1000]`.
fn sizes(decoder: &mut Decoder<'_>, node: &Node) -> Option<Vec<(u32, u32)>> {
    let names = decoder.names(node)?;
    let mut sizes = Vec::with_capacity(names.len());
    for name in names {
        let sides = name.value.split_once(['x', '×']);
        let sides = sides.and_then(|(width, height)| {
            let side = |text: &str| text.trim().parse().ok().filter(|side| SIDES.contains(side));
            Some((side(width)?, side(height)?))
        });
        if let Some(sides) = sides {
            sizes.push(sides);
        } else {
            let place = decoder.place(name.at);
            decoder.say(Diagnostic::new("poster/size", place).with("found", &name.value));
        }
    }
    (!sizes.is_empty()).then_some(sizes)
}

/// `500KB`, `2MB`: thousands, as platforms that do not say otherwise may mean them.
fn bytes(decoder: &mut Decoder<'_>, node: &Node) -> Option<usize> {
    let text = decoder.name(node)?;
    let upper = text.value.to_ascii_uppercase();
    let number = upper.trim_end_matches("KB").trim_end_matches("MB").trim();
    let unit = if upper.ends_with("MB") { 1_000_000 } else { 1000 };
    let bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    if bytes.is_none_or(|bytes| bytes < 1000) || !upper.ends_with('B') {
        let place = decoder.place(text.at);
        decoder.say(Diagnostic::new("poster/bytes", place).with("found", &text.value));
        return None;
    }
    bytes
}
