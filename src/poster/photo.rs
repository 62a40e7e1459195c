//! Pictures of posters: what a template asks for by `photo()`, `qr()` and `asset()`, as pixels.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use fast_qr::{ECL, QRBuilder};
use takumi::prelude::{ImageSourceInput, RgbaImage};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::cx::Cx;
use crate::id::{Hash, SourcePath};
use crate::image::{self, Layout, Limits, Photo, Pixels};

/// Photographs are kept for the next poster no larger than this, and no more bytes of them.
const SIDE: u32 = 1600;
const MEMORY: usize = 32 << 20;
/// Frames are no larger.
const MOST: u32 = 4096;
/// White around a QR code, in its own dots (ISO/IEC 18004).
const QUIET: usize = 4;

/// Makes the functions known to the engine.
pub fn register(tera: &mut Tera) {
    tera.register_function("photo", photo);
    tera.register_function("qr", qr);
}

/// A frame, named so that the poster's maker knows what to put into it.
fn photo(kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let of: Value = kwargs.must_get("of")?;
    let side = |name| {
        let side: f64 = kwargs.must_get(name)?;
        #[expect(clippy::cast_sign_loss, reason = "clamped to what is positive")]
        let side = side.round().clamp(1.0, f64::from(MOST)) as u32;
        Ok::<u32, Error>(side)
    };
    let (width, height) = (side("width")?, side("height")?);
    let fit: Option<&str> = kwargs.get("fit")?;
    let role: Option<&str> = kwargs.get("role")?;
    let nth: Option<usize> = kwargs.get("nth")?;
    let fit = fit.unwrap_or("cover");
    if !matches!(fit, "cover" | "contain") {
        return Err(Error::message(format!("`fit` is `cover` or `contain`, not `{fit}`")));
    }
    let text = |value: &Value, name: &str| {
        value.get_from_path(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let picture = match of.get_from_path("pictures").and_then(Value::as_array) {
        Some(pictures) => {
            let is =
                |one: &&Value| role.is_none_or(|role| role.is_empty() || text(one, "role") == role);
            let chosen = pictures.iter().filter(is).nth(nth.unwrap_or(0));
            chosen.or(pictures.first()).cloned()
        }
        None => of.get_from_path("picture").cloned().or(Some(of)),
    };
    let Some(picture) = picture else { return Ok(String::new()) };
    let path = text(&picture, "path");
    if path.is_empty() {
        return Ok(String::new());
    }
    let focus = text(&picture, "focus");
    Ok(format!("photo:{width}x{height}:{fit}:{focus}:{path}"))
}

fn qr(kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let url: &str = kwargs.must_get("url")?;
    Ok(format!("qr:{url}"))
}

/// A picture of a poster, as it is drawn.
pub(super) struct Picture {
    pub source: ImageSourceInput,
    /// Of a photograph in its frame: its file, and how many times it was enlarged.
    pub photo: Option<(SourcePath, f64)>,
}

impl Picture {
    /// Photographs, codes, logos.
    pub(super) fn of(pixels: &Pixels) -> Option<Self> {
        // What is opaque is the same with its alpha multiplied in.
        let opaque = pixels.layout() == Layout::Rgb;
        let image = RgbaImage::new(rgba(pixels), pixels.width(), pixels.height(), opaque).ok()?;
        Some(Self { source: ImageSourceInput::Rgba(image), photo: None })
    }

    /// SVG, drawn with the poster.
    fn drawing(svg: Vec<u8>) -> Self {
        Self { source: ImageSourceInput::Buffer(svg), photo: None }
    }
}

fn rgba(pixels: &Pixels) -> Vec<u8> {
    match pixels.layout() {
        Layout::Rgba => pixels.bytes().to_vec(),
        Layout::Rgb => {
            let pixels = pixels.bytes().as_chunks::<3>().0;
            pixels.iter().map(|[r, g, b]| [*r, *g, *b, 255]).collect::<Vec<_>>().into_flattened()
        }
    }
}

/// Why a picture is not there: what is wrong, and with what.
pub(super) enum Missing {
    /// Nothing of this name can be drawn.
    Unknown,
    /// The file cannot be read.
    Broken(SourcePath),
}

/// The picture of a source.
fn load(cx: &Rc<Cx>, source: &str) -> Result<Picture, Missing> {
    if let Some(url) = source.strip_prefix("qr:") {
        let made = code(&format!("{}{url}", cx.shop().base_url));
        return made.and_then(|code| Picture::of(&code)).ok_or(Missing::Unknown);
    }
    if let Some(asked) = source.strip_prefix("photo:") {
        return framed(cx, asked);
    }
    if let Some(path) = source.strip_prefix("file:") {
        let path = SourcePath::new(path);
        let bytes = cx.picture_bytes(&path);
        return bytes.and_then(whole).ok_or(Missing::Broken(path));
    }
    let theme = cx.theme();
    let name = theme.assets.iter().find(|(_, asset)| asset.url == source);
    let bytes = name.and_then(|(name, _)| cx.asset_bytes(name)).ok_or(Missing::Unknown)?;
    whole(bytes.to_vec()).ok_or(Missing::Unknown)
}

/// A picture as it is; what cannot be decoded is taken for a drawing.
fn whole(bytes: Vec<u8>) -> Option<Picture> {
    if bytes.windows(4).take(4096).any(|part| part == b"<svg") {
        return Some(Picture::drawing(bytes));
    }
    let decoded = image::decode(&bytes, Limits::default()).ok()?;
    Picture::of(&decoded.pixels)
}

fn framed(cx: &Rc<Cx>, asked: &str) -> Result<Picture, Missing> {
    let mut parts = asked.splitn(4, ':');
    let mut part = || parts.next().ok_or(Missing::Unknown);
    let (size, fit, focus, path) = (part()?, part()?, part()?, part()?);
    let pair = |text: &str, by: char| {
        let (a, b) = text.split_once(by)?;
        Some((a.parse::<u32>().ok()?, b.parse::<u32>().ok()?))
    };
    let frame = pair(size, 'x').ok_or(Missing::Unknown)?;
    let focus = pair(focus, ',').map(|(x, y)| (x.min(100) as u8, y.min(100) as u8));
    let path = SourcePath::new(path);
    let broken = || Missing::Broken(path.clone());
    let picture = cx.picture(&path).filter(|picture| picture.size.is_some()).ok_or_else(broken)?;
    if picture.drawing {
        return cx.picture_bytes(&path).map(Picture::drawing).ok_or_else(broken);
    }
    let hash = picture.hash;
    let whole = kept(hash, || {
        let decoded = image::decode(&cx.picture_bytes(&path)?, Limits::default()).ok()?;
        Photo::new(decoded.pixels, SIDE).ok()
    });
    let whole = whole.ok_or_else(broken)?;
    let cut = match fit {
        "contain" => whole.contain(frame),
        _ => whole.cover(frame, focus),
    };
    let cut = cut.map_err(|_| broken())?;
    let mut picture = Picture::of(&cut.pixels).ok_or_else(broken)?;
    picture.photo = Some((path, cut.times));
    Ok(picture)
}

/// Photographs that were decoded last: a product's posters come one after another.
static KEPT: Mutex<VecDeque<(Hash, Arc<Photo>)>> = Mutex::new(VecDeque::new());

fn kept(hash: Hash, make: impl FnOnce() -> Option<Photo>) -> Option<Arc<Photo>> {
    let lock = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let known = lock().iter().find(|(known, _)| *known == hash).map(|(_, photo)| photo.clone());
    if let Some(photo) = known {
        return Some(photo);
    }
    let photo = Arc::new(make()?);
    let mut kept = lock();
    kept.push_back((hash, photo.clone()));
    let size = |kept: &VecDeque<(Hash, Arc<Photo>)>| {
        kept.iter().map(|(_, photo)| photo.size()).sum::<usize>()
    };
    while size(&kept) > MEMORY && kept.len() > 1 {
        kept.pop_front();
    }
    Some(photo)
}

/// A QR code, eight pixels a dot: the poster scales it without blurring when its box is a multiple.
fn code(url: &str) -> Option<Pixels> {
    const DOT: usize = 8;
    let code = QRBuilder::new(url).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| (QUIET..QUIET + code.size).contains(&at);
        inside(x) && inside(y) && code[y - QUIET][x - QUIET].value()
    };
    let whole = side * DOT;
    let mut bytes = Vec::with_capacity(whole * whole * 3);
    for y in 0..whole {
        for x in 0..whole {
            bytes.extend([if dark(x / DOT, y / DOT) { 0 } else { 255 }; 3]);
        }
    }
    let side = u32::try_from(whole).ok()?;
    Pixels::new(side, side, Layout::Rgb, bytes)
}

/// Everything that a poster shows, by its source; what is missing is told.
pub(super) fn all(
    cx: &Rc<Cx>,
    sources: &[String],
    mut tell: impl FnMut(&str, Missing),
) -> HashMap<String, Picture> {
    let mut pictures = HashMap::new();
    for source in sources {
        if pictures.contains_key(source) || source.is_empty() {
            continue;
        }
        match load(cx, source) {
            Ok(picture) => {
                pictures.insert(source.clone(), picture);
            }
            Err(missing) => tell(source, missing),
        }
    }
    pictures
}
