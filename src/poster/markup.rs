//! A poster's HTML taken apart: its style sheet, its pictures, its text layers. Put together again for given type sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::words;
use crate::text::segment::Segmenter;

/// HTML whose text layers are known.
pub(super) struct Markup {
    /// The style sheet.
    pub css: String,
    /// Layers, in the order of the HTML.
    pub layers: Vec<Layer>,
    /// Sources of pictures.
    pub sources: Vec<String>,
    /// Text that stands in no layer.
    pub loose: String,
    pieces: Vec<Piece>,
}

/// A text layer: an element with `data-layer`.
#[derive(Default)]
pub(super) struct Layer {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Least and most type size in pixels.
    pub fit: Option<(u32, u32)>,
    /// The most lines.
    pub lines: Option<usize>,
    /// The SKU whose price it says.
    pub price: Option<String>,
    /// The SKU whose list price it says.
    pub list: Option<String>,
    /// Its words are reviewed.
    pub review: bool,
    /// Its contrast is measured.
    pub contrast: bool,
    /// Elements around it whose own style cuts off what leaves them: how many levels up each is, the nearest being 0.
    pub within: Vec<usize>,
}

enum Piece {
    Html(String),
    /// Where the type size of a layer goes.
    Size(usize),
    Text {
        layer: Option<usize>,
        text: String,
        tied: String,
    },
}

/// Marks the first text of a layer, so that it is known again when it is laid out. Nobody sees it.
const MARK: char = '\u{2063}';
const BITS: [char; 2] = ['\u{2061}', '\u{2062}'];
const MARK_BITS: usize = 8;

fn mark(layer: usize) -> String {
    let bits = (0..MARK_BITS).map(|bit| BITS[layer >> bit & 1]);
    std::iter::once(MARK).chain(bits).collect()
}

/// The layer whose text begins here.
pub(super) fn marked(text: &str) -> Option<usize> {
    let bits = text[text.find(MARK)?..].chars().skip(1).take(MARK_BITS);
    Some(bits.zip(0..).fold(0, |layer, (c, bit)| layer | usize::from(c == BITS[1]) << bit))
}

/// Stands around the text of a layer: a box without padding, whose place is that of the text.
pub(super) const INNER: &str = "x-text";
/// Elements that stand for themselves, or are no text of the poster.
const FOREIGN: [&str; 3] = ["svg", "style", "title"];

struct Parser<'p> {
    families: &'p BTreeMap<String, String>,
    cut: &'p Segmenter,
    markup: Markup,
    html: String,
    /// Elements that are open.
    open: Vec<Open>,
}

/// An element that is open.
struct Open {
    name: String,
    /// The layer that it began.
    layer: Option<usize>,
    /// Its own style cuts off what leaves it.
    cuts: bool,
}

/// Takes HTML apart; it must be well formed.
pub(super) fn parse(
    html: &str,
    families: &BTreeMap<String, String>,
    cut: &Segmenter,
) -> Result<Markup, String> {
    let markup = Markup {
        css: String::new(),
        layers: Vec::new(),
        sources: Vec::new(),
        loose: String::new(),
        pieces: Vec::new(),
    };
    let mut parser = Parser { families, cut, markup, html: String::new(), open: Vec::new() };
    let mut reader = Reader::from_str(html);
    loop {
        let event = reader.read_event().map_err(|error| parser.place(&error.to_string()))?;
        match event {
            Event::Eof => break,
            Event::Start(tag) => parser.start(&tag, false)?,
            Event::Empty(tag) => parser.start(&tag, true)?,
            Event::End(tag) => {
                if parser.open.pop().is_some_and(|open| open.layer.is_some()) {
                    let _ = write!(parser.html, "</{INNER}>");
                }
                let name = tag.name().as_ref().to_owned();
                if name != "style" {
                    let _ = write!(parser.html, "</{name}>");
                }
            }
            Event::Text(text) => parser.text(&text),
            Event::GeneralRef(name) => {
                let text = entity(&name).ok_or_else(|| format!("&{};", &*name))?;
                parser.text(&text);
            }
            Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
    if let Some(Open { name, .. }) = parser.open.last() {
        return Err(format!("<{name}> …"));
    }
    parser.flush();
    Ok(parser.markup)
}

fn entity(name: &str) -> Option<String> {
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "times" => '×',
        "middot" => '·',
        "ndash" => '–',
        "mdash" => '—',
        _ => char::from_u32(number?)?,
    };
    Some(c.to_string())
}

impl Parser<'_> {
    fn place(&self, error: &str) -> String {
        match self.open.last() {
            Some(Open { name, .. }) => format!("<{name}>: {error}"),
            None => error.to_owned(),
        }
    }

    fn flush(&mut self) {
        if !self.html.is_empty() {
            self.markup.pieces.push(Piece::Html(std::mem::take(&mut self.html)));
        }
    }

    fn foreign(&self) -> bool {
        self.open.iter().any(|open| FOREIGN.contains(&open.name.as_str()))
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), String> {
        let name = tag.name().as_ref().to_owned();
        if name == "style" {
            self.open.push(Open { name, layer: None, cuts: false });
            return Ok(());
        }
        let mut layer = Layer { review: true, contrast: true, ..Layer::default() };
        let (mut style, mut is_layer) = (String::new(), false);
        let _ = write!(self.html, "<{name}");
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.place(&error.to_string()))?;
            let key = attribute.key.as_ref().to_owned();
            let raw = attribute.value.into_owned();
            let value = plain(&raw);
            let whole = || value.trim().parse::<usize>().ok();
            match key.as_str() {
                "data-layer" => {
                    is_layer = true;
                    layer.name = value;
                }
                "data-fit" => {
                    #[expect(clippy::cast_sign_loss, reason = "no size below 4 is left")]
                    let sizes: Vec<u32> = value
                        .split_whitespace()
                        .filter_map(|size| size.trim_end_matches("px").parse::<f32>().ok())
                        .map(|size| size.round().clamp(4.0, 2000.0) as u32)
                        .collect();
                    let [least, most] = sizes[..] else {
                        return Err(format!("data-fit=\"{value}\""));
                    };
                    layer.fit = Some((least.min(most), most.max(least)));
                }
                "data-lines" => layer.lines = whole(),
                "data-price" => layer.price = Some(value),
                "data-list" => layer.list = Some(value),
                "data-words" => layer.review = value != "off",
                "data-contrast" => layer.contrast = value != "off",
                "style" => style = self.with_families(&raw),
                _ => {
                    if name == "img" && key == "src" {
                        self.markup.sources.push(value);
                    }
                    let _ = write!(self.html, " {key}=\"{}\"", raw.replace('"', "&quot;"));
                }
            }
        }
        let began = is_layer.then(|| {
            let around = self.open.iter().rev().enumerate();
            layer.within = around.filter(|(_, open)| open.cuts).map(|(level, _)| level).collect();
            self.markup.layers.push(layer);
            self.markup.layers.len() - 1
        });
        if began.is_some_and(|layer| layer >> MARK_BITS > 0) {
            return Err(format!("{} × data-layer", self.markup.layers.len()));
        }
        let fits = began.filter(|layer| self.markup.layers[*layer].fit.is_some());
        if !style.is_empty() || fits.is_some() {
            let _ = write!(self.html, " style=\"{}", style.replace('"', "&quot;"));
            if let Some(layer) = fits {
                self.html.push_str(";font-size:");
                self.flush();
                self.markup.pieces.push(Piece::Size(layer));
                self.html.push_str("px");
            }
            self.html.push('"');
        }
        self.html.push_str(if empty { "/>" } else { ">" });
        if began.is_some() && !empty {
            let _ = write!(self.html, "<{INNER}>");
        }
        if !empty {
            let cuts = style.split(';').any(|one| {
                let (name, value) = one.split_once(':').unwrap_or_default();
                name.trim() == "overflow" && matches!(value.trim(), "hidden" | "clip")
            });
            self.open.push(Open { name, layer: began, cuts });
        } else if name == "br"
            && let Some(layer) = self.layer()
        {
            self.markup.layers[layer].text.push(' ');
        }
        Ok(())
    }

    fn layer(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|open| open.layer)
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| open.name == "style") {
            let css = self.with_families(text);
            self.markup.css.push_str(&css);
            return;
        }
        let layer = self.layer().filter(|_| !self.foreign());
        if self.foreign() || text.trim().is_empty() {
            self.html.push_str(&escape(text));
            if let Some(layer) = layer.filter(|_| !text.is_empty()) {
                self.markup.layers[layer].text.push(' ');
            }
            return;
        }
        self.flush();
        if let Some(layer) = layer {
            self.markup.layers[layer].text.push_str(text);
        } else {
            self.markup.loose.push_str(text.trim());
            self.markup.loose.push(' ');
        }
        let tied = words::tie(text, self.cut);
        self.markup.pieces.push(Piece::Text { layer, text: text.to_owned(), tied });
    }

    /// `sans-serif` and `serif` become the families that stand for them.
    fn with_families(&self, css: &str) -> String {
        let sans = self.families.get("sans").map_or("sans-serif", String::as_str);
        let serif = self.families.get("serif").map_or(sans, String::as_str);
        let named = |css: &str| {
            css.replace("sans-serif", "\u{0}").replace("serif", serif).replace('\u{0}', sans)
        };
        // Only in declarations of fonts: elsewhere the word means something else.
        let mut out = String::with_capacity(css.len());
        let mut rest = css;
        while let Some(at) = rest.find("font") {
            let end = rest[at..].find([';', '}']).map_or(rest.len(), |end| at + end);
            out.push_str(&rest[..at]);
            out.push_str(&named(&rest[at..end]));
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }
}

/// An attribute's value without entities.
fn plain(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        if let Some((text, behind)) =
            after.split_once(';').and_then(|(name, rest)| Some((entity(name)?, rest)))
        {
            out.push_str(&text);
            rest = behind;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Markup {
    /// Colours that the template names by six figures: `#2c6557`.
    pub(super) fn colors(&self) -> BTreeSet<[u8; 3]> {
        let html = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Html(html) => Some(html.as_str()),
            Piece::Size(_) | Piece::Text { .. } => None,
        });
        let named = html.chain([self.css.as_str()]).flat_map(|text| text.split('#').skip(1));
        let color = |text: &str| {
            let [_, r, g, b] = u32::from_str_radix(text.get(..6)?, 16).ok()?.to_be_bytes();
            Some([r, g, b])
        };
        named.filter_map(color).collect()
    }

    /// The HTML with these type sizes; one layer may be cut to its first letters.
    pub(super) fn html(
        &self,
        sizes: &[u32],
        cut: Option<(usize, usize)>,
        by: &Segmenter,
    ) -> String {
        let mut out = String::new();
        let mut begun = vec![false; self.layers.len()];
        let mut left = cut.map_or(usize::MAX, |(_, letters)| letters);
        for piece in &self.pieces {
            match piece {
                Piece::Html(html) => out.push_str(html),
                Piece::Size(layer) => {
                    let _ = write!(out, "{}", sizes.get(*layer).copied().unwrap_or(16));
                }
                Piece::Text { layer, text, tied } => {
                    if let Some(layer) = layer
                        && !std::mem::replace(&mut begun[*layer], true)
                    {
                        out.push_str(&mark(*layer));
                    }
                    if cut.is_some_and(|(cut, _)| Some(cut) == *layer) {
                        let part: String = text.chars().take(left).collect();
                        left -= part.chars().count();
                        out.push_str(&escape(&words::tie(&part, by)));
                    } else {
                        out.push_str(&escape(tied));
                    }
                }
            }
        }
        out
    }
}

impl Layer {
    /// Its text in one line.
    pub(super) fn line(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::general;

    fn of(html: &str) -> Result<Markup, String> {
        let families = [("sans".to_owned(), "Noto Sans CJK SC".to_owned())].into();
        parse(html, &families, general())
    }

    #[test]
    fn layers_are_found_and_marked() {
        let html = r#"<style>p { font-family: sans-serif }</style><div><p data-layer="title" data-fit="20 40" style="color:red">A &amp; <b>B</b></p><img src="x"/>loose</div>"#;
        let markup = of(html).unwrap();
        assert_eq!(markup.css, "p { font-family: Noto Sans CJK SC }");
        assert_eq!(markup.sources, ["x"]);
        assert_eq!(markup.loose.trim(), "loose");
        let [title] = &markup.layers[..] else { panic!("one layer") };
        assert_eq!((title.line().as_str(), title.fit), ("A & B", Some((20, 40))));
        let made = markup.html(&[33], None, general());
        assert!(made.contains(r#"style="color:red;font-size:33px""#), "{made}");
        assert!(made.contains("A &amp; ") && !made.contains("data-fit"), "{made}");
        assert_eq!(marked(&made), Some(0));
        assert_eq!(marked(&mark(77)), Some(77));
        assert_eq!(marked("nothing"), None);
    }

    #[test]
    fn a_layer_knows_what_cuts_it_off() {
        let html = r#"<div style="overflow: hidden"><div><div style="color:red;overflow:clip"><p data-layer="a">A</p></div><p data-layer="b">B</p></div></div>"#;
        let markup = of(html).unwrap();
        let within: Vec<&[usize]> = markup.layers.iter().map(|layer| &layer.within[..]).collect();
        assert_eq!(within, [&[0, 2][..], &[1]]);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        assert!(of("<div><p>x</div>").is_err());
        assert!(of("<div>").is_err());
        assert!(of("<p data-fit=\"3\" data-layer=\"x\">x</p>").is_err());
    }
}
