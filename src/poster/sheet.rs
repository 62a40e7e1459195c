//! The contact sheet: small pictures of all posters by campaigns and categories, each above its name.

use std::collections::HashMap;
use std::fmt::Write;

use super::photo::Picture;
use super::{draw, fonts, markup};
use crate::generation::Generation;
use crate::id::OutPath;
use crate::image::{self, Limits};
use crate::page::picture::escape;

/// Pixels across the sheet, and of a small picture at most.
const WIDTH: u32 = 1600;
const SMALL: (u32, u32) = (WIDTH - 40, 260);
/// Pictures of one sheet; more are no longer taken in at a look, and it is drawn in one piece of memory.
const MOST: usize = 60;

const STYLE: &str = "<style>.sheet{width:1600px;padding:0 20px 20px;background:#eeeeea;color:#1b2220;font-family:sans-serif}\
h2{font-size:20px;line-height:1.4;padding:22px 0 8px;font-weight:700}.row{display:flex;flex-wrap:wrap;align-items:flex-end;gap:16px 20px}\
.name{font-size:14px;line-height:1.4;padding-top:4px;color:#59625c;white-space:nowrap}</style>";

/// A PNG of these pictures; what cannot be read is left out.
/// `all` is how many there are.
pub fn sheet(
    generation: &Generation,
    all: usize,
    files: impl Iterator<Item = (OutPath, Vec<u8>)>,
) -> Vec<u8> {
    let mut pictures = HashMap::new();
    let mut html = format!("{STYLE}<div class=\"sheet\">");
    let mut last = None;
    for (path, bytes) in files.take(MOST) {
        let small = image::decode(&bytes, Limits::default())
            .and_then(|decoded| image::contain(&decoded.pixels, SMALL));
        let Ok(small) = small else { continue };
        let inside = path.as_str().trim_start_matches("posters/");
        let folder = heading(inside);
        let file = inside.trim_start_matches(folder).trim_start_matches('/');
        if last.as_deref() != Some(folder) {
            let close = if last.is_some() { "</div>" } else { "" };
            let _ = write!(html, "{close}<h2>{}</h2><div class=\"row\">", escape(folder));
            last = Some(folder.to_owned());
        }
        // What is left of the address, as words.
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let (name, size) = stem.rsplit_once('-').unwrap_or((stem, ""));
        let (width, height) = (small.width(), small.height());
        let _ = write!(
            html,
            "<div><img src=\"{source}\" style=\"width:{width}px;height:{height}px\"/><div class=\"name\">{name} {size}</div></div>",
            source = escape(inside),
            name = escape(&name.replace('/', " · ")),
            size = escape(&size.replace('x', " × ")),
        );
        pictures.extend(Picture::of(&small).map(|picture| (inside.to_owned(), picture)));
    }
    html.push_str(if last.is_some() { "</div>" } else { "" });
    if all > MOST {
        let _ = write!(html, "<h2>+ {} · posters/index.html</h2>", all - MOST);
    }
    html.push_str("</div>");
    draw(generation, &html, &pictures).unwrap_or_default()
}

/// What a poster stands under: its campaign, or the folder of its product's.
fn heading(path: &str) -> &str {
    let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
    match folder.split_once("campaigns/") {
        Some((before, behind)) => {
            let name = behind.find('/').unwrap_or(behind.len());
            &folder[..before.len() + "campaigns/".len() + name]
        }
        None => folder.rsplit_once('/').map_or(folder, |(above, _)| above),
    }
}

fn draw(
    generation: &Generation,
    html: &str,
    pictures: &HashMap<String, Picture>,
) -> Option<Vec<u8>> {
    let fonts = fonts::load(generation.fonts(), &generation.theme.fonts);
    let cut = generation.segmenter();
    let markup = markup::parse(html, &fonts.families, cut).ok()?;
    let size = (WIDTH, None);
    let sheet = draw::Sheet::new(&markup, size, &fonts, pictures, generation.locale(0), cut);
    image::png(&sheet.draw(&[], 0).ok()?)
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn posters_stand_under_their_campaign_or_category() {
        assert_eq!(heading("campaigns/tea/banner-1920x600.jpg"), "campaigns/tea");
        assert_eq!(heading("en/campaigns/tea/A-1/band-8x8.jpg"), "en/campaigns/tea");
        assert_eq!(heading("cups/mug/band-8x8.jpg"), "cups");
        assert_eq!(heading("mug/band-8x8.jpg"), "mug");
    }
}
