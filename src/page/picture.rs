//! How a picture stands in a page: its widths and formats, asked for as they are named.

use std::fmt::Write;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::catalog::picture::Shot;
use crate::catalog::shop::Format;
use crate::cx::{Cx, Want};

/// A picture as templates see it.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct View {
    /// The JPEG of middle width.
    pub src: String,
    /// Pixels across, of the largest.
    pub width: u32,
    /// Pixels down, of the largest.
    pub height: u32,
    /// What is to be seen.
    pub alt: String,
    /// What it is for.
    pub role: String,
    /// Better formats, best first.
    pub sources: Vec<Source>,
    /// The JPEG's widths.
    pub srcset: String,
    /// The largest JPEG.
    pub large: String,
}

/// One format of a picture.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Source {
    /// Its media type.
    #[serde(rename = "type")]
    pub mime: String,
    /// Its widths.
    pub srcset: String,
}

/// Names a picture's files and asks for them.
pub fn view(cx: &Rc<Cx>, shot: &Shot, role: &str) -> View {
    let settings = &cx.shop().pictures;
    if shot.drawing {
        let want = Want::site(shot, settings, 0, Format::Jpeg);
        let url = want.url();
        cx.want(want);
        return View {
            src: url.clone(),
            width: shot.width,
            height: shot.height,
            alt: shot.alt.clone(),
            role: role.to_owned(),
            sources: Vec::new(),
            srcset: String::new(),
            large: url,
        };
    }
    let widths = settings.widths(shot.width);
    let largest = *widths.last().unwrap_or(&shot.width);
    let mut view = View {
        src: String::new(),
        width: largest,
        height: scaled(shot.height, largest, shot.width),
        alt: shot.alt.clone(),
        role: role.to_owned(),
        sources: Vec::new(),
        srcset: String::new(),
        large: String::new(),
    };
    for format in &settings.formats {
        let mut srcset = String::new();
        for (nth, width) in widths.iter().enumerate() {
            let want = Want::site(shot, settings, *width, *format);
            let url = want.url();
            let comma = if nth > 0 { ", " } else { "" };
            // Writing to a text cannot fail.
            let _ = write!(srcset, "{comma}{url} {width}w");
            if *format == Format::Jpeg {
                if nth <= widths.len() / 2 {
                    view.src.clone_from(&url);
                }
                view.large = url;
            }
            cx.want(want);
        }
        if *format == Format::Jpeg {
            view.srcset = srcset;
        } else {
            view.sources.push(Source { mime: format.mime().to_owned(), srcset });
        }
    }
    view
}

/// Asks for a picture's files without naming them: a value that was made before names them.
pub fn ask(cx: &Rc<Cx>, shot: &Shot) {
    let settings = &cx.shop().pictures;
    if shot.drawing {
        cx.want(Want::site(shot, settings, 0, Format::Jpeg));
        return;
    }
    let widths = settings.widths(shot.width);
    for format in &settings.formats {
        for width in &widths {
            cx.want(Want::site(shot, settings, *width, *format));
        }
    }
}

fn scaled(height: u32, width: u32, own: u32) -> u32 {
    let exact =
        (u64::from(height) * u64::from(width) * 2 + u64::from(own)) / (2 * u64::from(own.max(1)));
    u32::try_from(exact).unwrap_or(height).max(1)
}

impl View {
    /// The `sizes` of a picture that fills a box of this ratio, width to height: of a wider one the sides are cut off, and
    /// what is seen comes from a picture wider than the box.
    pub fn filling(&self, ratio: f64, sizes: &str) -> String {
        let wider = f64::from(self.width) / f64::from(self.height.max(1)) / ratio;
        if !wider.is_finite() || wider <= 1.05 {
            return sizes.to_owned();
        }
        let scaled = |part: &str| {
            let (condition, length) = part.trim().rsplit_once(") ").unwrap_or(("", part.trim()));
            let lead = if condition.is_empty() { "" } else { ") " };
            format!("{condition}{lead}calc({length} * {wider:.2})")
        };
        sizes.split(',').map(scaled).collect::<Vec<_>>().join(", ")
    }
}

/// The whole `<picture>` element.
pub fn element(view: &View, sizes: &str, class: &str, eager: bool) -> String {
    let mut out = String::with_capacity(512);
    out.push_str("<picture>");
    let sizes = escape(sizes);
    for source in &view.sources {
        let _ = write!(
            out,
            "<source type=\"{}\" srcset=\"{}\" sizes=\"{sizes}\">",
            source.mime, source.srcset
        );
    }
    let _ = write!(out, "<img src=\"{}\"", view.src);
    if !view.srcset.is_empty() {
        let _ = write!(out, " srcset=\"{}\" sizes=\"{sizes}\"", view.srcset);
    }
    let _ = write!(
        out,
        " width=\"{}\" height=\"{}\" alt=\"{}\"",
        view.width,
        view.height,
        escape(&view.alt)
    );
    if !class.is_empty() {
        let _ = write!(out, " class=\"{}\"", escape(class));
    }
    out.push_str(if eager {
        " fetchpriority=\"high\""
    } else {
        " loading=\"lazy\" decoding=\"async\""
    });
    out.push_str("></picture>");
    out
}

/// Text for an attribute's value.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::View;

    #[test]
    fn a_wide_picture_in_a_square_box_is_asked_for_wider() {
        let view = |width, height| View {
            src: String::new(),
            width,
            height,
            alt: String::new(),
            role: String::new(),
            sources: Vec::new(),
            srcset: String::new(),
            large: String::new(),
        };
        let sizes = "(min-width: 72rem) 19rem, 46vw";
        let wide = view(1600, 400).filling(1.0, sizes);
        assert_eq!(wide, "(min-width: 72rem) calc(19rem * 4.00), calc(46vw * 4.00)");
        for view in [view(800, 800), view(400, 1600), view(0, 0)] {
            assert_eq!(view.filling(1.0, sizes), sizes);
        }
    }
}
