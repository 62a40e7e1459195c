//! Lays a poster out and draws it: what is measured is what is drawn.

use std::collections::HashMap;
use std::sync::Arc;

use takumi::prelude::{
    FromHtmlOptions, ImageData, ImageSourceInput, Lang, MeasuredNode, Node, NodeKind,
    RenderOptions, StyleSheet, Viewport,
};

use super::fonts::Loaded;
use super::markup::{Layer, Markup, marked};
use super::photo::Picture;
use crate::image::{Layout, Pixels};
use crate::text::segment::Segmenter;

/// What holds for every poster unless its own style says otherwise.
const BASE: &str = "*{margin:0;padding:0;box-sizing:border-box}
:root,html,body{line-break:strict;overflow-wrap:break-word}
x-text{display:block}img{display:block}b,strong{font-weight:700}s{text-decoration:line-through}\n";
/// Of a line's height, glyphs fill this much around its middle.
const INK: f32 = 0.66;
/// A line's height in type sizes, as Noto's fonts have it.
const LINE: f32 = 1.448;
/// Layout counts in parts of pixels.
const SLACK: f32 = 1.0;

/// A poster to be drawn.
pub(super) struct Sheet<'s> {
    pub markup: &'s Markup,
    /// Pixels across and down; what has no height is as tall as it gets.
    pub size: (u32, Option<u32>),
    pub fonts: &'s Loaded,
    pub pictures: &'s HashMap<String, Picture>,
    pub lang: &'s str,
    pub cut: &'s Segmenter,
    style: Arc<StyleSheet>,
}

/// A box in pixels: left, top, right, bottom.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rect {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Rect {
    fn holds(&self, other: &Rect) -> bool {
        other.left >= self.left - SLACK
            && other.top >= self.top - SLACK
            && other.right <= self.right + SLACK
            && other.bottom <= self.bottom + SLACK
    }
}

/// A layer as it is laid out.
#[derive(Default, Clone)]
pub(super) struct Placed {
    /// Its text as it stands in the runs.
    pub text: String,
    /// Where its glyphs are, run by run.
    pub ink: Vec<Rect>,
    /// Its lines.
    pub lines: usize,
    /// It is inside its own box, the poster, and whatever cuts it off.
    pub inside: bool,
    /// Height of its largest glyphs.
    pub em: f32,
}

/// Why nothing was drawn.
pub(super) type Fault = String;

/// Type sizes of a poster's layers, and where these then are.
pub(super) struct Fitted {
    pub sizes: Vec<u32>,
    pub placed: Vec<Placed>,
    /// Layers that do not fit at their least size.
    pub over: Vec<usize>,
}

impl<'s> Sheet<'s> {
    pub(super) fn new(
        markup: &'s Markup,
        size: (u32, Option<u32>),
        fonts: &'s Loaded,
        pictures: &'s HashMap<String, Picture>,
        lang: &'s str,
        cut: &'s Segmenter,
    ) -> Self {
        let family = fonts.families.get("sans").or_else(|| fonts.families.values().next());
        let family =
            family.map_or_else(String::new, |name| format!(":root{{font-family:\"{name}\"}}\n"));
        let style = StyleSheet::parse_loosy(&format!("{BASE}{family}{}", markup.css));
        Self { markup, size, fonts, pictures, lang, cut, style: Arc::new(style) }
    }

    fn options(&self, html: &str, time: u64) -> Result<RenderOptions<'_>, Fault> {
        let mut node = takumi::from_html(html, FromHtmlOptions::default())
            .map_err(|error| error.to_string())?;
        self.put_pictures(&mut node);
        Ok(RenderOptions::builder()
            .viewport(Viewport::new(self.size))
            .fonts(&self.fonts.fonts)
            .node(node)
            .stylesheet(self.style.clone())
            .time_ms(time)
            .lang(Lang::parse(self.lang).ok())
            .build())
    }

    fn put_pictures(&self, node: &mut Node) {
        match &mut node.kind {
            NodeKind::Container { children } => {
                for child in children {
                    self.put_pictures(child);
                }
            }
            NodeKind::Image(ImageData { src, .. }) => {
                if let ImageSourceInput::Url(url) = src
                    && let Some(picture) = self.pictures.get(&**url)
                {
                    *src = picture.source.clone();
                }
            }
            _ => {}
        }
    }

    /// Where every layer is at these sizes.
    fn measure(&self, sizes: &[u32], cut: Option<(usize, usize)>) -> Result<Vec<Placed>, Fault> {
        let html = self.markup.html(sizes, cut, self.cut);
        let root = takumi::measure(self.options(&html, 0)?).map_err(|error| error.to_string())?;
        let mut placed = vec![Placed::default(); self.markup.layers.len()];
        let (width, height) = self.size;
        #[expect(clippy::cast_precision_loss, reason = "sides are small numbers")]
        let side = |side: u32| side as f32;
        let bottom = height.map_or(f32::INFINITY, side);
        let paper = Rect { left: 0.0, top: 0.0, right: side(width), bottom };
        place(&root, &mut vec![paper], &self.markup.layers, &mut placed);
        Ok(placed)
    }

    /// How tall it is at these sizes.
    pub(super) fn height(&self, sizes: &[u32]) -> Result<u32, Fault> {
        let html = self.markup.html(sizes, None, self.cut);
        let root = takumi::measure(self.options(&html, 0)?).map_err(|error| error.to_string())?;
        #[expect(clippy::cast_sign_loss, reason = "a height is no less than nothing")]
        let height = root.height.max(0.0).ceil() as u32;
        Ok(height)
    }

    fn fits(&self, layer: usize, placed: &Placed) -> bool {
        let most = self.markup.layers[layer].lines.unwrap_or(usize::MAX);
        placed.text.is_empty() || (placed.inside && placed.lines <= most)
    }

    /// The largest type sizes at which every layer fits.
    pub(super) fn fit(&self) -> Result<Fitted, Fault> {
        let layers = &self.markup.layers;
        let mut sizes: Vec<u32> =
            layers.iter().map(|layer| layer.fit.map_or(16, |(_, most)| most)).collect();
        let mut placed = self.measure(&sizes, None)?;
        let fixed = |layer: usize| layers[layer].fit.is_none_or(|(least, most)| least == most);
        // Between a size that may fit and one that does not; halved until they are neighbours.
        let mut open: Vec<(usize, u32, u32)> = (0..layers.len())
            .filter(|layer| !fixed(*layer) && !self.fits(*layer, &placed[*layer]))
            .filter_map(|layer| layers[layer].fit.map(|(least, most)| (layer, least, most)))
            .collect();
        while open.iter().any(|(_, low, high)| high - low > 1) {
            for (layer, low, high) in &open {
                sizes[*layer] = if high - low > 1 { u32::midpoint(*low, *high) } else { *low };
            }
            let tried = self.measure(&sizes, None)?;
            for (layer, low, high) in &mut open {
                if *high - *low > 1 {
                    let fits = self.fits(*layer, &tried[*layer]);
                    *if fits { low } else { high } = sizes[*layer];
                }
            }
        }
        if !open.is_empty() {
            for (layer, low, _) in &open {
                sizes[*layer] = *low;
            }
            placed = self.measure(&sizes, None)?;
        }
        let over = (0..layers.len()).filter(|layer| !self.fits(*layer, &placed[*layer])).collect();
        Ok(Fitted { sizes, placed, over })
    }

    /// The longest beginning of a layer's text that fits at these sizes.
    pub(super) fn longest(&self, layer: usize, sizes: &[u32]) -> Result<String, Fault> {
        let text: Vec<char> = self.markup.layers[layer].text.chars().collect();
        let (mut low, mut high) = (0, text.len());
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            let placed = self.measure(sizes, Some((layer, middle)))?;
            *if self.fits(layer, &placed[layer]) { &mut low } else { &mut high } = middle;
        }
        let text: String = text[..low].iter().collect();
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The poster's pixels.
    pub(super) fn draw(&self, sizes: &[u32], time: u64) -> Result<Pixels, Fault> {
        let html = self.markup.html(sizes, None, self.cut);
        let drawn =
            takumi::render(self.options(&html, time)?).map_err(|error| error.to_string())?;
        let (width, height) = (drawn.width(), drawn.height());
        // A poster has no holes: what shows through is white.
        let drawn = drawn.as_raw().as_chunks::<4>().0;
        let mut rgb = vec![0; drawn.len() * 3];
        for ([r, g, b, a], to) in drawn.iter().zip(rgb.as_chunks_mut::<3>().0) {
            let over = |color: &u8| {
                ((u32::from(*color) * u32::from(*a) + 255 * u32::from(255 - a) + 127) / 255) as u8
            };
            *to = if *a == 255 { [*r, *g, *b] } else { [over(r), over(g), over(b)] };
        }
        Pixels::new(width, height, Layout::Rgb, rgb).ok_or_else(|| "0 × 0".to_owned())
    }
}

/// Finds the marked layers in what was laid out; `around` are the poster and the boxes of the elements that hold the node,
/// the nearest last.
fn place(node: &MeasuredNode, around: &mut Vec<Rect>, layers: &[Layer], placed: &mut [Placed]) {
    let (x, y) = (node.transform[4], node.transform[5]);
    let own = Rect { left: x, top: y, right: x + node.width, bottom: y + node.height };
    if let Some(layer) = node.runs.iter().find_map(|run| marked(&run.text))
        && let Some(one) = placed.get_mut(layer)
    {
        let mut middles: Vec<f32> = Vec::new();
        for run in &node.runs {
            let bare: String =
                run.text.chars().filter(|c| !super::fonts::is_invisible(*c)).collect();
            one.text.push_str(&bare);
            if bare.trim().is_empty() {
                continue;
            }
            let middle = y + run.y + run.height / 2.0;
            let half = run.height * INK / 2.0;
            let (left, right) = (x + run.x, x + run.x + run.width);
            one.ink.push(Rect { left, top: middle - half, right, bottom: middle + half });
            if !middles.iter().any(|known| (known - middle).abs() < half) {
                middles.push(middle);
            }
            one.em = one.em.max(run.height / LINE);
        }
        // The last of them is the layer itself: its text has a box of its own.
        let element = around.last().copied().unwrap_or(own);
        let bounds = Rect { top: element.top, bottom: element.bottom, ..own };
        let cutting =
            layers[layer].within.iter().filter_map(|level| around.iter().rev().nth(level + 1));
        let all = [&bounds].into_iter().chain(around.first()).chain(cutting);
        one.lines = middles.len();
        one.inside =
            all.flat_map(|bounds| one.ink.iter().map(|ink| bounds.holds(ink))).all(|holds| holds);
    }
    around.push(own);
    for child in &node.children {
        place(child, around, layers, placed);
    }
    around.pop();
}
