//! Pictures: what a file is without decoding it, and the files that pages asked for.

mod unit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::catalog::picture::Picture;
use crate::catalog::shop::Format;
use crate::cx::Want;
use crate::error::Error;
use crate::id::{Hash, OutPath, SourcePath};
use crate::image::{self, Admission, Fault, Limits, Look, Target, Warning};
use crate::output;
use crate::output::disk::{self, Stage, Staged};
use crate::output::store::Damage;
use crate::source::disk as source;
use crate::source::disk::Roots;

use super::Progress;
use unit::{Bench, Looks};

/// Decoded pixels held at once, in bytes, whatever the number of threads.
const MEMORY: u64 = 384 << 20;
/// A drawing larger than this is not one.
const MAX_DRAWING: usize = 2 << 20;
/// Pixels of the largest picture that is decoded.
pub(super) const MAX_PIXELS: u64 = 120_000_000;

/// What a picture file is, by its head.
pub(super) fn facts(path: &SourcePath, bytes: &[u8], hash: Hash) -> Picture {
    let fault = |code: &str, reason: String| Picture {
        hash,
        size: None,
        drawing: false,
        fault: Some((code.to_owned(), reason)),
    };
    if path.extension() == "svg" {
        return match drawing(bytes) {
            Ok(size) => Picture { hash, size: Some(size), drawing: true, fault: None },
            Err(reason) => fault("picture/broken", reason.to_owned()),
        };
    }
    match image::probe(bytes) {
        Ok(info) => {
            let pixels = u64::from(info.width) * u64::from(info.height);
            if pixels > MAX_PIXELS || info.width.max(info.height) > 20_000 {
                return fault("picture/bomb", format!("{} × {}", info.width, info.height));
            }
            Picture { hash, size: Some((info.width, info.height)), drawing: false, fault: None }
        }
        Err(error) => {
            let bomb = matches!(error, Fault::TooLarge { .. });
            fault(if bomb { "picture/bomb" } else { "picture/broken" }, reason(&error))
        }
    }
}

/// A fault in words that `codes/*.yaml` can translate.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::NotAPicture | Fault::Empty => "@not-a-picture".to_owned(),
        Fault::Vector => "@vector".to_owned(),
        Fault::Foreign(_) => "@unsupported".to_owned(),
        Fault::Truncated => "@truncated".to_owned(),
        Fault::Damaged(_) => "@corrupt".to_owned(),
        other => other.to_string(),
    }
}

/// Width and height of an SVG; one that could run code is refused.
fn drawing(bytes: &[u8]) -> Result<(u32, u32), &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "@not-a-picture")?;
    if bytes.len() > MAX_DRAWING || !text.contains("<svg") {
        return Err("@not-a-picture");
    }
    let lower = text.to_ascii_lowercase();
    let handler = lower.match_indices(" on").any(|(at, _)| {
        let rest = lower[at + 3..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
        rest.trim_start().starts_with('=')
    });
    let active = ["<script", "javascript:", "<foreignobject", "<!entity", "<iframe"];
    if handler || active.iter().any(|word| lower.contains(word)) {
        return Err("@active");
    }
    let start = lower.find("<svg").unwrap_or(0);
    let head = &text[start..text[start..].find('>').map_or(text.len(), |end| start + end)];
    let attribute = |name: &str| {
        let at = head.find(&format!(" {name}="))? + name.len() + 2;
        let quote = head[at..].chars().next()?;
        let value = &head[at + 1..];
        Some(&value[..value.find(quote)?])
    };
    let pixels = |name| {
        let value = attribute(name)?.trim_end_matches("px").trim();
        value.parse::<f32>().ok().filter(|size| (1.0..=20_000.0).contains(size))
    };
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        return Ok((whole(width), whole(height)));
    }
    let numbers: Vec<f32> = attribute("viewBox")
        .unwrap_or_default()
        .split([' ', ','])
        .filter_map(|number| number.parse().ok())
        .collect();
    match numbers[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Ok((whole(width), whole(height))),
        _ => Ok((300, 150)),
    }
}

#[expect(clippy::cast_sign_loss, reason = "sizes were checked to be positive")]
fn whole(size: f32) -> u32 {
    size.round().clamp(1.0, 20_000.0) as u32
}

/// A picture file of the site, ready to be put in its place.
pub(super) struct Made {
    pub want: Want,
    pub staged: Staged,
}

/// What came of making pictures.
#[derive(Default)]
pub(super) struct Pictures {
    pub made: Vec<Made>,
    /// Damage by the picture's bytes, remarks by the key of the file.
    pub damage: BTreeMap<Hash, Damage>,
    /// Sources that gave nothing.
    pub failed: BTreeMap<SourcePath, (String, String)>,
    /// What was seen, by the picture's bytes.
    pub looks: Looks,
    pub encoded: usize,
}

/// Makes the wanted pictures. `looks` is what is known of pictures that were decoded before.
pub(super) fn make(
    roots: &Roots,
    cache: &Path,
    stage: &Stage,
    wants: &BTreeMap<OutPath, Want>,
    looks: &Looks,
    progress: &Progress<'_>,
) -> Result<Pictures, Error> {
    let blobs = cache.join("blobs");
    let admission = Admission::new(MEMORY);
    let done = AtomicUsize::new(0);
    let mut pictures = Pictures::default();
    let mut seen: Looks = looks.clone();
    let mut files: Vec<&Want> = wants.values().collect();
    // The second round is for files whose first source turned out not to serve.
    for _ in 0..2 {
        files.retain(|want| match unit::refused(want, &seen) {
            Some(remark) => {
                pictures.damage.extend([remark]);
                false
            }
            None => true,
        });
        let units = unit::units(files.drain(..), &seen);
        let bench = Bench { roots, blobs: &blobs, stage, admission: &admission, looks: &seen };
        let results: Vec<Result<unit::Done<'_>, Error>> = units
            .par_iter()
            .map(|unit| {
                if !progress.go_on() {
                    return Err(Error::Superseded);
                }
                let made = bench.make(unit)?;
                let decided = unit.len() - made.open.len();
                let count = done.fetch_add(decided, Ordering::Relaxed) + decided;
                progress.tell(super::Step::Pictures, count, wants.len());
                Ok(made)
            })
            .collect();
        for result in results {
            let made = result?;
            pictures.encoded += made.encoded;
            pictures.failed.extend(made.faults);
            pictures.damage.extend(made.remarks);
            pictures.looks.extend(made.look);
            pictures.made.extend(made.made);
            files.extend(made.open);
        }
        seen.extend(&pictures.looks);
        // What could not be read serves nothing.
        for (_, hash) in files.iter().flat_map(|want| unit::candidates(want)) {
            seen.entry(hash).or_insert(Look { white: 0, print: None });
        }
    }
    Ok(pictures)
}

/// Browsers ask for many pictures at once.
static SINGLE: LazyLock<Admission> = LazyLock::new(|| Admission::new(MEMORY));

/// One picture by itself, for a browser that waits for it; kept like those of a build.
pub fn single(roots: &Roots, want: &Want) -> Option<Vec<u8>> {
    let blobs = output::cache(&roots.out).join("blobs");
    let kept = blob(&blobs, want);
    if want.width > 0
        && let Some(bytes) = read_blob(&kept)
    {
        return Some(bytes);
    }
    let bytes = source::bytes(roots, &want.source).ok()?;
    if Hash::of(&bytes) != want.hash {
        return None;
    }
    if want.width == 0 {
        return Some(bytes);
    }
    let _ticket = SINGLE.enter(image::probe(&bytes).ok()?.memory);
    let decoded = image::decode(&bytes, Limits { max_pixels: MAX_PIXELS }).ok()?;
    let encoded = unit::alone(&decoded, want)?;
    // The build makes it again when it cannot be kept; an output that was never opened is not touched.
    if output::is_ours(&roots.out) {
        let _ = write_blob(&kept, &encoded.bytes);
    }
    Some(encoded.bytes)
}

/// A kept picture: the hash of its bytes, then the bytes. One that was spoilt is as good as none.
fn read_blob(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = disk::read(path).ok()?;
    let (head, _) = bytes.split_first_chunk::<16>()?;
    let hash = Hash(*head);
    bytes.drain(..16);
    (Hash::of(&bytes) == hash).then_some(bytes)
}

fn write_blob(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut kept = Hash::of(bytes).0.to_vec();
    kept.extend_from_slice(bytes);
    disk::write(path, &kept)
}

fn blob(blobs: &Path, want: &Want) -> PathBuf {
    let key = want.key().to_string();
    blobs.join(&key[..2]).join(&key[2..])
}

fn target(format: Format) -> Target {
    match format {
        Format::Jpeg => Target::Jpeg,
        Format::Webp => Target::WebP,
        Format::Avif => Target::Avif,
    }
}

/// What an author should know of a picture that was used all the same.
fn damage(warning: Warning) -> Option<(String, String)> {
    match warning {
        Warning::CmykWithoutProfile => Some(("picture/color".to_owned(), String::new())),
        // A first frame is what a shop wants; a strange profile is rare and harmless.
        Warning::FirstFrameOnly | Warning::ProfileIgnored => None,
        Warning::Truncated { .. } => Some(("picture/damaged".to_owned(), "@truncated".to_owned())),
        Warning::Corrupt { .. } => Some(("picture/damaged".to_owned(), "@corrupt".to_owned())),
    }
}
